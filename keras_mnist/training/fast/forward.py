"""A network's output, its convolutions computed over blocks: a walk along Keras's own layers.

The walk knows kinds of layers and no network. What it does not know (strides, dilation, an odd
side, a branch, any other layer) it leaves to Keras: the layer is called as it stands.
"""

from collections.abc import Callable

from keras_mnist.base.backend import keras
from keras_mnist.training.build.dropout import FastMapDropout
from keras_mnist.training.fast import blocks, pooling
from keras_mnist.training.fast.chain import (
    Convolution,
    chain_of,
    drops_singly,
    next_convolution,
    now,
)

# Blocks of 4, of which pooling makes the blocks of 2 that a next convolution wants; more filters
# than this fill a product with blocks of 2 already.
FEW_FILTERS = 32


def forward_pass(network: keras.Model, training: bool) -> Callable:
    """Return a function of inputs, float32 (n, ...), n fixed, to the network's outputs.

    It is `network(inputs, training=training)` up to rounding and, where there is dropout after a
    pooling, up to the order in which the masks are drawn.
    """
    layers = chain_of(network)
    if layers is None:
        return lambda inputs: network(inputs, training=training)

    def run(inputs):
        at, place = _Tensor(inputs), 0
        while place < len(layers):
            found = next_convolution(layers[place:])
            if found and (after := at.convolved(found, training)) is not None:
                at, place = after, place + found.length
            else:
                at, place = at.called(layers[place], training), place + 1
        return at.tensor

    return run


class _Tensor:
    """Where the walk is: at a tensor as Keras has it, (n, ...)."""

    def __init__(self, tensor):
        self.tensor = tensor

    def called(self, layer, training: bool) -> "_Tensor":
        """Return where the walk is after `layer`."""
        return _Tensor(layer(self.tensor, training=training))

    def convolved(self, found: Convolution, training: bool):
        """Return where the walk is after a convolution; `None` where it must be Keras's."""
        if len(self.tensor.shape) != 4 or None in self.tensor.shape:
            return None
        margin = found.margin
        side, channels = self.tensor.shape[1] + 2 * margin, self.tensor.shape[3]
        # The rows of a margin are shared, so that no gradient passes it: inputs need none.
        if self.tensor.shape[1] != self.tensor.shape[2] or (margin and channels > 1):
            return None
        return _over_blocks(lambda: blocks.from_images(self.tensor, margin), side, found, training)


class _Blocks:
    """Where the walk is: at feature maps with the batch innermost.

    Args:
        groups: float32 (q, f, p, n) as pooling leaves them, or (4, q, f, p, n) as it takes them.
    """

    def __init__(self, groups):
        self._groups = groups

    @property
    def _maps(self) -> blocks.Maps:
        pooled = len(self._groups.shape) == 4
        return (blocks.from_blocks if pooled else blocks.from_groups)(self._groups)

    @property
    def tensor(self):
        """The maps as Keras has them: (n, side, side, f)."""
        return blocks.to_images(self._maps)

    def called(self, layer, training: bool):
        """Return where the walk is after `layer`."""
        if type(layer) is keras.layers.Flatten and layer.data_format == "channels_last":
            return _Tensor(blocks.flat(self._maps))
        if drops_singly(layer):  # whatever the shape
            return _Blocks(layer(self._groups, training=training))
        if type(layer) is FastMapDropout:  # (..., f, p, n): one number for each map of an image
            *inside, maps, _, count = self._groups.shape
            shape = (*[1] * len(inside), maps, 1, count)
            return _Blocks(layer.dropped(self._groups, shape, training))
        return _Tensor(layer(self.tensor, training=training))

    def convolved(self, found: Convolution, training: bool):
        """Return where the walk is after a convolution; `None` where it must be Keras's."""
        if found.margin:
            return None
        if found.side == 1:
            pooled = len(self._groups.shape) == 4
            if found.norm or (pooled and found.pool):
                return None
            groups = blocks.squeeze(self._groups, found.kernel)
            return _Blocks(_finished(groups, found, training))
        maps = self._maps
        return _over_blocks(lambda: maps, maps.places.shape[1], found, training)


def _over_blocks(maps: Callable, side: int, found: Convolution, training: bool):
    block = next((b for b in (4, 2) if found.fits(side, b)), None)
    if block is None or (found.norm and not found.pool):
        return None
    if block == 4 and found.filters > FEW_FILTERS and found.fits(side, 2):
        block = 2
    return _Blocks(_finished(blocks.convolve(maps(), found.kernel, block), found, training))


def _finished(groups, found: Convolution, training: bool):
    """Return a convolution's outputs with all that follows them: bias, norm, activation, pool."""
    if found.norm:
        return _normalized(groups, found.norm, found, training)
    if found.pool:
        return pooling.pooled(groups, found.bias, found.activation, found.pool)
    return pooling.activated(groups, found.bias, found.activation)


def _normalized(groups, norm, found: Convolution, training: bool):
    scale, shift, words = now(norm.gamma), now(norm.beta), (found.activation, found.pool)
    averages = norm.moving_mean, norm.moving_variance
    if not training:
        mean, variance = map(now, averages)
        moments = (mean, variance, scale, shift, norm.epsilon)
        line, bias = pooling.scaled(groups, found.bias, *moments)
        return pooling.pooled(line, bias, *words)
    x, *moments = pooling.normalized(groups, found.bias, scale, shift, norm.epsilon, *words)
    for average, moment in zip(averages, moments, strict=True):
        average.assign(average * norm.momentum + moment * (1 - norm.momentum))
    return x
