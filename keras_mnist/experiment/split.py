"""Which images train and which are held out."""

import math
from dataclasses import dataclass

from keras_mnist.base.checks import integer, real, text
from keras_mnist.base.errors import ExperimentError


@dataclass(frozen=True)
class Data:
    """Which images train and which are held out.

    Attributes:
        dataset: the data set's name; the digest of its arrays, not this, enters the key.
        train_size: how many of the first training images to use; `None`: all.
        validation_split: share in [0, 1), the last part of those, never trained on. With 0 the
            test set is measured after each epoch, for the record only.
    """

    dataset: str = "mnist"
    train_size: int | None = None
    validation_split: float = 0.2

    def __post_init__(self):
        text("dataset", self.dataset)
        if self.train_size is not None:
            integer("train_size", self.train_size, 1, 10_000_000)
        real(self, "validation_split", 0, 1, "[)")

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
