"""How a network is fitted."""

from dataclasses import dataclass

from keras_mnist.base.choice import Choice, Off, Real, Switch, Whole, Word
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment.steps import Steps

PRECISIONS = ("float32", "bfloat16")
LOSSES = ("crossentropy", "clipped", "softmax_twice")
CLASS_WEIGHTS = ("none", "balanced")
CHANCE = ("init", "order", "dropout")  # what a seed decides
HELD_SEED = 0  # that of what it does not


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
        epochs: passes over the training images, at most.
        patience: end after so many epochs in a row without a lower validation loss, as Keras's
            EarlyStopping; 0 trains all of them. It needs images held out.
        restore_best: then end with the weights of the lowest, not with the last, whether or not it
            ended early.
        vary: what the seed decides: `all`, or `init`, the first weights, `order`, that of the
            training images, or `dropout`, its masks and what augmentation draws, the others being
            those of seed 0.
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
    patience: int = Choice(
        Whole(0, 100_000),
        "end after N epochs without a lower validation loss",
        Off(0, "no patience", "all epochs, whatever the validation loss"),
        added=True,
    ).default(0)
    restore_best: bool = Choice(
        Switch(),
        "the weights of the lowest validation loss at the end",
        idle=lambda fit: "" if fit.patience else "restore_best needs a patience",
        added=True,
    ).default(False)
    vary: str = Choice(
        Word(("all", *CHANCE)),
        "what the seed decides, all else held: where chance comes from",
        added=True,
    ).default("all")
    precision: str = Choice(Word(PRECISIONS), "in which hidden dense layers compute").default(
        "float32"
    )

    def seed_of(self, source: str, seed: int) -> int:
        """Return the seed of one source of chance, one of `CHANCE`, in a run with `seed`."""
        return seed if self.vary in ("all", source) else HELD_SEED

    @property
    def restores(self) -> bool:
        """Whether a training that completes ends with its best weights."""
        return self.restore_best and self.patience > 0

    def require_held_out(self, share: float) -> None:
        """Raise `ExperimentError` where patience has no held-out images to go by.

        Args:
            share: of the training images, held out.
        """
        if self.patience and not share:
            raise ExperimentError(
                "patience must have images held out, as the test set decides nothing",
                f"patience {self.patience} with validation_split 0",
                "Hold some out, such as --validation-split 0.1",
            )
