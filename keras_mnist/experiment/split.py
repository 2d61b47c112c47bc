"""Which images train and which are held out."""

import math
from dataclasses import dataclass

from keras_mnist.base.checks import integer
from keras_mnist.base.choice import Choice, Choices, Real, Whole
from keras_mnist.base.errors import ExperimentError

LARGEST_SIDE = 16384


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
        shape: of an example; (28, 28) is MNIST's. Like `classes`, it is the data set's to say,
            whose digest enters the key.
        classes: how many there are.
        train_size: how many of the first training images to use; `None`: all.
        validation_split: share in [0, 1), the last part of those, never trained on. With 0 the
            test set is measured after each epoch, for the record only.
    """

    shape: tuple[int, ...] = Choice(_shape, flag=False, idle=lambda data: True).default((28, 28))
    classes: int = Choice(Whole(2, LARGEST_SIDE), flag=False, idle=lambda data: True).default(10)
    train_size: int | None = Choice(
        Whole(1, 10_000_000, optional=True), "use only the first N training images", common=True
    ).default(None)
    validation_split: float = Choice(
        Real(0, 1, "[)"), "share of the training images, the last ones, held out", common=True
    ).default(0.2)

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
                f"{total} images with validation_split {self.validation_split:g}",
            )
        return train, held_out
