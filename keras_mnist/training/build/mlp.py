"""The multilayer perceptrons as Keras Sequentials."""

from keras_mnist.base.backend import keras
from keras_mnist.training.build.layers import dense, dropout
from keras_mnist.networks import MLP, CustomMLP


def build_mlp(model: MLP | CustomMLP, side: int, seed: int) -> keras.Sequential:
    """Return the network, unfitted: float32 (n, side, side) in, probabilities (n, 10) out."""
    network = keras.Sequential([keras.Input((side, side)), keras.layers.Flatten()], name="mlp")
    *hidden, digit = model.layers(side)
    for number, size in enumerate(hidden, 1):
        network.add(dense(size, model.activation, model.init, seed))
        if model.dropout:
            network.add(dropout(model.dropout, f"dropout_{number}", seed))
    network.add(dense(digit, "softmax", model.init, seed))
    return network
