"""How a network is fitted."""

from dataclasses import dataclass

from keras_mnist.base.choice import Choice, Whole, Word
from keras_mnist.base.ranges import Values
from keras_mnist.experiment.steps import Steps

PRECISIONS = ("float32", "bfloat16")
LOSSES = ("crossentropy", "clipped", "softmax_twice")


@dataclass(frozen=True)
class Fit(Steps):
    """How the network is fitted: by which steps, and by which of these.

    Attributes:
        batch_size: images a step; the last, smaller batch of an epoch is used.
        loss: `crossentropy`, taken from the logits as today's Keras does; `clipped`, the
            logarithm of the softmax output clipped to [1e-7, 1 - 1e-7] as in Keras of 2020;
            `softmax_twice`, cross-entropy that takes the softmax output for logits.
        epochs: passes over the training images.
        precision: `float32` or `bfloat16`, in which the hidden dense layers compute, by Keras's
            policy `mixed_bfloat16`. All else, weights too, is float32; convolutions would be
            slower otherwise.
    """

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
