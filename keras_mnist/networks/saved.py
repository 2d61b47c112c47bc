"""A saved Keras model as a network: its layers are what can be changed, without any code.

Of a `.keras` file only the configuration is read here, as data. What of it would run a person's
code, a Lambda or a class that is not Keras's, is refused by name.
"""

from pathlib import Path

from keras_mnist.base import archives
from keras_mnist.base.errors import ExperimentError, nearest, shown
from keras_mnist.base.reading import parse_json, read_bytes, regular
from keras_mnist.networks.allowed import MOST_LAYERS, count_layers, foreign_to_keras
from keras_mnist.networks.argument import Argument, Signature
from keras_mnist.networks.code import Code

SUFFIX = ".keras"
CONFIG = "config.json"  # Keras's name of it in the file
_FILES = (CONFIG, "metadata.json", "model.weights.h5")  # all that Keras writes but for some layers
ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "gelu", "selu", "swish", "linear")
INITS = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "orthogonal")
_MODELS = ("Functional", "Sequential")
_LARGEST, _LARGEST_FILE = 2**24, 2**30  # bytes of a configuration, of a file


def code_of_saved(path: Path) -> tuple[Code, Signature]:
    """Return the network in a `.keras` file, and what of it can be changed.

    Raises:
        ExperimentError: it is no such file, or not of Keras's own layers alone.
    """
    text, content = _read(path)
    try:
        config = parse_json(text, float)
    except ValueError as error:
        raise _unfit(path, f"a configuration that is no JSON: {error}") from None
    if not isinstance(config, dict) or config.get("class_name") not in _MODELS:
        kind = config.get("class_name") if isinstance(config, dict) else type(config).__name__
        raise _unfit(path, kind)
    if foreign := sorted(set(foreign_to_keras(config))):
        raise ExperimentError(
            f"{path.name} must hold Keras's own layers alone, so that reading it runs no code",
            ", ".join(foreign[:5]),
            "Name a file of Python code that builds the model: --model mine.py",
        )
    if (count := count_layers(config)) > MOST_LAYERS:
        raise _unfit(path, f"one of {count:,} layers, more than the {MOST_LAYERS:,} that are taken")
    _require_layers(config, path)
    if not (names := layers_of(config)):
        raise _unfit(path, "a model without layers")
    return Code(path.name, SUFFIX, ((CONFIG, str(path), text),), content), saved_signature(names)


def _read(path: Path) -> tuple[str, bytes]:
    try:
        with archives.opened(regular(path, _LARGEST_FILE)) as archive:
            if others := sorted({*archive.namelist()} - {*_FILES}):
                raise ValueError(
                    f"{others[0]}, a file of a layer's own, such as the words of TextVectorization"
                )
            if archive.getinfo(CONFIG).file_size > _LARGEST:
                raise ValueError("a configuration too large")
            with archive.open(CONFIG) as stream:
                text = stream.read(_LARGEST + 1)
        return text.decode(), read_bytes(path, _LARGEST_FILE)
    except Exception as error:  # a damaged archive makes Python raise a dozen kinds
        raise _unfit(path, shown(error) or type(error).__name__) from None


def _unfit(path: Path, received) -> ExperimentError:
    return ExperimentError(
        f"{path} must be a Functional or Sequential model, as `model.save` writes it",
        received,
        "Save it as .keras, or name a file of Python code",
    )


def _require_layers(config: dict, path: Path) -> None:
    """Raise `ExperimentError` unless a model's layers have the form in which Keras writes them."""
    inner = config.get("config")
    layers = inner.get("layers") if isinstance(inner, dict) else None
    if not isinstance(layers, list):
        raise _unfit(path, "a model without layers")
    for layer in layers:
        about = layer.get("config") if isinstance(layer, dict) else None
        if not isinstance(about, dict) or not isinstance(layer.get("class_name"), str):
            raise _unfit(path, f"a layer that is {shown(repr(layer), 60)}")


