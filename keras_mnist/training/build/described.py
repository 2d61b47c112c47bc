"""What a person's network is once it is built: its sizes, its outputs, and what decides of it."""

import hashlib
import json
import math
from typing import Any

import numpy as np

from keras_mnist.base.backend import keras, tf
from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.argument import HP, Signature
from keras_mnist.networks.built import Built
from keras_mnist.networks.code import Code
from keras_mnist.networks.layers import Size
from keras_mnist.networks.own import Own
from keras_mnist.networks.signatures import signature_of
from keras_mnist.training.build.code import function_of
from keras_mnist.training.build.compiled import compiled_choices
from keras_mnist.training.build.own import TRIED, build_own, taken
from keras_mnist.training.build.room import parts_of
from keras_mnist.training.build.source import is_own, source_digest
from keras_mnist.training.build.tuned import declared

_PARTS = (keras.Initializer, keras.Regularizer, keras.constraints.Constraint, keras.Layer)


def described(asked: list[tuple[Own, tuple, int]]) -> list[Built | tuple]:
    """Return what each network builds to; where it cannot be built, why: an error's three parts.

    Args:
        asked: networks, each with the shape of an example and the number of classes.
    """
    return [_or_why(built_of, *one) for one in asked]


def signatures(codes: list[Code]) -> list[Signature | tuple]:
    """Return the signature of each code's function, or why there is none, by running its file."""
    return [_or_why(_signature, code) for code in codes]


def _signature(code: Code) -> Signature:
    function = function_of(code)
    found = signature_of(function, code.name)
    return declared(function, code, found) if HP in found.given else found


def _or_why(function, *arguments):
    try:
        return function(*arguments)
    except ExperimentError as error:
        return error.requirement, error.received, error.remedy


def built_of(network: Own, shape: tuple, classes: int) -> Built:
    """Return what a network builds to.

    Raises:
        ExperimentError: as in `build_own`.
    """
    model = build_own(network, shape, classes, 0)
    own = _own_things(model)
    sha = hashlib.sha256(json.dumps(_configurations(model), sort_keys=True, default=str).encode())
    sha.update(source_digest(own).encode() if own else b"")
    _add_constants(model, build_own(network, shape, classes, 1), sha)
    outputs = _outputs(model, shape)
    return Built(
        digest=sha.hexdigest(),
        sizes=tuple(_sizes(model)),
        outputs=outputs,
        weights=tuple((v.path, tuple(v.shape)) for v in model.trainable_variables),
        own_code=bool(own),
        compiled=tuple(compiled_choices(model, network.code, outputs).items()),
    )


def _own_things(model: keras.Model) -> list:
    """Return the classes and functions of a model that are the person's."""
    found = []
    for part in parts_of(model):
        things = [type(part), *vars(part).values()]
        for thing in things:
            code = isinstance(thing, type) or (callable(thing) and hasattr(thing, "__code__"))
            if (code or isinstance(thing, _PARTS)) and is_own(thing if code else type(thing)):
                found.append(thing)
    return found


def _configurations(model: keras.Model) -> list:
    """Return the configurations of a model and of all in it, as far as they have any."""
    found = []
    for part in parts_of(model):
        try:
            config: Any = part.get_config()
        except Exception:  # many of people's own have none; their source counts
            config = None
        found.append([type(part).__name__, part.name, _without_code(config)])
    return found


def _without_code(config):
    """Return a configuration without compiled functions, which change with each line above them."""
    if isinstance(config, dict):
        if config.get("class_name") == "__lambda__":
            return "lambda"
        told = {str(n): v for n, v in config.items() if n != "shared_object_id"}  # an address
        return {name: _without_code(value) for name, value in told.items()}
    if isinstance(config, (list, tuple)):
        return [_without_code(value) for value in config]
    if isinstance(config, (str, int, float, bool, type(None))):
        return config
    if isinstance(config, np.ndarray):
        return config.tolist()
    return f"{type(config).__module__}.{type(config).__qualname__}"


def _add_constants(model: keras.Model, other: keras.Model, sha) -> None:
    """Add the weights that are the same for two seeds: set, loaded or adapted, not drawn."""
    for one, same in zip(model.weights, other.weights, strict=True):
        a, b = np.asarray(one), np.asarray(same)
        if a.shape == b.shape and np.array_equal(a, b):
            sha.update(f"{one.path} {a.shape} {a.dtype}".encode() + a.tobytes())


def _sizes(model: keras.Model) -> list[Size]:
    """Return what the layers that have weights of their own weigh, in their order."""
    found, seen = [], set()
    for layer in model._flatten_layers(include_self=True, recursive=True):
        own = [v for v in layer._trainable_variables if id(v) not in seen]
        seen |= {id(v) for v in own}
        if not own:
            continue
        kernels = [math.prod(v.shape) for v in own if len(v.shape) > 1]
        offsets = [math.prod(v.shape) for v in own if len(v.shape) < 2]
        if not kernels and found:  # a norm belongs to the layer before it
            found[-1]["offsets"] += sum(offsets)
            found[-1]["norm"] = found[-1].get("norm", 0) + sum(offsets)
            continue
        outputs = _shape_of(layer, own)
        places = math.prod(outputs[:-1]) if len(outputs) > 1 else 1
        about = {"name": layer.name, "outputs": outputs, "weights": sum(kernels)}
        about |= {"offsets": sum(offsets), "multiply_adds": places * sum(kernels)}
        found.append(about)
    return [Size(**one) for one in found]


def _shape_of(layer, weights: list) -> tuple[int, ...]:
    """Return the shape of a layer's outputs; of one that tells none, its units."""
    try:
        shape = tuple(layer.output.shape[1:])
    except (AttributeError, ValueError):
        shape = ()
    if not shape or not all(isinstance(n, int) for n in shape):
        shape = (int(weights[0].shape[-1]) if len(weights[0].shape) else 1,)
    return shape


def _outputs(model: keras.Model, shape: tuple) -> str:
    """Return whether a model ends in probabilities: on anything it is shown they sum to 1."""
    examples = np.random.default_rng(0).uniform(0, 3, (TRIED, *shape)).astype("float32")
    kind = taken(model)
    try:
        answer = model(tf.cast(examples, kind), training=False)
    except (tf.errors.OpError, ValueError):  # an Embedding of fewer words
        answer = model(tf.zeros(examples.shape, kind), training=False)
    said = np.asarray(tf.cast(answer, tf.float32))
    sums = said.sum(axis=1)
    right = np.isfinite(said).all() and (said >= 0).all() and np.allclose(sums, 1, atol=1e-3)
    return "probabilities" if right else "logits"
