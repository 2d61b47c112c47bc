"""A data set in memory: images, labels, and the digest that says exactly which ones."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from keras_mnist.base.checks import integer
from keras_mnist.base.errors import DataError

NO_VERDICT = "nothing published is compared with it"
ARRAYS = ("x_train", "y_train", "x_test", "y_test")

# SHA-256 as `Dataset.digest` computes it, of the arrays whose IDX files have the MD5 sums of
# the original distribution (tests/data/test_data.py checks those).
CANONICAL_MNIST = "d10c24891c3840465311ecb7dec2556a9ee94d95d88acb7ff697ada2feaf954b"


@dataclass(frozen=True)
class Dataset:
    """Training and test images with their labels.

    Attributes:
        name: `mnist`, `digits`, `fashion_mnist`, or the name of the file it came from.
        x_train: uint8 (n, height, width) or (n, height, width, channels), 0-255.
        y_train: uint8 (n,), below `classes`.
        x_test: as `x_train`, of the same shape.
        y_test: uint8 (m,), below `classes`.
        path: where it was read from; empty for the embedded digits.
        note: what a reader of any result must know about it; empty for the canonical MNIST.
        classes: how many there are, 2 to 256; labels are whole numbers from 0.

    Raises:
        DataError: an array of another dtype or shape, or labels beyond the classes. Labels of other
            whole number types are taken and become uint8; pixels are never converted unasked.
    """

    name: str
    x_train: np.ndarray = field(repr=False)
    y_train: np.ndarray = field(repr=False)
    x_test: np.ndarray = field(repr=False)
    y_test: np.ndarray = field(repr=False)
    path: str = ""
    note: str = ""
    classes: int = 10

    def __post_init__(self):
        _require_sound(self)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an example: (28, 28) of MNIST's."""
        return self.x_train.shape[1:]

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the four arrays, their names and shapes."""
        sha = hashlib.sha256()
        for name in ARRAYS:
            array = np.ascontiguousarray(getattr(self, name))
            sha.update(f"{name} {array.shape} ".encode())
            sha.update(array.data)
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


def _require_sound(dataset: Dataset) -> None:
    """Check the four arrays, wherever they come from, and keep the labels as uint8."""
    origin = dataset.path or dataset.name
    integer("classes", dataset.classes, 2, 256)
    for part in ("train", "test"):
        x, y = (getattr(dataset, f"{name}_{part}") for name in ("x", "y"))
        for name, array in (("x", x), ("y", y)):
            if not isinstance(array, np.ndarray):
                raise DataError(
                    f"{name}_{part} of {origin} must be a NumPy array",
                    type(array).__name__,
                    "np.asarray makes one of a list or a tensor",
                )
        colours = x.ndim == 4 and 2 <= x.shape[3] <= 4
        if not (x.ndim == 3 or colours) or x.dtype != np.uint8 or x.size == 0:
            raise DataError(
                f"x_{part} of {origin} must be uint8, 0-255, of shape (n, height, width) or, with "
                "2 to 4 channels, (n, height, width, channels), n at least 1",
                f"{x.dtype} {x.shape}",
                _images_remedy(f"x_{part}", x),
            )
        if y.shape != x.shape[:1] or y.dtype.kind not in "iu":
            raise DataError(
                f"y_{part} of {origin} must be whole numbers of shape ({len(x)},)",
                f"{y.dtype} {y.shape}",
                _labels_remedy(f"y_{part}", y, (len(x), dataset.classes)),
            )
        if y.min() < 0 or y.max() >= dataset.classes:
            raise DataError(
                f"y_{part} of {origin} must lie in 0-{dataset.classes - 1}",
                f"values from {y.min()} to {y.max()}",
            )
        object.__setattr__(dataset, f"y_{part}", y.astype(np.uint8))
    if dataset.x_test.shape[1:] != dataset.shape:
        raise DataError(
            f"x_test of {origin} must be of the shape of x_train, {dataset.shape}",
            dataset.x_test.shape[1:],
        )


def _images_remedy(name: str, x: np.ndarray) -> str:
    """Return the lines of NumPy that make of `x` what is asked for, as far as that is clear."""
    lines = []
    if x.ndim == 4 and 1 in (x.shape[1], x.shape[3]):
        sides = x.shape[2:] if x.shape[1] == 1 else x.shape[1:3]
        lines.append(f"{name} = {name}.reshape(-1, {sides[0]}, {sides[1]})")
    elif x.ndim == 4 and x.shape[1] in (3, 4):
        lines.append(f"{name} = {name}.transpose(0, 2, 3, 1)")
    elif x.ndim == 2 and x.shape[1] == 784:
        lines.append(f"{name} = {name}.reshape(-1, 28, 28)")
    if x.dtype != np.uint8 and x.dtype.kind in "iuf" and x.size and x.min() >= 0:
        if x.dtype.kind == "f" and x.max() <= 1:
            lines.append(f"{name} = np.rint(255 * {name}).astype(np.uint8)")
        elif x.max() <= 255 and (x == np.rint(x)).all():
            lines.append(f"{name} = {name}.astype(np.uint8)")
    return "; ".join(lines)


def _labels_remedy(name: str, y: np.ndarray, one_hot: tuple[int, int]) -> str:
    if y.shape == (one_hot[0], 1):
        return f"{name} = {name}.ravel()"
    if y.shape == one_hot:
        return f"{name} = {name}.argmax(axis=1)"
    if y.shape == one_hot[:1] and y.dtype.kind == "f":
        return f"{name} = {name}.astype(np.uint8)"
    return ""