def layers_of(config: dict) -> dict[str, str]:
    """Return the classes of a model's layers by their names, inputs left out."""
    inner = config.get("config")
    layers = inner.get("layers", []) if isinstance(inner, dict) else []
    found = {}
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, dict) and layer.get("class_name") != "InputLayer":
            inner = layer.get("config")
            name = layer.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
            found[str(name)] = str(layer.get("class_name"))
    return found


def saved_signature(names: dict[str, str]) -> Signature:
    """Return what of a saved model can be changed."""
    shown = ", ".join(f"{name} ({kind})" for name, kind in names.items())
    has_dropout = any("Dropout" in kind for kind in names.values())
    arguments = [
        Argument("without", "", "str", help=f"take out layers, by name, class or prefix: {shown}"),
        Argument("activation", "", "word", ("", *ACTIVATIONS), "of all layers but the last"),
        Argument("init", "", "word", ("", *INITS), "that draws the first weights"),
        *([Argument("dropout", None, "float", help="share that each drops")] * has_dropout),
        Argument("keep_weights", False, "bool", (), "begin with the saved weights", common=True),
    ]
    return Signature(tuple(arguments), ())


def taken_out(config: dict, asked: str) -> dict:
    """Return a model's configuration without the layers that are named.

    Args:
        config: of a Functional or Sequential model.
        asked: names, classes or beginnings of names, with commas between.

    Raises:
        ExperimentError: none is called so, or one has several inputs.
    """
    names = layers_of(config)
    for word in filter(None, (part.strip() for part in asked.split(","))):
        chosen = [name for name, kind in names.items() if word in (name, kind)]
        chosen = chosen or [name for name in names if name.startswith(word)]
        if not chosen:
            raise ExperimentError(
                f"--without {word} must name a layer, a class of layers or how names begin",
                None,
                nearest(word, [*names, *names.values()]),
            )
        for name in chosen:
            try:
                config = _without(config, name)
            except (LookupError, TypeError, AttributeError) as error:
                must = f"--without {name} must name a layer of a model as Keras writes it"
                raise ExperimentError(must, repr(error)) from None
    return config


def _without(config: dict, name: str) -> dict:
    inner = config["config"]
    kept = [layer for layer in inner["layers"] if _name(layer) != name]
    gone = next((layer for layer in inner["layers"] if _name(layer) == name), None)
    if gone is None:
        return config
    if config["class_name"] == "Sequential":
        return {**config, "config": {**inner, "layers": kept}}
    sources = [t for node in gone.get("inbound_nodes", []) for t in _tensors(node.get("args"))]
    if len(sources) != 1 or len(gone.get("inbound_nodes", [])) != 1:
        raise ExperimentError(
            f"--without {name} must name a layer with one input, called once",
            f"{len(sources)} inputs",
            "Take out what comes before it instead",
        )
    (source,) = sources
    place = source["config"]["keras_history"]
    changed = {**inner, "layers": kept}
    return {**config, "config": _redirected(changed, name, source, place)}


def _redirected(value, name: str, source: dict, place: list):
    """Return a configuration in which what came from the layer `name` comes from `source`."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return source if value["config"]["keras_history"][0] == name else value
        return {key: _redirected(inner, name, source, place) for key, inner in value.items()}
    if isinstance(value, list):
        if len(value) == 3 and value[0] == name and value[1:] == [0, 0]:
            return place
        return [_redirected(inner, name, source, place) for inner in value]
    return value


def _name(layer: dict) -> str:
    return str(layer.get("name") or layer["config"].get("name"))


def _tensors(value) -> list[dict]:
    """Return the tensors that a call's arguments name."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return [value]
        return [tensor for inner in value.values() for tensor in _tensors(inner)]
    if isinstance(value, list):
        return [tensor for inner in value for tensor in _tensors(inner)]
    return []
