"""How a network is fitted."""

from dataclasses import dataclass

from keras_mnist.base.choice import Choice, Choices, Off, Real, Whole, Word
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment.optimizers import OPTIMIZERS

PRECISIONS = ("float32", "bfloat16")
LOSSES = ("crossentropy", "clipped", "softmax_twice")


@dataclass(frozen=True)
class Fit(Choices):
    """How the network is fitted.

    Attributes:
        optimizer: one of `OPTIMIZERS`, at Keras's defaults but for the rate; `rmsprop_keras2` is
            RMSprop as Keras had it up to version 2.3.
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

    optimizer: str = Choice(
        Word(OPTIMIZERS),
        "whose steps",
        search=Values(("rmsprop", "sgd", "adam")),
    ).default("rmsprop")
    learning_rate: float | None = Choice(
        Real(0, 1000, "(]", optional=True),
        "of the optimizer",
        search=Range(1e-4, 1e-1, log=True),
        # Written out, the optimizer's own rate is the experiment that leaves it out.
        idle=lambda fit: fit.learning_rate == OPTIMIZERS[fit.optimizer].rate,
    ).default(None)
    momentum: float = Choice(
        Real(0, 1, "[)"),
        "of sgd",
        idle=lambda fit: "momentum" not in OPTIMIZERS[fit.optimizer].takes,
    ).default(0.0)
    weight_decay: float = Choice(
        Real(0, 1000, "[]"),
        "penalty on the parameters, as PyTorch's",
        Off(0.0, "no weight decay", "no penalty on the parameters"),
    ).default(0.0)
    batch_size: int = Choice(
        Whole(1, 1_000_000), "images a step", search=Values((32, 64, 128, 256, 512))
    ).default(128)
    loss: str = Choice(
        Word(LOSSES),
        "clipped: the logarithm of the clipped softmax output, as Keras took it in 2020",
    ).default("crossentropy")
    epochs: int = Choice(Whole(1, 100_000), "passes over the training images", common=True).default(
        10
    )
    precision: str = Choice(Word(PRECISIONS), "in which hidden dense layers compute").default(
        "float32"
    )

    @property
    def rate(self) -> float:
        """The learning rate in force."""
        default = OPTIMIZERS[self.optimizer].rate
        return float(default if self.learning_rate is None else self.learning_rate)
