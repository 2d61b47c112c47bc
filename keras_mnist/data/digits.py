"""The digits that every installation has: scikit-learn's, brought to MNIST's form."""

from typing import Any

import numpy as np

from keras_mnist.data.dataset import NO_VERDICT, Dataset

TRAINING_IMAGES = 1500  # the first of 1,797; the rest test


def handwritten_digits(note: str) -> Dataset:
    """Return scikit-learn's 1,797 digits as 28 x 28 images.

    Each of the 8 x 8 pixels (0-16) becomes a 3 x 3 block (0-255), with a margin of 2: whole
    numbers throughout, so the digest is the same on every machine.
    """
    from sklearn.datasets import load_digits  # slow to import, and seldom needed

    found: Any = load_digits()
    pixels = np.rint(found.images * 255 / 16).astype(np.uint8)
    images = np.pad(pixels.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    labels = found.target.astype(np.uint8)
    n = TRAINING_IMAGES
    return Dataset("digits", images[:n], labels[:n], images[n:], labels[n:], note=note)


def digits() -> Dataset:
    """Return them as a data set that was asked for by name."""
    return handwritten_digits(f"scikit-learn's handwritten digits, not MNIST: {NO_VERDICT}")
