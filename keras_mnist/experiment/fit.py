"""How a network is fitted."""

from dataclasses import dataclass

from keras_mnist.base.choice import Choice, Off, Real, Whole, Word
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment.steps import Steps

PRECISIONS = ("float32", "bfloat16")
LOSSES = ("crossentropy", "clipped", "softmax_twice")
CLASS_WEIGHTS = ("none", "balanced")


@dataclass(frozen=True)
class Fit(Steps):
    """How the network is fitted: by which steps, and by which of these.

    Attributes:
        batch_size: images a step; the last, smaller batch of an epoch is used.
        loss: `crossentropy`, taken from the logits as today's Keras does; `clipped`, the
            logarithm of the softmax output clipped to [1e-7, 1 - 1e-7] as in Keras of 2020;
            `softmax_twice`, cross-entropy that takes the softmax output for logits.
        label_smoothing: share of each label that is spread evenly over all classes, in every loss
            that is reported, as Keras's `label_smoothing`.
        class_weights: `none`, or `balanced`: in training an example counts by how rare its class is
            among the training images, on average once. As Keras reports it, the training loss is
            weighted, those of validation and test are not.
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
    label_smoothing: float = Choice(
        Real(0, 1, "[)"),
        "share of a label that is spread over all classes",
        Off(0.0, "no label smoothing", "labels as they are"),
        search=Range(0.0, 0.3, step=0.01),
        added=True,
    ).default(0.0)
    class_weights: str = Choice(
        Word(CLASS_WEIGHTS),
        "balanced: examples of rare classes count more in training",
        Off("none", "no class weights", "every example counts alike"),
        added=True,
    ).default("none")
    epochs: int = Choice(Whole(1, 100_000), "passes over the training images", common=True).default(
        10
    )
    precision: str = Choice(Word(PRECISIONS), "in which hidden dense layers compute").default(
        "float32"
    )
