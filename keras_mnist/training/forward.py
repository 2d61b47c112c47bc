"""A network's output in training, its convolutions computed over blocks."""

import math

import tensorflow as tf

from keras_mnist.experiment import Experiment
from keras_mnist.parts import Conv1x1, LeNet
from keras_mnist.training import blocks


def training_pass(experiment: Experiment, network):
    """Return a function of inputs, float32 (n, side, side), n fixed, to probabilities (n, 10).

    It is `network(inputs, training=True)` up to rounding and, where there is dropout after a
    pooling, up to the order in which the masks are drawn.
    """
    passes = {LeNet: _lenet, Conv1x1: _conv1x1}
    chosen = passes.get(type(experiment.model))
    if chosen is None:
        return lambda inputs: network(inputs, training=True)
    names = [layer.name for layer in network.layers]
    head = network.layers[names.index("flat") + 1 :]
    convolutions = chosen(experiment.model, network, names)

    def run(inputs):
        x = convolutions(tf.transpose(inputs, (1, 2, 0))[tf.newaxis])
        for layer in head:
            x = layer(x, training=True)
        return x

    return run


def _lenet(model: LeNet, network, names):
    def run(maps):
        if model.padding == "same":
            maps = tf.pad(maps, ((0, 0), (2, 2), (2, 2), (0, 0)))
        count = maps.shape[-1]
        # Blocks of 4, whose pooled outputs are the blocks of 2 that the second layer wants.
        x = blocks.to_blocks(maps, 4)
        for name, block in (("c1", 4), ("c3", 2)):
            conv = network.get_layer(name)
            groups = blocks.convolve(x, _now(conv.kernel), block)
            if model.batchnorm:
                norm = network.get_layer(f"{name}_norm")
                x = _normalized(groups, conv, norm, model)
            else:
                x = blocks.pooled(groups, _now(conv.bias), model.activation, model.pool)
            if f"{name}_dropout" in names:
                x = network.get_layer(f"{name}_dropout")(x, training=True)
            x = _square(x, count)
        return _flat(x)

    return run


def _normalized(groups, conv, norm, model: LeNet):
    learned = (_now(variable) for variable in (conv.bias, norm.gamma, norm.beta))
    x, mean, variance = blocks.normalized(
        groups, *learned, norm.epsilon, model.activation, model.pool
    )
    for moving, of_batch in ((norm.moving_mean, mean), (norm.moving_variance, variance)):
        moving.assign(moving * norm.momentum + of_batch * (1 - norm.momentum))
    return x


def _conv1x1(model: Conv1x1, network, names):
    def run(maps):
        count = maps.shape[-1]
        for number in (1, 2):
            conv, narrow = (network.get_layer(f"{n}_{number}") for n in ("conv", "squeeze"))
            groups = blocks.convolve(blocks.to_blocks(maps, 2), _now(conv.kernel), 2)
            if model.pool_last:
                wide = blocks.activated(groups, _now(conv.bias), model.activation)
                groups = blocks.squeeze(wide, _now(narrow.kernel))
                x = blocks.pooled(groups, _now(narrow.bias), model.activation, "max")
            else:
                wide = blocks.pooled(groups, _now(conv.bias), model.activation, "max")
                x = blocks.squeeze(wide, _now(narrow.kernel))
                x = blocks.activated(x, _now(narrow.bias), model.activation)
            maps = _square(x, count)
        return _flat(maps)

    return run


def _now(variable):
    """Return a Keras variable's present value, which compiled functions take."""
    return tf.convert_to_tensor(variable.value)


def _square(maps, count: int):
    """Return maps (c, rows * rows * count) as (c, rows, rows, count)."""
    rows = math.isqrt(maps.shape[1] // count)
    return tf.reshape(maps, (-1, rows, rows, count))


def _flat(maps):
    """Return maps (c, rows, rows, n) as Keras flattens theirs: (n, rows * rows * c)."""
    count = maps.shape[-1]
    return tf.reshape(tf.transpose(maps, (3, 1, 2, 0)), (count, -1))
