"""The network of 1 x 1 convolutions as a functional Keras model."""

from keras_mnist.base.backend import keras
from keras_mnist.training.build.layers import act, conv, dense, max_pooled
from keras_mnist.networks import Conv1x1


def build_conv1x1(model: Conv1x1, side: int, seed: int) -> keras.Model:
    """Return the network, unfitted: float32 (n, side, side) in, probabilities (n, 10) out."""
    *sizes, c5, f6, digit = model.layers(side)
    inputs = keras.Input((side, side), name="pixels")
    x = keras.layers.Reshape((side, side, 1), name="channels")(inputs)
    for size, kernel, pooled in zip(sizes, (5, 1, 3, 1), 2 * (True, False), strict=True):
        x = conv(size, kernel, "valid", model.init, seed)(x)
        if pooled != model.pool_last:
            x = max_pooled(x, model.activation, size.name)
        else:
            x = act(x, model.activation, size.name)
    x = keras.layers.Flatten(name="flat")(x)
    x = dense(c5, model.activation, model.init, seed)(x)
    x = dense(f6, model.activation, model.init, seed)(x)
    outputs = dense(digit, "softmax", model.init, seed)(x)
    return keras.Model(inputs, outputs, name="conv1x1")
