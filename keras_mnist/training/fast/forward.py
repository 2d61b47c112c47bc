"""A network's output, its convolutions computed over blocks."""

from keras_mnist.base.backend import tf
from keras_mnist.experiment import Experiment
from keras_mnist.networks import Conv1x1, LeNet
from keras_mnist.training.fast import blocks, pooling


def forward_pass(experiment: Experiment, network, training: bool):
    """Return a function of inputs, float32 (n, side, side), n fixed, to probabilities (n, 10).

    It is `network(inputs, training=training)` up to rounding and, where there is dropout after a
    pooling, up to the order in which the masks are drawn.
    """
    passes = {LeNet: _lenet, Conv1x1: _conv1x1}
    chosen = passes.get(type(experiment.model))
    if chosen is None:
        return lambda inputs: network(inputs, training=training)
    names = [layer.name for layer in network.layers]
    head = network.layers[names.index("flat") + 1 :]

    def run(inputs):
        x = blocks.flat(chosen(experiment.model, network, inputs, training))
        for layer in head:
            x = layer(x, training=training)
        return x

    return run


def _lenet(model: LeNet, network, images, training: bool) -> blocks.Maps:
    maps = blocks.from_images(images, 2 if model.padding == "same" else 0)
    layers = {layer.name: layer for layer in network.layers}
    # Blocks of 4, whose pooled outputs are the blocks of 2 that the second layer wants.
    for name, block in (("c1", 4), ("c3", 2)):
        conv = layers[name]
        groups, bias = blocks.convolve(maps, _now(conv.kernel), block), _now(conv.bias)
        if model.batchnorm:
            norm = layers[f"{name}_norm"]
            x = _normalized(groups, bias, norm, model, training)
        else:
            x = pooling.pooled(groups, bias, model.activation, model.pool)
        if dropout := layers.get(f"{name}_dropout"):
            x = dropout(x, training=training)
        maps = blocks.from_blocks(x)
    return maps


def _normalized(groups, bias, norm, model: LeNet, training: bool):
    learned, words = (_now(norm.gamma), _now(norm.beta)), (model.activation, model.pool)
    averages = norm.moving_mean, norm.moving_variance
    if not training:
        line = pooling.scaled(groups, bias, *map(_now, averages), *learned, norm.epsilon)
        return pooling.pooled(*line, *words)
    x, *moments = pooling.normalized(groups, bias, *learned, norm.epsilon, *words)
    for average, moment in zip(averages, moments, strict=True):
        average.assign(average * norm.momentum + moment * (1 - norm.momentum))
    return x


def _conv1x1(model: Conv1x1, network, images, training: bool) -> blocks.Maps:
    maps = blocks.from_images(images, 0)
    for number in (1, 2):
        conv, narrow = (network.get_layer(f"{n}_{number}") for n in ("conv", "squeeze"))
        groups = blocks.convolve(maps, _now(conv.kernel), 2)
        if model.pool_last:
            wide = pooling.activated(groups, _now(conv.bias), model.activation)
            groups = blocks.squeeze(wide, _now(narrow.kernel))
            x = pooling.pooled(groups, _now(narrow.bias), model.activation, "max")
        else:
            wide = pooling.pooled(groups, _now(conv.bias), model.activation, "max")
            x = blocks.squeeze(wide, _now(narrow.kernel))
            x = pooling.activated(x, _now(narrow.bias), model.activation)
        maps = blocks.from_blocks(x)
    return maps


def _now(variable):
    """Return a Keras variable's present value, which compiled functions take."""
    return tf.convert_to_tensor(variable.value)
