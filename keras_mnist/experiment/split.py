"""Which examples train and which are held out."""

import math
from dataclasses import dataclass

from keras_mnist.base.checks import integer
from keras_mnist.base.choice import Choice, Choices, Real, Switch, Whole, Word
from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment.order import stratified_order

LARGEST_SIDE = 16384
LEVELS, NUMBERS, WHOLE = "levels", "numbers", "whole"
# What the numbers of an example are: from 0 to 255; any; names of things. By it, how they are kept.
VALUES = {LEVELS: "uint8", NUMBERS: "float32", WHOLE: "int32"}
_SEED = 0  # of the order of `shuffle_split`: one for all runs, so that they stay paired


def _shape(name: str, value) -> tuple[int, ...]:
    sides = tuple(value) if isinstance(value, (list, tuple)) else ()
    if not sides:
        raise ExperimentError(f"{name} must be listed, as in (28, 28)", repr(value))
    for side in sides:
        integer(f"each of {name}", side, 1, LARGEST_SIDE)
    return sides


@dataclass(frozen=True)
class Data(Choices):
    """What the examples look like, which of them train and which are held out.

    Attributes:
        shape: of an example; (28, 28) is MNIST's. Like `classes` and `values`, it is the data
            set's to say, whose digest enters the key.
        classes: how many there are.
        values: `levels` from 0 to 255, `numbers` of any size, or `whole` numbers that stand for
            something, such as words.
        train_size: how many of the first training examples to use; `None`: all.
        validation_split: share in [0, 1), the last part of those, never trained on. With 0 the
            test set is measured after each epoch, for the record only.
        shuffle_split: take the training examples in another order, one for all runs, before they
            are split: in every part of it each class has the share that it has in the whole.
    """

    shape: tuple[int, ...] = Choice(_shape, flag=False, idle=lambda data: True).default((28, 28))
    classes: int = Choice(Whole(2, LARGEST_SIDE), flag=False, idle=lambda data: True).default(10)
    values: str = Choice(
        Word(VALUES),
        flag=False,
        idle=lambda data: True,
        added=True,
    ).default(LEVELS)
    train_size: int | None = Choice(
        Whole(1, 10_000_000, optional=True), "use only the first N training images", common=True
    ).default(None)
    validation_split: float = Choice(
        Real(0, 1, "[)"), "share of the training images, the last ones, held out", common=True
    ).default(0.2)
    shuffle_split: bool = Choice(
        Switch(),
        "a held-out part drawn at random, with its share of each class, instead of the last one",
        common=True,
        added=True,
    ).default(False)

    @property
    def dtype(self) -> str:
        """The NumPy type of an example's numbers."""
        return VALUES[self.values]

    @property
    def watched(self) -> str:
        """What is measured after every epoch beside `train`: `val`, or `test` without any."""
        return "val" if self.validation_split else "test"

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
                f"{total:,} with validation_split {self.validation_split:g}",
                "Take another validation_split, with 0 none is held out; or more images",
            )
        return train, held_out

    def order(self, labels):
        """Return the order in which training examples are split, int64 (n,); as they are: `None`.

        Args:
            labels: of them, whole numbers (n,).
        """
        return stratified_order(labels, _SEED) if self.shuffle_split else None
