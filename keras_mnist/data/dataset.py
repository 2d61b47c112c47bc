"""A data set in memory: images, labels, and the digest that says exactly which ones."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from keras_mnist.base.errors import DataError

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

    Raises:
        DataError: an array of another dtype or shape, or labels beyond 0-9. Labels of other whole
            number types are taken and become uint8; pixels are never converted unasked.
    """

    name: str
    x_train: np.ndarray = field(repr=False)
    y_train: np.ndarray = field(repr=False)
    x_test: np.ndarray = field(repr=False)
    y_test: np.ndarray = field(repr=False)
    path: str = ""
    note: str = ""

    def __post_init__(self):
        _require_mnist_s_form(self)

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


def _require_mnist_s_form(dataset: Dataset) -> None:
    """Check the four arrays, wherever they come from, and keep the labels as uint8."""
    origin = dataset.path or dataset.name
    for part in ("train", "test"):
        x, y = (getattr(dataset, f"{name}_{part}") for name in ("x", "y"))
        for name, array in (("x", x), ("y", y)):
            if not isinstance(array, np.ndarray):
                raise DataError(
                    f"{name}_{part} of {origin} must be a NumPy array",
                    type(array).__name__,
                    "np.asarray makes one of a list or a tensor",
                )
        if x.ndim != 3 or x.shape[1:] != (28, 28) or x.dtype != np.uint8 or len(x) == 0:
            raise DataError(
                f"x_{part} of {origin} must be uint8 of shape (n, 28, 28), n at least 1, 0-255",
                f"{x.dtype} {x.shape}",
                _images_remedy(f"x_{part}", x),
            )
        if y.shape != x.shape[:1] or y.dtype.kind not in "iu":
            raise DataError(
                f"y_{part} of {origin} must be whole numbers of shape ({len(x)},)",
                f"{y.dtype} {y.shape}",
                _labels_remedy(f"y_{part}", y, len(x)),
            )
        if y.min() < 0 or y.max() > 9:
            raise DataError(
                f"y_{part} of {origin} must lie in 0-9", f"values from {y.min()} to {y.max()}"
            )
        object.__setattr__(dataset, f"y_{part}", y.astype(np.uint8))


def _images_remedy(name: str, x: np.ndarray) -> str:
    """Return the lines of NumPy that make of `x` what is asked for, as far as that is clear."""
    lines = []
    if (x.ndim == 4 and 1 in (x.shape[1], x.shape[3])) or (x.ndim == 2 and x.shape[1] == 784):
        lines.append(f"{name} = {name}.reshape(-1, 28, 28)")
    if x.dtype != np.uint8 and x.dtype.kind in "iuf" and x.size and x.min() >= 0:
        if x.dtype.kind == "f" and x.max() <= 1:
            lines.append(f"{name} = np.rint(255 * {name}).astype(np.uint8)")
        elif x.max() <= 255 and (x == np.rint(x)).all():
            lines.append(f"{name} = {name}.astype(np.uint8)")
    return "; ".join(lines)


def _labels_remedy(name: str, y: np.ndarray, count: int) -> str:
    if y.shape == (count, 1):
        return f"{name} = {name}.ravel()"
    if y.shape == (count, 10):
        return f"{name} = {name}.argmax(axis=1)"
    if y.shape == (count,) and y.dtype.kind == "f":
        return f"{name} = {name}.astype(np.uint8)"
    return ""
