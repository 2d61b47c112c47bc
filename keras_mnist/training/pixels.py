"""From raw pixels to what the network takes: on tensors, and as part of a Keras model."""

from typing import Any, cast

import numpy as np

from keras_mnist.base.backend import keras, tf
from keras_mnist.experiment.pixels import Pixels
from keras_mnist.experiment.split import LEVELS, WHOLE

_CHUNK = 10_000


def resized(images, side: int | None):
    """Return uint8 images (n, h, w) as uint8 (n, side, side): bilinear, to whole levels.

    Where `side` is `None`, images of any shape are returned as they are.
    """
    if side is None:
        return images
    parts = []
    for start in range(0, len(images), _CHUNK):  # as floats, all of them would take 250 MB
        parts.append(tf.cast(resize(images[start : start + _CHUNK], side), tf.uint8))
    return tf.concat(parts, 0)


def resize(levels: Any, side: int) -> Any:
    """Return grey levels, any type, (n, h, w), as float32 (n, side, side): bilinear, whole.

    Rounded after each axis, as Pillow does, which is behind the documents' transform. The products
    are exact where `side` is 32, so that every library an exported network meets rounds alike.
    """
    levels = cast(Any, keras.ops.cast(levels, "float32"))
    for size in (levels.shape[2], levels.shape[1]):  # rows first, rounded, then columns
        product: Any = keras.ops.matmul(levels, _bilinear(size, side))
        levels = keras.ops.floor(product + 0.5)
        levels = keras.ops.transpose(levels, (0, 2, 1))
    return levels


def _bilinear(size: int, side: int) -> np.ndarray:
    """Return the weights, float32 (size, side), of old pixels in new ones, edges repeated."""
    places = np.clip((np.arange(side) + 0.5) * size / side - 0.5, 0, size - 1)
    return np.maximum(0, 1 - np.abs(np.arange(size)[:, None] - places)).astype(np.float32)


def to_inputs(choices: Pixels, levels, values: str = LEVELS) -> Any:
    """Return examples, any type and shape, as the network takes them: float32, or int32 if whole.

    Args:
        choices: what is done to them.
        levels: the examples.
        values: what their numbers are, of `VALUES`.
    """
    if values == WHOLE:
        return keras.ops.cast(levels, "int32")
    pixels: Any = keras.ops.cast(levels, "float32")
    if choices.divided(values):
        pixels = pixels / 255
    if choices.moments is None:
        return pixels
    mean, deviation = (np.asarray(m, np.float32) for m in choices.moments)
    return (pixels - mean) / deviation
