"""Convolution as a matrix product over blocks of pixels, the batch innermost.

The convolutions here have too few channels to fill a processor's lanes; images there are enough.
So feature maps lie in rows: one for each pixel of each channel, with the values of the n images
of a batch. A map is cut into blocks of `block` x `block` pixels; the rows around each block are
copied one below the other, and a convolution is one product of a wide matrix with them. It gives
all the outputs that pooling joins at once, as four groups (pooling.py).

The function is that of Keras's layer, and so is its gradient (tests/training/test_forward.py), in
less time (benchmarks/NOTES.md).
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from keras_mnist.base.backend import tf

# One compiled pass over memory for what would be many.
compiled = functools.partial(tf.function, jit_compile=True, autograph=False)
# Of other types than it is said to have.
custom_gradient = cast(Callable[[Callable], Callable[..., Any]], tf.custom_gradient)


@dataclass(frozen=True)
class Maps:
    """The feature maps of a batch.

    Attributes:
        rows: float32 (r, n), in any order.
        places: integers (c, side, side), the row of each channel's pixel.
    """

    rows: tf.Tensor
    places: np.ndarray


def from_images(images, margin: int) -> Maps:
    """Return images, float32 (n, side, side, c), as maps with `margin` zeros on each side.

    Nobody may ask for a gradient by images with a margin: its pixels share a row.
    """
    count, side, _, channels = images.shape
    size = side * side * channels
    rows = tf.transpose(tf.reshape(images, (count, size)))
    places = np.arange(size).reshape(side, side, channels).transpose(2, 0, 1)
    if margin:
        rows = tf.pad(rows, ((0, 1), (0, 0)))  # the row of what lies outside
        widths = ((0, 0), (margin, margin), (margin, margin))
        places = np.pad(places, widths, constant_values=size)
    return Maps(rows, places)


def to_images(maps: Maps):
    """Return maps as Keras has them: (n, side, side, c)."""
    channels, side, _ = maps.places.shape
    return tf.reshape(flat(maps), (-1, side, side, channels))


def from_blocks(outputs) -> Maps:
    """Return what pooling made of groups, float32 (q, f, p, n), as maps."""
    (inside, filters, places, count), half = outputs.shape, math.isqrt(outputs.shape[0])
    blocks = math.isqrt(places)
    rows = np.arange(inside * filters * places).reshape(half, half, filters, blocks, blocks)
    side = half * blocks
    rows = rows.transpose(2, 3, 0, 4, 1).reshape(filters, side, side)
    return Maps(tf.reshape(outputs, (-1, count)), rows)


def from_groups(groups) -> Maps:
    """Return the four groups that pooling would join, (4, q, f, p, n), as maps, unpooled."""
    _, inside, filters, places, count = groups.shape
    half, blocks = math.isqrt(inside), math.isqrt(places)
    rows = np.arange(4 * inside * filters * places)
    rows = rows.reshape(2, 2, half, half, filters, blocks, blocks)
    side = 2 * half * blocks
    rows = rows.transpose(4, 5, 2, 0, 6, 3, 1).reshape(filters, side, side)
    return Maps(tf.reshape(groups, (-1, count)), rows)


def flat(maps: Maps):
    """Return maps as Keras flattens its own: (n, side * side * c)."""
    order = maps.places.transpose(1, 2, 0).ravel()
    channels, side, _ = maps.places.shape
    rows = tf.reshape(_ordered(maps.rows, order), (side * side, channels, -1))
    return tf.reshape(tf.transpose(rows, (2, 0, 1)), (-1, len(order)))


def convolve(maps: Maps, kernel, block: int):
    """Return the valid convolution of `maps` as the four groups that pooling by 2 joins.

    Args:
        maps: with a side of whole blocks.
        kernel: float32 (k, k, c, f).
        block: the side of a block, even; those of the pooled outputs have half of it.

    Returns:
        float32 (4, q, f, p, n): q outputs of each group in a block, p places for a block, n images.
    """
    side, _, channels, filters = kernel.shape
    reach = -(-(block + side - 1) // block)  # blocks that one block's outputs look at, each way
    flat_kernel = tf.concat([tf.reshape(kernel, [-1]), [0.0]], 0)
    wide = tf.gather(flat_kernel, tf.constant(_entries(side, channels, filters, block)))
    groups = _product(wide, _surroundings(maps, block, reach))
    return tf.reshape(groups, (4, block * block // 4, filters, -1, maps.rows.shape[1]))


def _entries(side: int, channels: int, filters: int, block: int) -> np.ndarray:
    """Return where in a flat kernel, its end a zero, each entry of the wide matrix stands."""
    reach, half = -(-(block + side - 1) // block), block // 2
    out = np.ogrid[:2, :2, :half, :half, :filters, :reach, :reach, :block, :block, :channels]
    group_y, group_x, block_y, block_x, filter_, tap_y, tap_x, place_y, place_x, channel = out
    y = block * tap_y + place_y - 2 * block_y - group_y
    x = block * tap_x + place_x - 2 * block_x - group_x
    places = ((y * side + x) * channels + channel) * filters + filter_
    inside = (y >= 0) & (y < side) & (x >= 0) & (x < side)
    wide = np.where(inside, places, side * side * channels * filters)
    return wide.reshape(block * block * filters, -1).astype(np.int32)


def _surroundings(maps: Maps, block: int, reach: int):
    """Return, for each block, those around it one below the other: (reach^2 * c', p * n)."""
    channels, side, _ = maps.places.shape
    blocks, count = side // block, maps.rows.shape[1]
    left = blocks - reach + 1
    places = maps.places.reshape(channels, blocks, block, blocks, block)
    places = places.transpose(2, 4, 0, 1, 3).reshape(-1, blocks, blocks)
    copied = [places[:, y : y + left, x : x + left] for y in range(reach) for x in range(reach)]

    @custom_gradient
    def copies(rows):
        def gradient(slopes):
            shape = (reach, reach, len(places), left, left, count)
            summed = tf.reshape(_summed(tf.reshape(slopes, shape)), (-1, count))
            return tf.gather(summed, tf.constant(np.argsort(places.ravel()), tf.int32))

        joined = tf.gather(rows, tf.constant(np.stack(copied), tf.int32))
        return tf.reshape(joined, (reach**2 * len(places), left**2 * count)), gradient

    return copies(maps.rows)


@compiled
def _summed(slopes):
    """Return the gradient of the copies in `_surroundings`: each added where it came from."""
    reach = slopes.shape[0]
    return sum(
        tf.pad(slopes[y, x], ((0, 0), (y, reach - 1 - y), (x, reach - 1 - x), (0, 0)))
        for y in range(reach)
        for x in range(reach)
    )


@custom_gradient
def _product(wide, copies):
    """Return the matrix product, (a, b) by (b, m), whose long side is the last one."""

    def gradient(slopes):
        # oneDNN is slower at the product along the long sides the other way about.
        by_wide = tf.transpose(tf.matmul(copies, slopes, transpose_b=True))
        return by_wide, tf.matmul(wide, slopes, transpose_a=True)

    return tf.matmul(wide, copies), gradient


def _ordered(rows, order: np.ndarray):
    """Return the rows in another order: TensorFlow's own gradient of that is slow."""

    @custom_gradient
    def ordered(rows):
        back = tf.constant(np.argsort(order), tf.int32)
        return tf.gather(rows, tf.constant(order, tf.int32)), lambda s: tf.gather(s, back)

    return ordered(rows)


def squeeze(outputs, kernel):
    """Return the convolution of outputs (..., c, p, n) by a kernel (1, 1, c, f): (..., f, p, n)."""
    *others, channels, places, count = outputs.shape
    flattened = tf.reshape(outputs, (*others, channels, places * count))
    squeezed = tf.matmul(kernel[0, 0], flattened, transpose_a=True)
    return tf.reshape(squeezed, (*others, kernel.shape[-1], places, count))
