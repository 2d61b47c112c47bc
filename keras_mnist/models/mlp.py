"""The blog's multilayer perceptron as a Keras Sequential."""

import keras
from keras import layers

from keras_mnist.models.dropout import FastDropout
from keras_mnist.models.seeding import layer_seed
from keras_mnist.parts import MLP


def build_mlp(model: MLP, seed: int) -> keras.Sequential:
    """Return the network, unfitted: float32 (n, 28, 28) in, probabilities (n, 10) out."""
    network = keras.Sequential([keras.Input((28, 28)), layers.Flatten()], name="mlp")
    for number in range(1, model.hidden_layers + 1):
        network.add(_dense(model.width, model.activation, f"hidden_{number}", seed))
        if model.dropout:
            name = f"dropout_{number}"
            network.add(FastDropout(model.dropout, name=name, seed=layer_seed(seed, name)))
    network.add(_dense(10, "softmax", "digit", seed))
    return network


def _dense(units: int, activation: str, name: str, seed: int) -> layers.Dense:
    initializer = keras.initializers.GlorotUniform(seed=layer_seed(seed, name))
    return layers.Dense(units, activation=activation, name=name, kernel_initializer=initializer)
