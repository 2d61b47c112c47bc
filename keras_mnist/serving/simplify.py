"""From a trained Keras network to the plain steps of `plain`, where they can hold it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from keras_mnist.base.backend import keras
from keras_mnist.experiment import Experiment
from keras_mnist.serving.plain import ACTIVATIONS
from keras_mnist.training.fast.chain import chain_of

Layers = keras.layers


def cannot_hold(name: str, network: keras.Model) -> str:
    """Return why a format cannot hold a network, and which layer is in the way; else nothing.

    Args:
        name: the format. Only `numpy` is known beforehand not to hold some.
        network: trained or not.
    """
    if name != "numpy":
        return ""
    layers = chain_of(network)
    if layers is None:
        return f"{network.name}, whose layers are no single chain"
    for layer in layers:
        if why := _in_the_way(layer):
            return f"layer {layer.name}, {why}"
    return ""


def simplified(experiment: Experiment, network: keras.Model) -> tuple[list[dict], dict]:
    """Return the steps of a network and their arrays, float32 by name.

    Args:
        experiment: that was trained: says what is done to the examples before it.
        network: as `training.build` makes it, one that plain steps can hold.
    """
    steps, arrays = _before(experiment), {}
    if why := cannot_hold("numpy", network):
        raise TypeError(f"no plain steps stand for {why}")
    layers: Any = chain_of(network)
    for place, layer in enumerate(layers):
        kind: Any = _kind(layer)
        _STEPS[kind](layer, layers[place + 1 :], steps, arrays)
    if experiment.network.outputs(experiment.shape, experiment.data.classes) == "logits":
        steps.append({"kind": "activate", "by": "softmax"})
    return steps, arrays


def _kind(layer) -> type | None:
    """Return the class under which a layer is known: its own, but for dropout of any kind."""
    return next((kind for kind in _STEPS if type(layer) is kind), None) or (
        Layers.Dropout if isinstance(layer, Layers.Dropout) else None
    )


def _in_the_way(layer: Any) -> str:
    """Return what of a layer no plain step does; nothing where one does all."""
    word, axes = type(layer).__name__, len(layer.input.shape)
    if _kind(layer) is None:
        return f"a {word}"
    if layer.compute_dtype != "float32":
        return f"a {word} that computes in {layer.compute_dtype}"
    for what in ("dilation_rate", "groups"):
        if np.any(np.asarray(getattr(layer, what, 1)) != 1):
            return f"a {word} with {what} {getattr(layer, what)}"
    pools = isinstance(layer, (Layers.MaxPooling2D, Layers.AveragePooling2D))
    if pools and (layer.padding != "valid" or len({*layer.pool_size, *layer.strides}) != 1):
        return f"a {word} of {layer.pool_size} by {layer.strides}, {layer.padding}"
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        return f"a {word} with {layer.data_format}"
    if isinstance(layer, Layers.Dense) and axes != 2:
        return f"a {word} on several axes"
    if isinstance(layer, Layers.BatchNormalization):
        return "" if layer.axis in (-1, axes - 1) else f"a {word} along axis {layer.axis}"
    return "" if _activation(layer) is not None else f"a {word} with another activation"


def _before(experiment: Experiment) -> list[dict]:
    pixels: Any = experiment.pixels
    data = experiment.data
    side, shape, dtype = pixels.side, data.shape, experiment.data.dtype
    steps = [] if side is None else [{"kind": "resize", "side": side}]
    scale: dict = {"divide": 255} if pixels.divided(data.values) else {}
    if pixels.moments is not None:
        mean, deviation = (list(m) if isinstance(m, tuple) else m for m in pixels.moments)
        scale |= {"subtract": mean, "divide_again": deviation}
    steps.append({"kind": "scale", **scale})
    if shape != (28, 28):  # which is taken where nothing is said
        steps[0]["shape"] = list(shape)
    if dtype != "uint8":
        steps[0]["dtype"] = dtype
    return steps


def _activation(layer) -> list[dict] | None:
    """Return the step of a layer's activation, in a list that is empty for none.

    `None`: it is one that no step stands for.
    """
    if type(layer) is Layers.ReLU:
        word = {None: "relu", 6: "relu6"}.get(layer.max_value)
        plain = word and not layer.threshold and not layer.negative_slope
        return [{"kind": "activate", "by": word}] if plain else None
    function = getattr(layer, "activation", keras.activations.linear)
    name = getattr(function, "__name__", "")
    if name not in (*ACTIVATIONS, "linear") or function is not keras.activations.get(name):
        return None
    return [] if name == "linear" else [{"kind": "activate", "by": name}]


def _weights(layer, rest, steps, arrays):
    """Add a convolution or a dense layer, with its activation."""
    kernel, bias = f"{layer.name}_kernel", f"{layer.name}_bias"
    arrays[kernel] = layer.kernel.numpy()
    none = np.zeros(arrays[kernel].shape[-1], np.float32)
    arrays[bias] = layer.bias.numpy() if layer.use_bias else none
    kind: dict = {"kind": "dense"}
    if isinstance(layer, Layers.Conv2D):
        kind = {"kind": "conv", "padding": layer.padding}
        if layer.strides != (1, 1):
            kind["strides"] = list(layer.strides)
    steps += [{**kind, "kernel": kernel, "bias": bias}, *(_activation(layer) or ())]


def _pool(layer, rest, steps, arrays):
    largest = isinstance(layer, Layers.MaxPooling2D)
    size = {} if layer.pool_size[0] == 2 else {"size": layer.pool_size[0]}
    steps.append({"kind": "pool", "by": "max" if largest else "average", **size})


def _everywhere(layer, rest, steps, arrays):
    largest = isinstance(layer, Layers.GlobalMaxPooling2D)
    steps.append({"kind": "everywhere", "by": "max" if largest else "average"})
    if layer.keepdims:
        _reshape(layer, rest, steps, arrays)


def _activate(layer, rest, steps, arrays):
    steps += _activation(layer) or ()


def _norm(layer, rest, steps, arrays):
    """Put what a normalization does into the weights of the layer before it, if that has any."""
    mean, variance = (np.float64(w.numpy()) for w in (layer.moving_mean, layer.moving_variance))
    scale = (np.float64(layer.gamma.numpy()) if layer.scale else 1) / np.sqrt(
        variance + layer.epsilon
    )
    beta = np.float64(layer.beta.numpy()) if layer.center else 0
    if "kernel" not in steps[-1]:
        names = {"scale": f"{layer.name}_scale", "shift": f"{layer.name}_shift"}
        values = zip(names.values(), (scale, beta - mean * scale), strict=True)
        arrays |= {name: value.astype(np.float32) for name, value in values}
        steps.append({"kind": "line", **names})
        return
    kernel, bias = steps[-1]["kernel"], steps[-1]["bias"]
    arrays[kernel] = (arrays[kernel] * scale).astype(np.float32)
    arrays[bias] = ((arrays[bias] - mean) * scale + beta).astype(np.float32)


def _reshape(layer, rest, steps, arrays):
    """Add a change of shape, but where the next step with weights makes it by itself."""
    shape, outputs = layer.input.shape[1:], layer.output.shape[1:]
    following = (one for one in rest if not isinstance(one, Layers.Dropout))
    kind = type(next(following, None))
    flattened = isinstance(layer, Layers.Flatten) and kind is Layers.Dense
    if not flattened and not (outputs == (*shape, 1) and kind is Layers.Conv2D):
        steps.append({"kind": "reshape", "shape": list(outputs)})


def _nothing(layer, rest, steps, arrays):
    """Leave out dropout and noise: they do nothing to a trained network's numbers."""


_STEPS: dict[type, Callable] = {
    Layers.Conv2D: _weights,
    Layers.Dense: _weights,
    Layers.BatchNormalization: _norm,
    Layers.MaxPooling2D: _pool,
    Layers.AveragePooling2D: _pool,
    Layers.GlobalMaxPooling2D: _everywhere,
    Layers.GlobalAveragePooling2D: _everywhere,
    Layers.Activation: _activate,
    Layers.ReLU: _activate,
    Layers.Flatten: _reshape,
    Layers.Reshape: _reshape,
    Layers.Dropout: _nothing,
    Layers.GaussianDropout: _nothing,
    Layers.GaussianNoise: _nothing,
}
