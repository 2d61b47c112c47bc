"""Choices that several networks have."""

from keras_mnist.base.choice import Choice, Off, Real, Whole, Word
from keras_mnist.base.ranges import Range, Values

ACTIVATION = Choice(
    Word(("relu", "tanh", "linear")),
    "between the layers",
    Off("linear", "no relu", "no activation between the layers"),
    search=Values(("relu", "tanh")),
)
DROPOUT = Choice(
    Real(0, 1, "[)"),
    "share of activations dropped",
    Off(0.0, "no dropout", "no dropout"),
    metavar="P",
    search=Range(0.0, 0.6, step=0.01),
)
INIT = Choice(
    Word(("keras", "pytorch", "he_uniform", "orthogonal")),
    "the first weights: as the one or the other draws them, or by a rule",
)
WIDTH = Choice(
    Whole(1, 16384), "units of each hidden layer", search=Range(32, 2048, log=True), width=True
)
