"""A person's own network, built so that its first weights are those of a seed.

Each weight is drawn from a seed of its own, made of the run's seed and the weight's name: layers
of one name and shape start alike in every network that is built with the same seed, whatever else
was added or taken out.
"""

import contextlib
from collections.abc import Iterator

from keras_mnist.base.backend import keras, tf
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.named import load
from keras_mnist.networks.argument import HP
from keras_mnist.networks.code import Code
from keras_mnist.networks.own import Own
from keras_mnist.training.build.code import function_of, told
from keras_mnist.training.build.room import each_weight, require_small_results, within_memory
from keras_mnist.training.build.seeding import layer_seed
from keras_mnist.training.build.tuned import chosen
from keras_mnist.training.fast.chain import inputs_of

TRIED = 16  # random examples by which outputs are told
_GLOBAL_GENERATOR = "global_seed_generator"  # Keras's name for it


def build_own(network: Own, shape: tuple, classes: int, seed: int) -> keras.Model:
    """Return the Keras model that a person's function returns, its first weights a seed's.

    Args:
        network: the function and its arguments.
        shape: of an example.
        classes: how many there are.
        seed: of the run.

    Raises:
        ExperimentError: the function raises, or what it returns cannot be trained on the data.
    """
    signature = network.origin.signature
    given = {"shape": tuple(shape), "classes": classes, HP: None}
    given = {name: given[name] for name in signature.given}
    asked = [one for one in signature.arguments if one.counts(network.arguments)]
    values = {one.called or one.name: getattr(network, one.name) for one in asked}
    if HP in given:
        given[HP] = chosen(values)
    else:
        given |= values
    name, code = network.origin.name, network.code
    function = function_of(code)
    with _drawn_from(seed), within_memory(name):
        try:
            made = function(**given)
        except ExperimentError:
            raise  # of a saved model, in words of its own
        except (Exception, SystemExit) as error:
            raise ExperimentError(
                f"{name} must return a Keras model", f"an exception:\n{told(error, code)}"
            ) from None
        if not isinstance(made, keras.Model):
            kind = type(made).__name__
            raise ExperimentError(f"{name} must return a Keras model", kind, "Add `return model`")
        require_small_results(made, name, TRIED)
        _made_for(made, shape, classes, code)
    _reseed(made, seed)
    return made


@contextlib.contextmanager
def _drawn_from(seed: int) -> Iterator[None]:
    """Let whatever draws at random meanwhile draw from a seed, weights each from its own."""
    keras.utils.set_random_seed(seed)
    _begin_anew()

    def draw(layer, arguments: dict, kind: str) -> None:
        first = arguments.get("initializer")
        if first is None and "float" in kind:
            first = "glorot_uniform"  # as Keras takes it
        if first is not None:
            place = f"{layer.path or layer.name}/{arguments.get('name')}"
            arguments["initializer"] = _seeded(keras.initializers.get(first), seed, place)

    with each_weight(draw):
        yield


def _seeded(initializer, seed: int, place: str):
    """Return an initializer that draws from the place's own seed, where it draws at all."""
    if not hasattr(initializer, "seed") or not hasattr(initializer, "get_config"):
        return initializer
    config = {**initializer.get_config(), "seed": layer_seed(seed, place)}
    return type(initializer).from_config(config)


def _begin_anew() -> None:
    """Let layers without names be called `dense`, `dense_1`, ... again, and Keras draw afresh.

    The generator that it draws from where none is named would else go on from run to run.
    """
    load("keras.src.utils.naming.reset_uids")()
    load("keras.src.backend.common.global_state.set_global_attribute")(_GLOBAL_GENERATOR, None)


def _made_for(model: keras.Model, shape: tuple, classes: int, code: Code) -> None:
    """Build a model that is not built yet, and check what it takes and gives.

    Raises:
        ExperimentError: it takes something else than the examples, or gives something else than
            a number for each class.
    """
    name, inputs = code.name, inputs_of(model)
    if len(inputs) > 1:
        raise ExperimentError(
            f"{name} must have one input, of shape {tuple(shape)}",
            f"{len(inputs)} inputs",
            "Slice one input into several inside the network",
        )
    try:
        said = model(tf.zeros((2, *shape), taken(model)), training=False)
    except Exception as error:
        sides = ", ".join(str(side) for one in inputs for side in one.shape[1:])
        raise ExperimentError(
            f"{name} must take examples of shape {tuple(shape)}",
            f"a network for ({sides})" if inputs else f"an exception:\n{told(error, code)}",
            "Take `shape` as an argument: keras.Input(shape)",
        ) from None
    if not hasattr(said, "shape") or tuple(said.shape) != (2, classes):
        found = tuple(said.shape[1:]) if hasattr(said, "shape") else "several outputs"
        raise ExperimentError(
            f"{name} must give a number for each of the {classes} classes, shape ({classes},)",
            found,
            "Take `classes` as an argument: layers.Dense(classes)",
        )
    if not model.trainable_variables:
        raise ExperimentError(f"{name} must have something to train", "no trainable weights")


def taken(model: keras.Model) -> str:
    """Return the type of the numbers that a model takes."""
    inputs = inputs_of(model)
    return keras.backend.standardize_dtype(inputs[0].dtype) if inputs else "float32"


def _reseed(model: keras.Model, seed: int) -> None:
    """Give each generator of random numbers, such as dropout's, a seed of its own name."""
    for variable in model.variables:
        if variable.path.endswith("seed_generator_state"):
            start = [layer_seed(seed, variable.path), 0]
            variable.assign(tf.cast(tf.constant(start, tf.int64), variable.dtype))
