"""What follows a convolution over blocks: bias, batch normalization, activation, pooling.

A convolution's outputs are four groups, (4, q, f, p, n) as from `blocks.convolve`, which pooling
joins to (q, f, p, n). Each function here is one compiled pass over memory, and so is its gradient
where the maximum is taken. What that gradient needs is kept outside of them: a compiled function
that is differentiated as it stands hands on copies of all it read.

The functions are those of Keras's layers, and so are their gradients
(tests/training/test_forward.py).
"""

from keras_mnist.base.backend import tf
from keras_mnist.training.fast.blocks import compiled
from keras_mnist.training.roots import root

_ACTIVATIONS = {"relu": tf.nn.relu, "tanh": tf.tanh, "linear": tf.identity}
# Gradients before them, given those after them and their outputs.
_DERIVATIVES = {
    "relu": lambda slopes, outputs: tf.where(outputs > 0, slopes, tf.zeros_like(slopes)),
    "tanh": lambda slopes, outputs: slopes * (1 - outputs * outputs),
    "linear": lambda slopes, outputs: slopes,
}


def _across(values):
    """Return values (f,) so that they meet the maps (..., f, p, n) of their filters."""
    return values[:, tf.newaxis, tf.newaxis]


def _summed(maps):
    """Return each filter's sum of maps (4, q, f, p, n), as a product: XLA's own sum is slow."""
    *_, filters, places, count = maps.shape
    rows = tf.reshape(maps, (-1, places * count))
    sums = tf.linalg.matvec(rows, tf.ones(places * count, maps.dtype))
    return tf.reduce_sum(tf.reshape(sums, (-1, filters)), 0)


@compiled
def activated(maps, bias, activation: str):
    """Return maps (..., f, p, n) with bias (f,) and activation."""
    return _ACTIVATIONS[activation](maps + _across(bias))


def pooled(groups, bias, activation: str, pool: str):
    """Return groups with bias (f,) and activation, pooled: (q, f, p, n)."""
    if pool == "average":
        return _mean(groups, bias, activation)

    @tf.custom_gradient
    def greatest(groups, bias):
        outputs, winner = _greatest(groups, bias, activation)
        return outputs, lambda slopes: _to_winners(slopes, outputs, winner, activation)

    return greatest(groups, bias)


def normalized(groups, bias, scale, shift, epsilon: float, activation: str, pool: str):
    """Return what `pooled` does, batch-normalized before the activation, and the moments.

    Args:
        groups, bias, activation, pool: as `pooled` takes them.
        scale, shift: float32 (f,), the batch normalization's gamma and beta.
        epsilon: added to the variance.

    Returns:
        Maps (q, f, p, n); the batch's mean and variance, float32 (f,) each.
    """
    if pool == "average":
        return _mean_normalized(groups, bias, scale, shift, epsilon, activation)

    @tf.custom_gradient
    def greatest(groups, bias, scale, shift):
        mean, variance = _moments(groups)  # the bias moves the mean and nothing else
        factor, line = _line(mean, variance, scale, shift, epsilon)
        outputs, winner = _greatest(groups, line, activation, factor)

        def gradient(slopes, *_):
            by_groups, by_scale, by_shift = _through_moments(
                groups, mean, variance, scale, epsilon, slopes, outputs, winner, activation
            )
            return by_groups, tf.zeros_like(bias), by_scale, by_shift

        return (outputs, mean + bias, variance), gradient

    return greatest(groups, bias, scale, shift)


@compiled
def scaled(groups, bias, mean, variance, scale, shift, epsilon: float):
    """Return groups batch-normalized by given moments up to a bias, float32 (f,), and that."""
    factor, line = _line(mean - bias, variance, scale, shift, epsilon)
    return groups * _across(factor), line


@compiled
def _mean(groups, bias, activation: str):
    return tf.reduce_mean(_ACTIVATIONS[activation](groups + _across(bias)), 0)


@compiled
def _mean_normalized(groups, bias, scale, shift, epsilon: float, activation: str):
    groups = groups + _across(bias)
    mean, variance = _moments(groups)
    factor, line = _line(mean, variance, scale, shift, epsilon)
    return _mean(groups * _across(factor), line, activation), mean, variance


@compiled
def _moments(groups):
    count = tf.cast(tf.size(groups) / groups.shape[2], groups.dtype)
    mean = _summed(groups) / count
    return mean, _summed(tf.square(groups - _across(mean))) / count


def _line(mean, variance, scale, shift, epsilon: float):
    """Return the factor and the bias that batch normalization comes to."""
    factor = scale / root(variance + epsilon)
    return factor, shift - mean * factor


@compiled
def _greatest(groups, bias, activation: str, factor=None):
    """Return what max-pooling gives and which group won, int8 (q, f, p, n).

    Of equal ones the first wins, as in TensorFlow's pooling. It is kept, in a byte, because
    comparing again for the gradient would read all four once more for each.
    """
    if factor is not None:
        groups = groups * _across(factor)
    greatest, winner = groups[0], tf.zeros(groups.shape[1:], tf.int8)
    for number in range(1, 4):
        greater = groups[number] > greatest
        greatest = tf.where(greater, groups[number], greatest)
        winner = tf.where(greater, tf.constant(number, tf.int8), winner)
    # What comes after the maximum is done once, not four times.
    return _ACTIVATIONS[activation](greatest + _across(bias)), winner


@compiled
def _to_winners(slopes, outputs, winner, activation: str):
    """Return the gradient of `_greatest` by the groups and by the bias."""
    slopes = _DERIVATIVES[activation](slopes, outputs)
    numbers = tf.reshape(tf.constant([0, 1, 2, 3], tf.int8), (4, 1, 1, 1, 1))
    groups = tf.where(numbers == winner, slopes, tf.zeros_like(slopes))
    return groups, tf.reduce_sum(slopes, (0, 2, 3))


@compiled
def _through_moments(
    groups, mean, variance, scale, epsilon: float, slopes, outputs, winner, activation: str
):
    """Return the gradient of a batch-normalized maximum by the groups, the scale and the shift."""
    slopes, by_shift = _to_winners(slopes, outputs, winner, activation)
    narrowed = 1 / root(variance + epsilon)
    centred = groups - _across(mean)
    by_scale = narrowed * _summed(slopes * centred)
    count = tf.cast(tf.size(groups) / tf.size(mean), groups.dtype)
    line = (_across(by_shift) + _across(narrowed * by_scale) * centred) / count
    return _across(scale * narrowed) * (slopes - line), by_scale, by_shift
