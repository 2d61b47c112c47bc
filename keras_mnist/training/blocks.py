"""Convolution and pooling as matrix products over blocks of pixels, the batch innermost.

The convolutions here have too few channels to fill a processor's lanes; images there are enough.
So feature maps lie as (channels, rows, columns, n), and each copy, sum and maximum runs over
the n images of a batch. A map is cut into blocks of `block` x `block` pixels, whose places in
their block count as channels; a convolution then is one product of a wide matrix with the blocks
around each block, and gives all the outputs that pooling joins at once: as four groups, whose
maximum or mean is taken element by element.

The functions are those of Keras's layers, and of their gradients (tests/test_forward.py), in less
time (benchmarks/NOTES.md).
"""

import functools

import numpy as np
import tensorflow as tf

_ACTIVATIONS = {"relu": tf.nn.relu, "tanh": tf.tanh, "linear": tf.identity}
# One compiled pass over memory for what would be many.
_compiled = functools.partial(tf.function, jit_compile=True, autograph=False)


def to_blocks(maps, block: int):
    """Return maps (c, side, side, n) as (block * block * c, side / block, side / block, n)."""
    channels, side, _, count = maps.shape
    blocks = side // block
    maps = tf.reshape(maps, (channels, blocks, block, blocks, block, count))
    maps = tf.transpose(maps, (2, 4, 0, 1, 3, 5))
    return tf.reshape(maps, (block * block * channels, blocks, blocks, count))


def convolve(blocks, kernel, block: int):
    """Return the valid convolution of `blocks` as the four groups that pooling by 2 joins.

    Args:
        blocks: float32 (block * block * c, rows, rows, n), as from `to_blocks`.
        kernel: float32 (k, k, c, f).
        block: the side of a block, even; those of the outputs have half of it.

    Returns:
        float32 (4, block * block / 4, f, rows' * rows' * n), rows' the blocks along a side.
    """
    side, _, channels, filters = kernel.shape
    reach = -(-(block + side - 1) // block)  # blocks that one block's outputs look at, each way
    flat = tf.concat([tf.reshape(kernel, [-1]), [0.0]], 0)
    wide = tf.gather(flat, tf.constant(_places(side, channels, filters, block)))
    groups = tf.matmul(wide, _neighbours(blocks, reach))
    return tf.reshape(groups, (4, block * block // 4, filters, groups.shape[-1]))


def _places(side: int, channels: int, filters: int, block: int) -> np.ndarray:
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


def _neighbours(blocks, reach: int):
    """Return, for each block, those around it one below the other: (reach^2 * c, rows'^2 * n)."""
    channels, rows, _, count = blocks.shape
    left = rows - reach + 1

    @tf.custom_gradient
    def copies(blocks):
        parts = [blocks[:, y : y + left, x : x + left] for y in range(reach) for x in range(reach)]
        joined = tf.reshape(tf.concat(parts, 0), (reach**2 * channels, left**2 * count))
        shape = (reach, reach, channels, left, left, count)
        return joined, lambda slopes: _summed(tf.reshape(slopes, shape))

    return copies(blocks)


@_compiled
def _summed(slopes):
    """Return the gradient of `_neighbours`: each copy added where it came from.

    TensorFlow's own gradient of a slice fills a whole array for each.
    """
    reach = slopes.shape[0]
    return sum(
        tf.pad(slopes[y, x], ((0, 0), (y, reach - 1 - y), (x, reach - 1 - x), (0, 0)))
        for y in range(reach)
        for x in range(reach)
    )


def squeeze(maps, kernel):
    """Return the convolution of maps (..., c, m) by a kernel (1, 1, c, f): (..., f, m)."""
    return tf.matmul(kernel[0, 0], maps, transpose_a=True)


@_compiled
def activated(maps, bias, activation: str):
    """Return maps (..., f, m) with bias (f,) and activation."""
    return _ACTIVATIONS[activation](maps + bias[:, tf.newaxis])


@_compiled
def pooled(groups, bias, activation: str, pool: str):
    """Return groups (4, q, f, m) with bias (f,) and activation, pooled: (q * f, m)."""
    return _join(groups, bias, activation, pool)


@_compiled
def normalized(groups, bias, scale, shift, epsilon: float, activation: str, pool: str):
    """Return what `pooled` does, batch-normalized before the activation, and the moments.

    Args:
        groups, bias, activation, pool: as `pooled` takes them.
        scale, shift: float32 (f,), the batch normalization's gamma and beta.
        epsilon: added to the variance.

    Returns:
        Maps (q * f, m); the batch's mean and variance, float32 (f,) each.
    """
    groups = groups + bias[:, tf.newaxis]
    mean, variance = tf.nn.moments(groups, (0, 1, 3))
    factor = tf.math.rsqrt(variance + epsilon) * scale
    groups = groups * factor[:, tf.newaxis]
    return _join(groups, shift - mean * factor, activation, pool), mean, variance


def _join(groups, bias, activation: str, pool: str):
    activate = _ACTIVATIONS[activation]
    if pool == "max":  # what comes after it is done once, not four times
        joined = activate(_greatest(groups) + bias[:, tf.newaxis])
    else:
        joined = tf.reduce_mean(activate(groups + bias[:, tf.newaxis]), 0)
    return tf.reshape(joined, (-1, groups.shape[-1]))


@tf.custom_gradient
def _greatest(groups):
    """Return the maximum over the first of the axes, (4, q, f, m).

    Of equal ones the first takes the gradient, as in TensorFlow's pooling. Which one that is is
    kept, because comparing again would read all four once more for each.
    """
    greatest, winner = groups[0], tf.zeros(groups.shape[1:], tf.int32)
    for number in range(1, 4):
        greater = groups[number] > greatest
        greatest = tf.where(greater, groups[number], greatest)
        winner = tf.where(greater, number, winner)

    def gradient(slope):
        numbers = tf.range(4)[:, tf.newaxis, tf.newaxis, tf.newaxis]
        return tf.where(numbers == winner, slope, 0.0)

    return greatest, gradient
