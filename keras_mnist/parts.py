"""The parts of an experiment: data, preprocessing, model, training. Frozen, checked when made."""

import math
from dataclasses import dataclass
from itertools import pairwise

from keras_mnist.checks import boolean, integer, number, one_of, text
from keras_mnist.errors import ExperimentError

ACTIVATIONS = ("relu", "tanh", "linear")
LOSSES = ("crossentropy", "clipped")
# Keras's own defaults, so that leaving the rate out and writing it out are one experiment.
LEARNING_RATES = {"rmsprop": 0.001, "rmsprop_keras2": 0.001, "sgd": 0.01, "adam": 0.001}


def _store_float(part, name: str, low: float, high: float, bounds: str) -> None:
    """Check a real field and keep it as float: 0 and 0.0 must give one key."""
    value = getattr(part, name)
    number(name, value, low, high, bounds)
    object.__setattr__(part, name, float(value))


@dataclass(frozen=True)
class Data:
    """Which images train and which are held out.

    Attributes:
        dataset: the data set's name; the digest of its arrays, not this, enters the key.
        train_size: how many of the first training images to use; `None`: all.
        validation_split: share in [0, 1), the last part of those, never trained on.
    """

    dataset: str = "mnist"
    train_size: int | None = None
    validation_split: float = 0.2

    def __post_init__(self):
        text("dataset", self.dataset)
        if self.train_size is not None:
            integer("train_size", self.train_size, 1, 10_000_000)
        _store_float(self, "validation_split", 0, 1, "[)")

    def split(self, available: int) -> tuple[int, int]:
        """Return how many of `available` training images train and how many validate."""
        total = available if self.train_size is None else self.train_size
        if total > available:
            raise ExperimentError(
                f"train_size must be at most the {available} training images of the data set",
                total,
            )
        train = math.floor(total * (1 - self.validation_split))  # as Keras computes it
        held_out = total - train
        if train == 0 or (held_out == 0) != (self.validation_split == 0):
            raise ExperimentError(
                "training and validation must each keep at least one image",
                f"{total} images with validation_split {self.validation_split:g}",
            )
        return train, held_out


@dataclass(frozen=True)
class Preprocessing:
    """What happens to the raw pixels (0-255) before the network sees them.

    Attributes:
        rescale: divide by 255.
    """

    rescale: bool = True

    def __post_init__(self):
        boolean("rescale", self.rescale)


@dataclass(frozen=True)
class MLP:
    """Flatten, then hidden layers (dense, activation, dropout), then ten softmax outputs.

    Attributes:
        width: units of each hidden layer.
        hidden_layers: how many; 0 leaves softmax regression.
        activation: of the hidden layers; `linear` is none.
        dropout: share of hidden activations dropped in training, in [0, 1).

    Source: 001_2bef09a2c007b1dd.txt, whose notebook has 512 units where its text says 518.
    """

    width: int = 512
    hidden_layers: int = 2
    activation: str = "relu"
    dropout: float = 0.2

    def __post_init__(self):
        integer("width", self.width, 1, 16384)
        integer("hidden_layers", self.hidden_layers, 0, 64)
        one_of("activation", self.activation, ACTIVATIONS)
        _store_float(self, "dropout", 0, 1, "[)")

    @property
    def layer_sizes(self) -> list[int]:
        """Units from the input to the output: `[784, 512, 512, 10]` for the baseline."""
        return [784, *[self.width] * self.hidden_layers, 10]

    @property
    def multiply_adds(self) -> int:
        """Multiplications of one image's forward pass."""
        return sum(a * b for a, b in pairwise(self.layer_sizes))

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.multiply_adds + sum(self.layer_sizes[1:])


@dataclass(frozen=True)
class Training:
    """How the network is fitted.

    Attributes:
        optimizer: `rmsprop`, `sgd` or `adam`, at Keras's defaults but for the rate, or
            `rmsprop_keras2`, RMSprop as Keras had it up to version 2.3.
        learning_rate: `None` stands for Keras's default of that optimizer.
        batch_size: images a step; the last, smaller batch of an epoch is used.
        loss: `crossentropy`, taken from the logits as today's Keras does, or `clipped`, the
            logarithm of the softmax output clipped to [1e-7, 1 - 1e-7] as in Keras of 2020.
        epochs: passes over the training images.
    """

    optimizer: str = "rmsprop"
    learning_rate: float | None = None
    batch_size: int = 128
    loss: str = "crossentropy"
    epochs: int = 10

    def __post_init__(self):
        one_of("optimizer", self.optimizer, LEARNING_RATES)
        if self.learning_rate is not None:
            _store_float(self, "learning_rate", 0, 1000, "(]")
        integer("batch_size", self.batch_size, 1, 1_000_000)
        one_of("loss", self.loss, LOSSES)
        integer("epochs", self.epochs, 1, 100_000)

    @property
    def rate(self) -> float:
        """The learning rate in force."""
        default = LEARNING_RATES[self.optimizer]
        return float(default if self.learning_rate is None else self.learning_rate)


MODELS = {"mlp": MLP}
