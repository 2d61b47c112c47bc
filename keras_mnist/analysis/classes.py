"""What is said of each class: the confusion of classes, and measures that weigh classes alike."""

from dataclasses import dataclass

import numpy as np

UNEVEN = 1.5  # times as many images as the smallest class has: accuracy hides the small ones


@dataclass(frozen=True)
class ByClass:
    """How one network does by class.

    Attributes:
        confusion: whole numbers (classes, classes): images of a class (row), said to be another
            (column).
    """

    confusion: np.ndarray

    @property
    def balanced_accuracy(self) -> float:
        """The mean over classes that have images of the share that is right, in [0, 1]."""
        return float(self._recall.mean())

    @property
    def macro_f1(self) -> float:
        """The mean over classes that have images of the harmonic mean of precision and recall.

        A class that is never said has zero.
        """
        right, said = self.confusion.diagonal(), self.confusion.sum(0)
        images = self.confusion.sum(1)
        return float((2 * right / np.maximum(said + images, 1))[images > 0].mean())

    @property
    def _recall(self) -> np.ndarray:
        images = self.confusion.sum(1)
        return (self.confusion.diagonal() / np.maximum(images, 1))[images > 0]


def by_class(beyond, labels, classes: int) -> ByClass:
    """Return how a network does by class.

    Args:
        beyond: of each image, how far the class that was said lies beyond the right one, around
            all classes; whole numbers (n,).
        labels: the right ones, whole numbers (n,) from 0.
        classes: how many there are.

    Raises:
        ValueError: the two are of different lengths.
    """
    labels = np.asarray(labels, np.int64)
    beyond = np.asarray(beyond, np.int64)
    if len(labels) != len(beyond):
        raise ValueError(f"{len(beyond)} answers are not about {len(labels)} images")
    said = (labels + beyond) % classes
    counts = np.bincount(labels * classes + said, minlength=classes * classes)
    return ByClass(counts.reshape(classes, classes))


def uneven(labels) -> bool:
    """Return whether some class has so many more images than another that accuracy misleads."""
    counts = np.bincount(np.asarray(labels, np.int64))
    counts = counts[counts > 0]
    return len(counts) > 1 and counts.max() >= UNEVEN * counts.min()
