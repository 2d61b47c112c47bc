"""A network and a data set that nothing in the package knows."""

import dataclasses

import numpy as np

from keras_mnist.base.choice import Choice, Off, Real, Switch, Whole
from keras_mnist.base.ranges import Range
from keras_mnist.data import Dataset
from keras_mnist.networks import Network
from keras_mnist.networks import layers as plain


@dataclasses.dataclass(frozen=True)
class Convnet(Network):
    """A network that nothing in the package knows."""

    filters: int = Choice(
        Whole(1, 64), "of the first layer", search=Range(2, 32, log=True), width=True
    ).default(4)
    dropout: float = Choice(
        Real(0, 1, "[)"), "dropped", Off(0.0, "no dropout", "none"), search=Range(0.0, 0.6, 0.01)
    ).default(0.25)
    twice: bool = Choice(Switch(), "the convolution twice").default(True)
    init: str = "keras"

    def layers(self, classes):
        second = [plain.Conv("second", self.filters, 3, "same")] if self.twice else []
        return [
            plain.Channels("channels"),
            plain.Conv("first", self.filters, 3),
            plain.BatchNorm("norm"),
            *plain.activated("first", "relu"),
            *second,
            plain.Pool("pool", "average"),
            *([plain.Dropout("drop", self.dropout)] if self.dropout else []),
            plain.Flatten("flat"),
            plain.Dense("digit", classes, "softmax"),
        ]


def stripes() -> Dataset:
    """Coloured pictures, higher than wide, of three classes."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 120).astype(np.uint8)
    images = rng.integers(0, 60, (120, 12, 10, 3)).astype(np.uint8)
    images[np.arange(120), :, :, labels] += 150
    parts = images[:90], labels[:90], images[90:], labels[90:]
    return Dataset("stripes", *parts, note="three colours", classes=3)
