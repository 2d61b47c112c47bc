"""A data set in memory: images, labels, and the digest that says exactly which ones."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from keras_mnist.errors import DataError

ARRAYS = ("x_train", "y_train", "x_test", "y_test")

# SHA-256 as `Dataset.digest` computes it, of the arrays whose IDX files have the MD5 sums of
# the original distribution (tests/test_data.py checks those).
CANONICAL_MNIST = "d10c24891c3840465311ecb7dec2556a9ee94d95d88acb7ff697ada2feaf954b"


@dataclass(frozen=True)
class Dataset:
    """Training and test images with their labels.

    Attributes:
        name: `mnist`, `digits`, `fashion_mnist`, or the name of the file it came from.
        x_train: uint8 (n, 28, 28), 0-255.
        y_train: uint8 (n,), 0-9.
        x_test: uint8 (m, 28, 28), 0-255.
        y_test: uint8 (m,), 0-9.
        path: where it was read from; empty for the embedded digits.
        note: what a reader of any result must know about it; empty for the canonical MNIST.
    """

    name: str
    x_train: np.ndarray = field(repr=False)
    y_train: np.ndarray = field(repr=False)
    x_test: np.ndarray = field(repr=False)
    y_test: np.ndarray = field(repr=False)
    path: str = ""
    note: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the four arrays, their names and shapes."""
        sha = hashlib.sha256()
        for name in ARRAYS:
            array = np.ascontiguousarray(getattr(self, name))
            sha.update(f"{name} {array.shape} ".encode())
            sha.update(array)
        return sha.hexdigest()

    @property
    def canonical(self) -> bool:
        """Whether these are the arrays of the original MNIST, bit for bit."""
        return self.digest == CANONICAL_MNIST

    @property
    def identity(self) -> dict:
        """`name`, `digest`, `canonical` and how many `images`, as a run record keeps them."""
        images = {"train": len(self.x_train), "test": len(self.x_test)}
        about = {"name": self.name, "digest": self.digest, "canonical": self.canonical}
        return {**about, "images": images}


def checked(arrays: dict, origin: str) -> dict:
    """Return the four arrays as uint8, or say which of them is not of MNIST's form.

    Args:
        arrays: by the names in `ARRAYS`.
        origin: the file or folder, for the message.

    Raises:
        DataError: wrong shapes, dtypes or labels.
    """
    images, labels = {}, {}
    for part in ("train", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if x.ndim != 3 or x.shape[1:] != (28, 28) or x.dtype != np.uint8 or len(x) == 0:
            raise DataError(
                f"x_{part} of {origin} must be uint8 of shape (n, 28, 28), n at least 1",
                f"{x.dtype} {x.shape}",
            )
        if y.shape != x.shape[:1] or y.dtype.kind not in "iu":
            raise DataError(
                f"y_{part} of {origin} must be whole numbers of shape ({len(x)},)",
                f"{y.dtype} {y.shape}",
            )
        if y.min() < 0 or y.max() > 9:
            raise DataError(
                f"y_{part} of {origin} must lie in 0-9", f"values from {y.min()} to {y.max()}"
            )
        images[f"x_{part}"], labels[f"y_{part}"] = x, y.astype(np.uint8)
    return images | labels
