"""What a saved model may name: the classes that Keras builds networks of, and no function of it.

Keras looks up any name of its own that a file gives: some switch off its safe mode, download data
or build networks that the file does not hold. So what may be named is listed, by its place.
"""

from collections.abc import Iterator

MOST_LAYERS = 1000  # those inside others, too: Keras takes its time for each

# In `keras`, or in `keras.src` where they lie: what is in capitals there are such classes.
_PLACES = (
    *("layers", "models", "ops", "initializers", "regularizers", "constraints", "dtype_policies"),
    *("quantizers", "random", "optimizers", "losses", "metrics"),
)
_MODELS = ("Model", "Functional", "Sequential", "DTypePolicy", "FloatDTypePolicy")  # in `keras`
# What holds code, or reads it from elsewhere.
_CODE = (
    *("Lambda", "__lambda__", "function"),
    *("TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"),
)
# Values that Keras makes itself, without a look at their module; and of Python's own likewise.
_VALUES = ("keras_tensor", "tensor", "numpy", "bytes", "ellipsis", "slice")
_PLAIN = ("NoneType", "bool", "int", "float", "str", "slice", "list", "tuple", "set", "dict")


def foreign_to_keras(config) -> list[str]:
    """Return what in a configuration is no class that Keras builds networks of, or is code."""
    found = []
    for named in _objects(config):
        kind, module = named["class_name"], named.get("module")
        last = _name(named)[-1]
        if last in _CODE:
            inner = named.get("config")
            found.append(f"{last} {inner.get('name', '') if isinstance(inner, dict) else inner}")
        elif not _is_allowed(named):
            found.append(f"{module}.{kind}")
        elif str(named.get("registered_name") or "").rpartition(">")[1]:
            found.append(str(named["registered_name"]))
    return found


def count_layers(config) -> int:
    """Return how many layers and operations a model holds, those inside others too."""
    named = [one for one in _objects(config) if not _is_value(_name(one)[-1])]
    # Older files of Keras say no module of a layer.
    return sum(not n.get("module") or bool({"layers", "ops"} & {*_name(n)}) for n in named)


def _objects(config) -> Iterator[dict]:
    """Yield whatever in a configuration names a class."""
    waiting = [config]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("class_name"):
                yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _name(named: dict) -> list[str]:
    """Return a class's place and name; Keras joins both, so that dots may stand in either."""
    return f"{named.get('module') or 'keras'}.{named['class_name']}".split(".")


def _is_value(name: str) -> bool:
    return name in (f"__{value}__" for value in _VALUES)


def _is_allowed(named: dict) -> bool:
    *places, name = _name(named)
    if _is_value(name):
        return places in (["keras"], ["builtins"])
    if places == ["builtins"]:
        return name in _PLAIN
    if not all(part.isidentifier() for part in (*places, name)) or not name[:1].isupper():
        return False
    if not named.get("module"):  # Keras looks for it only among those that may stand there
        return places == ["keras"]
    if places == ["keras"]:
        return name in _MODELS
    home = places[2:3] if places[1:2] == ["src"] else places[1:2]
    return places[0] == "keras" and bool({*home} & {*_PLACES})
