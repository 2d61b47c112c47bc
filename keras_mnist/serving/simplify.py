"""From a trained Keras network to the plain steps of `plain`."""

import numpy as np

from keras_mnist.base.backend import keras
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.split import LEVELS
from keras_mnist.training.pixels import DEVIATION, MEAN


def simplified(experiment: Experiment, network: keras.Model) -> tuple[list[dict], dict]:
    """Return the steps of a network and their arrays, float32 by name.

    Args:
        experiment: that was trained: says what is done to the images before it.
        network: as `training.build` makes it, a single chain of layers.
    """
    steps, arrays = _before(experiment), {}
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            _fold(layer, steps[-1], arrays)
        elif isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
            kernel, bias = f"{layer.name}_kernel", f"{layer.name}_bias"
            arrays[kernel], arrays[bias] = (np.asarray(w, np.float32) for w in layer.get_weights())
            kind = {"kind": "dense"}
            if isinstance(layer, keras.layers.Conv2D):
                kind = {"kind": "conv", "padding": layer.padding}
            steps.append({**kind, "kernel": kernel, "bias": bias})
            steps += _activation(layer)
        elif isinstance(layer, (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)):
            largest = isinstance(layer, keras.layers.MaxPooling2D)
            steps.append({"kind": "pool", "by": "max" if largest else "average"})
        elif isinstance(layer, keras.layers.Activation):
            steps += _activation(layer)
        elif not isinstance(layer, _NOTHING):
            raise TypeError(f"no plain step stands for a {type(layer).__name__}")
    return steps, arrays


# What does nothing to a trained network's numbers, or only to their shape, which steps know.
_NOTHING = (
    keras.layers.InputLayer,
    keras.layers.Dropout,
    keras.layers.Flatten,
    keras.layers.Reshape,
)


def _before(experiment: Experiment) -> list[dict]:
    pixels = experiment.pixels
    side, shape = pixels.side, experiment.data.shape
    steps = [] if side is None else [{"kind": "resize", "side": side}]
    levels = experiment.data.values == LEVELS
    scale: dict = {"divide": 255} if pixels.rescale and levels and not pixels.own else {}
    if pixels.own:
        scale = {"subtract": pixels.mean, "divide_again": pixels.deviation}
    elif pixels.normalize:
        scale |= {"subtract": MEAN, "divide_again": DEVIATION}
    steps.append({"kind": "scale", **scale})
    if not levels:
        steps[0]["dtype"] = experiment.data.dtype
    if shape != (28, 28):  # which is taken where nothing is said
        steps[0]["shape"] = list(shape)
    return steps


def _activation(layer) -> list[dict]:
    name = layer.activation.__name__
    return [] if name == "linear" else [{"kind": "activate", "by": name}]


def _fold(norm: keras.layers.BatchNormalization, step: dict, arrays: dict) -> None:
    """Put what a normalization does into the weights of the layer before it."""
    gamma, beta, mean, variance = (np.asarray(w, np.float64) for w in norm.get_weights())
    scale = gamma / np.sqrt(variance + norm.epsilon)
    kernel, bias = step["kernel"], step["bias"]
    arrays[kernel] = (arrays[kernel] * scale).astype(np.float32)
    arrays[bias] = ((arrays[bias] - mean) * scale + beta).astype(np.float32)
