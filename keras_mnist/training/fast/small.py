"""Which networks are so small that calling a step's operations costs more than computing them."""

from keras_mnist.base.backend import keras
from keras_mnist.training.build.dropout import FastDropout
from keras_mnist.training.fast.chain import is_keras_s

# Weights and biases times examples in a step, about its multiplications forwards; of a recurrent
# layer, in each of its steps through time. Above it, oneDNN's products are worth their calls
# (benchmarks/NOTES.md).
_MOST = 7_500_000
# Steps in an epoch. Compiling one costs seconds, which saves each some tenths of a millisecond.
_FEWEST = 100
_CHEAP = (
    keras.layers.InputLayer,
    keras.layers.Flatten,
    keras.layers.Reshape,
    keras.layers.Activation,
    FastDropout,  # whose numbers are the same either way; XLA draws others for Keras's own
)
_RECURRENT = (keras.layers.SimpleRNN, keras.layers.GRU, keras.layers.LSTM)


def is_small(network: keras.Model, batch: int, examples: int) -> bool:
    """Return whether XLA should make one program of a whole step, which gives the same function.

    Args:
        network: built.
        batch: examples in a step.
        examples: in an epoch.
    """
    if examples < _FEWEST * batch or not is_keras_s(network):
        return False
    products = [layer for layer in network.layers if _is_products(layer)]
    if any(layer.compute_dtype != "float32" for layer in products):
        return False  # XLA leaves out roundings to fewer bits
    others = [layer for layer in network.layers if not _is_products(layer)]
    if not all(isinstance(layer, _CHEAP) for layer in others):
        return False
    return batch * sum(layer.count_params() for layer in products) <= _MOST


def _is_products(layer) -> bool:
    """Return whether a layer is products and what is cheap beside them, the same in one program."""
    if type(layer) in _RECURRENT:
        return not (layer.dropout or layer.recurrent_dropout or layer.stateful)
    return type(layer) is keras.layers.Dense
