"""Augmentation inside the compiled epoch: drawn once an epoch, applied batch by batch."""

import math
from typing import Any

import numpy as np

from keras_mnist.base.backend import tf
from keras_mnist.experiment.augmentation import LEAST_SIGMA, Augmentation

_STREAM = 1  # beside the seed and epoch, so that no draw repeats those of the epoch's order


def draw(augmentation: Augmentation, seed: int, epoch: int, count: int, shape) -> dict:
    """Return what is done to each of `count` images of a shape (height, width, ...) in one epoch.

    Returns:
        By name, arrays (count,); those of what is switched off are absent. `right` and `down`:
        int32, pixels; `angle`: float32, radians; `sigma`: float32, pixels. What one of them is
        does not depend on which others are switched on.
    """
    if augmentation == Augmentation():  # of what may be no images
        return {}
    drawn, (down_reach, right_reach) = {}, (augmentation.shift * side for side in shape[:2])
    right, down, angle, sigma = np.random.default_rng((seed, epoch, _STREAM)).random((4, count))
    if augmentation.shift:
        drawn["right"] = np.rint((2 * right - 1) * right_reach).astype(np.int32)
        drawn["down"] = np.rint((2 * down - 1) * down_reach).astype(np.int32)
    if augmentation.rotation:
        limit = math.radians(augmentation.rotation)
        drawn["angle"] = ((2 * angle - 1) * limit).astype(np.float32)
    if augmentation.blur:
        span = augmentation.blur - LEAST_SIGMA
        drawn["sigma"] = (LEAST_SIGMA + span * sigma).astype(np.float32)
    return drawn


def augmented(images, drawn: dict):
    """Return uint8 images (n, height, width, ...) moved, then blurred: float32 levels of the shape.

    Args:
        images: the originals.
        drawn: tensors (n,), named as `draw` names them.
    """
    if drawn.keys() & {"right", "angle"}:
        images = moved(images, drawn.get("right"), drawn.get("down"), drawn.get("angle"))
    if "sigma" in drawn:
        return blurred(images, drawn["sigma"])
    return images if images.dtype == tf.int32 else tf.cast(images, tf.float32)


def moved(images: Any, right=None, down=None, angle=None):
    """Return images turned about their centre, nearest neighbour, then shifted; 0 comes in.

    Args:
        images: uint8 (n, height, width) or (n, height, width, channels).
        right, down: int32 (n,), pixels, or `None`.
        angle: float32 (n,), radians, clockwise as seen, or `None`.
    """
    height, width, *channels = images.shape[1:]
    rows, columns = tf.meshgrid(tf.range(height), tf.range(width), indexing="ij")
    rows, columns = rows[tf.newaxis], columns[tf.newaxis]
    if right is not None and down is not None:
        rows, columns = rows - down[:, None, None], columns - right[:, None, None]
    if angle is not None:
        middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
        cos, sin = tf.cos(angle)[:, None, None], tf.sin(angle)[:, None, None]
        y, x = tf.cast(rows, tf.float32) - middle_y, tf.cast(columns, tf.float32) - middle_x
        rows = tf.cast(tf.round(cos * y - sin * x + middle_y), tf.int32)
        columns = tf.cast(tf.round(sin * y + cos * x + middle_x), tf.int32)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    size = height * width
    places = tf.where(inside, rows * width + columns, size)
    flat = tf.reshape(images, (-1, size, *channels))
    beyond = [(0, 0)] * len(channels)
    padded = tf.pad(flat, ((0, 0), (0, 1), *beyond))  # the place for what lies outside
    number = tf.range(tf.shape(images)[0])[:, None, None] * (size + 1)
    return tf.gather(tf.reshape(padded, (-1, *channels)), number + places)


def blurred(images, sigma):
    """Return uint8 images blurred by 3 x 3 pixels, edges mirrored: float32 whole levels.

    Args:
        images: uint8 (n, height, width) or (n, height, width, channels).
        sigma: float32 (n,), standard deviation of the Gaussian in pixels.
    """
    beyond = [(0, 0)] * (len(images.shape) - 3)  # the channels
    beside = tf.reshape(tf.exp(-0.5 / tf.square(sigma)), (-1, 1, 1, *(1 for _ in beyond)))
    middle, beside = 1 / (1 + 2 * beside), beside / (1 + 2 * beside)
    x = tf.pad(tf.cast(images, tf.float32), ((0, 0), (1, 1), (1, 1), *beyond), "REFLECT")
    x = middle * x[:, 1:-1] + beside * (x[:, :-2] + x[:, 2:])
    return tf.round(middle * x[:, :, 1:-1] + beside * (x[:, :, :-2] + x[:, :, 2:]))
