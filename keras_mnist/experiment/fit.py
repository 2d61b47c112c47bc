"""How a network is fitted."""

from dataclasses import dataclass

from keras_mnist.base.checks import integer, one_of, real

PRECISIONS = ("float32", "bfloat16")
LOSSES = ("crossentropy", "clipped", "softmax_twice")
# Keras's own defaults, so that leaving the rate out and writing it out are one experiment.
LEARNING_RATES = {"rmsprop": 0.001, "rmsprop_keras2": 0.001, "sgd": 0.01, "adam": 0.001}


@dataclass(frozen=True)
class Training:
    """How the network is fitted.

    Attributes:
        optimizer: `rmsprop`, `sgd` or `adam`, at Keras's defaults but for the rate, or
            `rmsprop_keras2`, RMSprop as Keras had it up to version 2.3.
        learning_rate: `None` stands for Keras's default of that optimizer.
        momentum: of `sgd`, in [0, 1); the others take none.
        weight_decay: added to each gradient, times the parameter, as PyTorch's SGD does: a penalty
            of half of it times the squared parameters, biases too, that losses do not show.
        batch_size: images a step; the last, smaller batch of an epoch is used.
        loss: `crossentropy`, taken from the logits as today's Keras does; `clipped`, the
            logarithm of the softmax output clipped to [1e-7, 1 - 1e-7] as in Keras of 2020;
            `softmax_twice`, cross-entropy that takes the softmax output for logits.
        epochs: passes over the training images.
        precision: `float32` or `bfloat16`, in which the hidden dense layers compute, by Keras's
            policy `mixed_bfloat16`. All else, weights too, is float32; convolutions would be
            slower otherwise.
    """

    optimizer: str = "rmsprop"
    learning_rate: float | None = None
    momentum: float = 0.0
    weight_decay: float = 0.0
    batch_size: int = 128
    loss: str = "crossentropy"
    epochs: int = 10
    precision: str = "float32"

    def __post_init__(self):
        one_of("optimizer", self.optimizer, LEARNING_RATES)
        if self.learning_rate is not None:
            real(self, "learning_rate", 0, 1000, "(]")
        real(self, "momentum", 0, 1, "[)")
        real(self, "weight_decay", 0, 1000, "[]")
        integer("batch_size", self.batch_size, 1, 1_000_000)
        one_of("loss", self.loss, LOSSES)
        integer("epochs", self.epochs, 1, 100_000)
        one_of("precision", self.precision, PRECISIONS)

    @property
    def idle(self) -> tuple[str, ...]:
        """Fields that decide nothing beside the others."""
        return () if self.optimizer == "sgd" else ("momentum",)

    @property
    def rate(self) -> float:
        """The learning rate in force."""
        default = LEARNING_RATES[self.optimizer]
        return float(default if self.learning_rate is None else self.learning_rate)
