"""Which images train and which are held out."""

import math
from dataclasses import dataclass

from keras_mnist.base.checks import text
from keras_mnist.base.choice import Choice, Choices, Real, Whole
from keras_mnist.base.errors import ExperimentError


def _name(name: str, value) -> str:
    text(name, value)
    return value


@dataclass(frozen=True)
class Data(Choices):
    """Which images train and which are held out.

    Attributes:
        dataset: the data set's name; the digest of its arrays, not this, enters the key.
        train_size: how many of the first training images to use; `None`: all.
        validation_split: share in [0, 1), the last part of those, never trained on. With 0 the
            test set is measured after each epoch, for the record only.
    """

    dataset: str = Choice(_name, flag=False, idle=lambda data: True).default("mnist")
    train_size: int | None = Choice(
        Whole(1, 10_000_000, optional=True), "use only the first N training images", common=True
    ).default(None)
    validation_split: float = Choice(
        Real(0, 1, "[)"), "share of the training images, the last ones, held out", common=True
    ).default(0.2)

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
