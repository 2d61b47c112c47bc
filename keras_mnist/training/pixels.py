"""From raw pixels to what the network takes: on tensors, and as part of a Keras model."""

import tensorflow as tf
from keras import ops

from keras_mnist.parts import Preprocessing

# Of MNIST's training pixels divided by 255; in every PyTorch tutorial, and in the four reports.
MEAN, DEVIATION = 0.1307, 0.3081
_CHUNK = 10_000


def resized(images, side: int):
    """Return uint8 images (n, 28, 28) as uint8 (n, side, side): bilinear, to whole levels."""
    if side == 28:
        return images
    parts = []
    for start in range(0, len(images), _CHUNK):  # as floats, all of them would take 250 MB
        parts.append(tf.cast(resize(images[start : start + _CHUNK], side), tf.uint8))
    return tf.concat(parts, 0)


def resize(levels, side: int):
    """Return grey levels, any type, (n, h, w), as float32 (n, side, side): bilinear, whole.

    Rounded after each axis, as Pillow does, which is behind the sources' transform.
    """
    levels = ops.cast(levels, "float32")[..., None]
    for size in ((levels.shape[1], side), (side, side)):  # rows first, rounded, then columns
        levels = ops.floor(ops.image.resize(levels, size, "bilinear") + 0.5)
    return levels[..., 0]


def to_inputs(preprocessing: Preprocessing, levels):
    """Return grey levels, any type, (n, side, side), as the float32 that the network takes."""
    pixels = ops.cast(levels, "float32")
    if preprocessing.rescale:
        pixels = pixels / 255
    return (pixels - MEAN) / DEVIATION if preprocessing.normalize else pixels
