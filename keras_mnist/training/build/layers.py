"""Keras layers, with names and first weights of their own, for the plain ones of a list."""

import math

from keras_mnist.base.backend import keras
from keras_mnist.networks import layers as plain
from keras_mnist.networks.layers import Plain, Shape
from keras_mnist.training.build.dropout import FastDropout, FastMapDropout
from keras_mnist.training.build.seeding import layer_seed

_POOLS = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}


def made(layer: Plain, inputs: Shape, init: str, seed: int) -> keras.layers.Layer:
    """Return the Keras layer that a plain one stands for.

    Args:
        layer: of a network's list.
        inputs: the shape of its inputs, without the batch.
        init: `pytorch`: weights and biases uniform in +-1/sqrt(fan-in); any other a rule for the
            weights, beside biases of zero: `keras` is Glorot uniform.
        seed: of the run; each layer draws from a seed of its own.
    """
    return _MAKERS[type(layer)](layer, inputs, init, seed)


def _channels(layer: plain.Channels, inputs, init, seed):
    return keras.layers.Reshape(layer.outputs(inputs), name=layer.name)


def _flatten(layer: plain.Flatten, inputs, init, seed):
    return keras.layers.Flatten(name=layer.name)


def _dense(layer: plain.Dense, inputs, init, seed):
    first = _first_weights(layer, inputs, init, seed)
    return keras.layers.Dense(layer.units, activation=layer.activation, name=layer.name, **first)


def _conv(layer: plain.Conv, inputs, init, seed):
    first = _first_weights(layer, inputs, init, seed)
    options = {"padding": layer.padding, "name": layer.name, **first}
    return keras.layers.Conv2D(layer.filters, layer.kernel, **options)


def _batchnorm(layer: plain.BatchNorm, inputs, init, seed):
    """PyTorch's constants: its momentum of 0.1 is Keras's 0.9.

    One difference is left: for the moving variance PyTorch divides by one less than the number of
    values, of which there are at least 128.
    """
    return keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=layer.name)


def _pool(layer: plain.Pool, inputs, init, seed):
    return _POOLS[layer.kind](2, name=layer.name)


def _activation(layer: plain.Activation, inputs, init, seed):
    return keras.layers.Activation(layer.kind, name=layer.name)


def _dropout(layer: plain.Dropout, inputs, init, seed):
    return FastDropout(layer.rate, name=layer.name, seed=layer_seed(seed, layer.name))


def _map_dropout(layer: plain.MapDropout, inputs, init, seed):
    return FastMapDropout(layer.rate, name=layer.name, seed=layer_seed(seed, layer.name))


_RULES = {
    "keras": keras.initializers.GlorotUniform,
    "he_uniform": keras.initializers.HeUniform,
    "orthogonal": keras.initializers.Orthogonal,
}
_MAKERS = {
    plain.Channels: _channels,
    plain.Flatten: _flatten,
    plain.Dense: _dense,
    plain.Conv: _conv,
    plain.BatchNorm: _batchnorm,
    plain.Pool: _pool,
    plain.Activation: _activation,
    plain.Dropout: _dropout,
    plain.MapDropout: _map_dropout,
}


def _first_weights(layer: plain.Dense | plain.Conv, inputs: Shape, init: str, seed: int) -> dict:
    """Return the initializers of a layer's kernel and biases, as Keras's layers take them."""
    kernel = layer_seed(seed, layer.name)
    if init in _RULES:
        return {"kernel_initializer": _RULES[init](seed=kernel)}
    bias = layer_seed(seed, f"{layer.name}/bias")
    fan_in = layer.weights(inputs) // layer.outputs(inputs)[-1]
    limit = 1 / math.sqrt(fan_in)
    return {
        "kernel_initializer": keras.initializers.RandomUniform(-limit, limit, seed=kernel),
        "bias_initializer": keras.initializers.RandomUniform(-limit, limit, seed=bias),
    }
