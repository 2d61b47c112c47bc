"""A data set in memory: examples, labels, and the digest that says exactly which ones."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from keras_mnist.data.examples import read_examples, values_of
from keras_mnist.data.labels import read_labels
from keras_mnist.data.moments import moments_of
from keras_mnist.experiment.split import LEVELS, WHOLE

NO_VERDICT = "nothing published is compared with it"
ARRAYS = ("x_train", "y_train", "x_test", "y_test")

# SHA-256 as `Dataset.digest` computes it, of the arrays whose IDX files have the MD5 sums of
# the original distribution (tests/data/test_data.py checks those).
CANONICAL_MNIST = "d10c24891c3840465311ecb7dec2556a9ee94d95d88acb7ff697ada2feaf954b"


@dataclass(frozen=True)
class Dataset:
    """Training and test examples with their labels.

    Arrays are converted where that is exact, and `note` says so.

    Attributes:
        name: `mnist`, `digits`, `wine`, or the name of the file it came from.
        x_train: images (n, height, width) or (n, height, width, channels), sequences (n, time,
            features), or rows (n, columns); uint8 from 0 to 255, float32, or int32: whole numbers
            that stand for something, in rows.
        y_train: (n,), whole numbers below `classes`: uint8, or int32 where they are more than 256.
        x_test: as `x_train`, of the same shape.
        y_test: (m,), as `y_train`.
        path: where it was read from; empty for the embedded sets.
        note: what a reader of any result must know about it; empty for the canonical MNIST.
        classes: how many there are, from 2; 0: as many as the labels show. Beside images of
            MNIST's form, whole numbers below ten are ten classes.
        class_names: of the classes, where their numbers are not what the labels were.
        test_split: the share of its examples and the seed by which a test part was drawn from
            them; `None` where the data set has one of its own.
        columns: names of a table's, where they are known; they decide nothing.

    Raises:
        DataError: arrays that are no examples, or labels that are no classes.
        ExperimentError: `classes` is no number of classes.
    """

    name: str
    x_train: np.ndarray = field(repr=False)
    y_train: np.ndarray = field(repr=False)
    x_test: np.ndarray = field(repr=False)
    y_test: np.ndarray = field(repr=False)
    path: str = ""
    note: str = ""
    classes: int = 0
    class_names: tuple[str, ...] = ()
    test_split: tuple[float, int] | None = None
    columns: tuple[str, ...] = ()

    def __post_init__(self):
        origin = self.path or self.name
        x = read_examples(self.x_train, self.x_test, origin, self.columns)
        digits = x.train.dtype == np.uint8 and x.train.shape[1:] == (28, 28)
        counts = len(x.train), len(x.test)
        about_classes = self.classes, self.class_names, digits
        y = read_labels(self.y_train, self.y_test, origin, counts, *about_classes)
        told = [text for text in (*x.told, *y.told) if text not in self.note]
        arrays = zip(ARRAYS, (x.train, y.train, x.test, y.test), strict=True)
        about = {"classes": y.classes, "class_names": y.names}
        about["note"] = "; ".join(filter(None, (self.note, *told)))
        known = x.train.shape[1:] == (len(self.columns),)
        about["columns"] = tuple(map(str, self.columns)) if known else ()
        for name, value in (*arrays, *about.items()):
            object.__setattr__(self, name, value)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an example: (28, 28) of MNIST's."""
        return self.x_train.shape[1:]

    @property
    def values(self) -> str:
        """What the numbers of an example are: `levels` from 0 to 255, `numbers`, or `whole`."""
        return values_of(self.x_train)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the four arrays, their names and shapes, and of class names."""
        sha = hashlib.sha256()
        for name in ARRAYS:
            array = np.ascontiguousarray(getattr(self, name))
            kind = "" if array.dtype == np.uint8 else f"{array.dtype} "
            sha.update(f"{name} {array.shape} {kind}".encode())
            sha.update(array.data)
        if self.class_names:
            sha.update(json.dumps(self.class_names).encode())
        return sha.hexdigest()

    @property
    def canonical(self) -> bool:
        """Whether these are the arrays of the original MNIST, bit for bit."""
        return self.digest == CANONICAL_MNIST

    @property
    def mean(self) -> tuple[float, ...] | None:
        """Of the training part, one for a channel or column.

        `None` for MNIST, whose published one is taken, and for numbers that stand for something.
        """
        return self._moments[0]

    @property
    def deviation(self) -> tuple[float, ...] | None:
        """The standard deviation, as `mean`."""
        return self._moments[1]

    @cached_property
    def _moments(self) -> tuple[tuple[float, ...] | None, tuple[float, ...] | None]:
        if self.values == WHOLE or (self.values == LEVELS and self.canonical):
            return None, None
        return moments_of(self.x_train)

    @property
    def identity(self) -> dict:
        """`name`, `digest`, `canonical` and how many `images`, as a run record keeps them.

        And, where there are any, `class_names`, and how its `test_split` was drawn.
        """
        images = {"train": len(self.x_train), "test": len(self.x_test)}
        about = {"name": self.name, "digest": self.digest, "canonical": self.canonical}
        named: dict = {"class_names": list(self.class_names)} if self.class_names else {}
        if self.test_split:
            share, seed = self.test_split
            named["test_split"] = {"share": share, "seed": seed}
        return {**about, "images": images, **named}
