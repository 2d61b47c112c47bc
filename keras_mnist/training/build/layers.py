"""Layers with names and first weights of their own, from which the networks are put together."""

import math

from keras_mnist.base.backend import keras
from keras_mnist.training.build.dropout import FastDropout
from keras_mnist.training.build.seeding import layer_seed
from keras_mnist.networks.sizes import Layer


def dense(size: Layer, activation: str, init: str, seed: int) -> keras.layers.Dense:
    """Return a dense layer with as many units as `size` says."""
    return keras.layers.Dense(
        size.outputs[-1], activation=activation, name=size.name, **first_weights(size, init, seed)
    )


def conv(size: Layer, kernel: int, padding: str, init: str, seed: int) -> keras.layers.Conv2D:
    """Return a convolution with `kernel` x `kernel` weights and no activation yet."""
    return keras.layers.Conv2D(
        size.outputs[-1], kernel, padding=padding, name=size.name, **first_weights(size, init, seed)
    )


def act(x, activation: str, name: str):
    """Return `x` with the activation of the layer `name`."""
    if activation == "linear":
        return x
    return keras.layers.Activation(activation, name=f"{name}_{activation}")(x)


def max_pooled(x, activation: str, name: str):
    """Return `x` with the activation of the layer `name`, then max-pooled by 2.

    Done the other way round: the greatest of four activations is the activation of the greatest,
    the same function with the same gradient for a quarter of the work.
    """
    return act(keras.layers.MaxPooling2D(2, name=f"{name}_pool")(x), activation, name)


def batchnorm(size: Layer) -> keras.layers.BatchNormalization:
    """Return the batch normalization that follows a layer, with PyTorch's constants.

    PyTorch's momentum of 0.1 is Keras's 0.9. One difference is left: for the moving variance
    PyTorch divides by one less than the number of values, of which there are at least 128.
    """
    return keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"{size.name}_norm")


def dropout(rate: float, name: str, seed: int) -> FastDropout:
    """Return a dropout layer that draws its masks from `seed` and its name."""
    return FastDropout(rate, name=name, seed=layer_seed(seed, name))


def first_weights(size: Layer, init: str, seed: int) -> dict:
    """Return the initializers of a layer's kernel and biases, as Keras's layers take them.

    Args:
        size: of the layer.
        init: `keras`: Glorot uniform and zeros; `pytorch`: both uniform in +-1/sqrt(fan-in).
        seed: of the run; each layer draws from a seed of its own.
    """
    kernel = layer_seed(seed, size.name)
    if init == "keras":
        return {"kernel_initializer": keras.initializers.GlorotUniform(seed=kernel)}
    bias = layer_seed(seed, f"{size.name}/bias")
    limit = 1 / math.sqrt(size.fan_in)
    return {
        "kernel_initializer": keras.initializers.RandomUniform(-limit, limit, seed=kernel),
        "bias_initializer": keras.initializers.RandomUniform(-limit, limit, seed=bias),
    }
