"""LeNet-5 as a functional Keras model, put together from the parts that its model names."""

from keras_mnist.base.backend import keras
from keras_mnist.training.build.layers import act, batchnorm, conv, dense, dropout, max_pooled
from keras_mnist.networks import LeNet

# What each word of `dropout_after` stands for.
_DROPPED = {"f6": {"f6"}, "dense": {"c5", "f6"}, "everywhere": {"c1", "c3", "c5", "f6"}}


def build_lenet(model: LeNet, side: int, seed: int) -> keras.Model:
    """Return the network, unfitted: float32 (n, side, side) in, probabilities (n, 10) out."""
    sizes = {size.name: size for size in model.layers(side)}
    paddings = {"c1": model.padding, "c3": "valid"}
    inputs = keras.Input((side, side), name="pixels")
    x = keras.layers.Reshape((side, side, 1), name="channels")(inputs)
    for name in ("c1", "c3", "c5", "f6"):
        size = sizes[name]
        if name in paddings:
            x = conv(size, 5, paddings[name], model.init, seed)(x)
        else:
            x = dense(size, "linear", model.init, seed)(x)
        if model.batchnorm:
            x = batchnorm(size)(x)
        active = model.activation if name != "c5" or model.c5_activation else "linear"
        if name in paddings and model.pool == "max":
            x = max_pooled(x, active, name)
        else:
            x = act(x, active, name)
            if name in paddings:
                x = keras.layers.AveragePooling2D(2, name=f"{name}_pool")(x)
        if model.dropout and name in _DROPPED[model.dropout_after]:
            x = dropout(model.dropout, f"{name}_dropout", seed)(x)
        if name == "c3":
            x = keras.layers.Flatten(name="flat")(x)
    outputs = dense(sizes["digit"], "softmax", model.init, seed)(x)
    return keras.Model(inputs, outputs, name="lenet")
