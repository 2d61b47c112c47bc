"""Labels as they come: numbers, one-hot rows, texts; read as classes from 0, which keep their name.

Nothing is guessed: what is converted is converted exactly, and said.
"""

import re
from typing import NamedTuple

import numpy as np

from keras_mnist.base.checks import as_python, integer
from keras_mnist.base.errors import DataError, shown
from keras_mnist.data.texts import require_names, text_array
from keras_mnist.experiment.split import LARGEST_SIDE

DIGITS = 10  # the classes of images of MNIST's form, whichever of them occur
_MOST = 0.8  # share of one class from which an accuracy says little
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")


class Labels(NamedTuple):
    """Training and test labels, whole numbers from 0; how many classes; their names; what to say.

    Labels are uint8 where that holds all classes, else int32. Names are empty where the numbers
    are the classes.
    """

    train: np.ndarray
    test: np.ndarray
    classes: int
    names: tuple[str, ...]
    told: list[str]


def read_labels(
    train, test, origin: str, counts: tuple[int, int], classes=0, names=(), digits: bool = False
) -> Labels:
    """Return labels as classes from 0.

    Args:
        train, test: arrays (n,), (n, 1) or one-hot (n, classes).
        origin: whose they are, for messages.
        counts: how many training and test examples there are.
        classes: how many there are, if that is known; else 0.
        names: of the classes, where labels are whole numbers from 0 already.
        digits: whether whole numbers below ten are MNIST's ten classes.

    Raises:
        DataError: they are no classes.
        ExperimentError: `classes` is no number of classes.
    """
    told: list[str] = []
    found = [
        _plain(f"{name} of {origin}", name, y, count, told)
        for name, y, count in zip(("y_train", "y_test"), (train, test), counts, strict=True)
    ]
    names, classes = tuple(names), as_python(classes)
    if classes or names:
        integer("classes", classes or len(names), 2, LARGEST_SIDE)
    if len({y.dtype.kind for y in found}) > 1:
        found = [y.astype(str) for y in found]
    values = np.unique(np.concatenate(found))
    if names or (classes and values.dtype.kind == "i"):
        classes = classes or len(names)
        _require_within(found, classes, origin)
    elif values.dtype.kind == "i" and (hot := _one_hot(train, counts[0])):
        classes = hot
        _require_within(found, classes, origin)
    elif values.dtype.kind == "i" and digits and values[0] >= 0 and values[-1] < DIGITS:
        classes = DIGITS
    elif values.dtype.kind == "i" and values[0] == 0 and values[-1] == len(values) - 1:
        classes = len(values)
    else:
        names = tuple(map(str, values))
        found = [np.searchsorted(values, y) for y in found]
        told.append(f"{len(names)} classes named by their labels, {_some(names)}")
    if names and classes not in (0, len(names)):
        raise DataError(
            f"the classes of {origin} must be as many as their names, {len(names)}", classes
        )
    classes = len(names) or classes
    if not 2 <= classes <= LARGEST_SIDE:
        raise DataError(f"{origin} must have 2 to {LARGEST_SIDE:,} classes", classes)
    kept = np.uint8 if classes <= 256 else np.int32
    train, test = (y.astype(kept, copy=False) for y in found)
    told += _uneven(train, classes, names)
    return Labels(train, test, classes, names, list(dict.fromkeys(told)))


def _plain(whose: str, name: str, y, count: int, told: list[str]) -> np.ndarray:
    """Return labels as int64 or texts (n,)."""
    if not isinstance(y, np.ndarray):
        remedy = "np.asarray makes one of a list or a tensor"
        raise DataError(f"{whose} must be a NumPy array", type(y).__name__, remedy)
    received = f"{y.dtype} {y.shape}"
    if y.shape != (count,) and sorted(y.shape, reverse=True)[:2] == [count, 1]:
        told.append(f"labels {_axes(y.shape, count)} taken as (n,)")
        y = y.reshape(count)
    if _one_hot(y, count):
        told.append("one-hot labels taken as classes")
        y = y.argmax(axis=1)
    if y.shape != (count,):
        if y.shape[:1] == (count,):
            remedy = f"Of probabilities: {name} = {name}.argmax(axis=1)"
        else:
            remedy = f"Keep as many labels as examples: {count:,}"
        raise DataError(
            f"{whose} must be whole numbers or texts of shape ({count},)", received, remedy
        )
    if y.dtype.kind == "O" and all(isinstance(label, str) for label in y):
        y = text_array(y, whose)
    if y.dtype.kind == "S":
        y = np.char.decode(y, "utf-8", "replace")
    if y.dtype.kind == "U":
        require_names(y, whose)
        if not all(map(_WHOLE.fullmatch, np.unique(y))):
            return y
        told.append("labels are whole numbers written as texts")
        return y.astype(np.int64)
    if y.dtype.kind == "f":
        if not (np.isfinite(y).all() and (y == np.rint(y)).all() and np.abs(y).max() < 2**53):
            other = next((v for v in y if v != np.rint(v)), y[0])
            raise DataError(
                f"{whose} must be classes: whole numbers or texts",
                f"{y.dtype} such as {other:g}",
                f"np.digitize makes classes of quantities: {name} = np.digitize({name}, [...])",
            )
        told.append(f"labels are whole numbers written as {y.dtype}")
    elif y.dtype.kind not in "biu":
        remedy = f"{name} = {name}.astype(int), or .astype(str)"
        raise DataError(
            f"{whose} must be whole numbers or texts of shape ({count},)", received, remedy
        )
    return y.astype(str) if y.dtype.kind == "u" and y.max() >= 2**63 else y.astype(np.int64)


def _axes(shape: tuple[int, ...], count: int) -> str:
    return "({})".format(", ".join("n" if length == count else str(length) for length in shape))


def _one_hot(y: np.ndarray, count: int) -> int:
    """Return of how many classes one-hot labels are; 0 if they are none."""
    if y.ndim != 2 or len(y) != count or y.shape[1] < 2 or y.dtype.kind not in "biuf":
        return 0
    single = ((y == 0) | (y == 1)).all() and (y.astype(np.int64).sum(axis=1) == 1).all()
    return y.shape[1] if single else 0


def _require_within(found: list[np.ndarray], classes: int, origin: str) -> None:
    for name, y in zip(("y_train", "y_test"), found, strict=True):
        if y.dtype.kind != "i" or y.min() < 0 or y.max() >= classes:
            raise DataError(
                f"{name} of {origin} must lie in 0-{classes - 1}",
                f"values from {min(y)} to {max(y)}",
            )


def _uneven(train: np.ndarray, classes: int, names: tuple[str, ...]) -> list[str]:
    """Return what is to be said of classes that no training example shows, or most of them."""
    shares = np.bincount(train, minlength=classes) / len(train)
    called = names or [str(c) for c in range(classes)]
    absent = [called[c] for c in np.flatnonzero(shares == 0)]
    told = [f"no training example of class {_some(absent)}"] if absent else []
    if shares.max() >= _MOST:
        most = shown(called[shares.argmax()], 40)
        told.append(f"{shares.max():.0%} of the training examples are of class {most}")
    return told


def _some(words, most: int = 5) -> str:
    return ", ".join(shown(word, 40) for word in words[:most]) + (
        ", ..." if len(words) > most else ""
    )
