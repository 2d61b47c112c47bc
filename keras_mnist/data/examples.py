"""What examples may be, and the form in which memory holds them.

Pixels from 0 to 255 stay bytes, whole numbers that stand for something are int32, all else is
float32: what the network is given is decided here once, for files and for arrays from Python.
"""

from typing import NamedTuple

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.rounding import require_distinct
from keras_mnist.experiment.split import VALUES

FORMS = (
    "images (n, height, width) or (n, height, width, 1 to 4 channels), sequences (n, time, "
    "features) or rows (n, columns)"
)
_ALIKE = "Were pixels divided in one part and not in the other? Convert both alike"
_EXACT = 2**24  # up to which float32 holds every whole number
_KINDS = {dtype: values for values, dtype in VALUES.items()}


class Examples(NamedTuple):
    """Training and test examples as memory holds them, and what was done to them, in words."""

    train: np.ndarray
    test: np.ndarray
    told: list[str]


def values_of(examples: np.ndarray) -> str:
    """Return what the numbers of such examples are, of `VALUES`."""
    return _KINDS[examples.dtype.name]


def read_examples(train, test, origin: str, columns: tuple[str, ...] = ()) -> Examples:
    """Return examples as memory holds them; converted where that is exact, and told.

    Args:
        train, test: arrays (n, ...) of real numbers.
        origin: whose they are, for messages.
        columns: names of those of rows, if they are known.

    Raises:
        DataError: they are none, or not alike, or rows of numbers that float32 does not tell apart.
    """
    told: list[str] = []
    parts = []
    for name, x in (("x_train", train), ("x_test", test)):
        parts.append(_shaped(f"{name} of {origin}", name, x, told))
    (train, test), shapes = parts, [part.shape[1:] for part in parts]
    if shapes[0] != shapes[1]:
        last = train.shape[:-1] == test.shape[:-1]
        remedy = "x = np.moveaxis(x, -1, 0) puts the examples first" if last else ""
        raise DataError(
            f"x_test of {origin} must be of the shape of x_train, {shapes[0]}", shapes[1], remedy
        )
    dtype = _kept(train, test, origin, told)
    if dtype == np.float32:
        for name, x in (("x_train", train), ("x_test", test)):
            _require_finite(f"{name} of {origin}", name, x)
        divided = [_are_divided(x) for x in (train, test)] if train.ndim > 2 else []
        if True in divided and False in divided:
            raise DataError(
                f"x_train and x_test of {origin} must be pixels of one kind",
                f"{'x_train' if divided[0] else 'x_test'} from 0 to 1, the other up to 255",
                _ALIKE,
            )
        if divided[:1] == [False]:
            told.append(
                "floats from 0 to 255, not divided by 255 (x.astype('uint8') makes levels of them)"
            )
    made = [part if part.dtype == dtype else part.astype(dtype) for part in (train, test)]
    if dtype == np.float32 and train.ndim == 2:
        for name, x, rounded in zip(("x_train", "x_test"), (train, test), made, strict=True):
            require_distinct(f"{name} of {origin}", x, rounded, columns, told)
    return Examples(made[0], made[1], list(dict.fromkeys(told)))


def _shaped(whose: str, name: str, x, told: list[str]) -> np.ndarray:
    """Return an array of a shape that examples have."""
    if not isinstance(x, np.ndarray):
        remedy = "np.asarray makes one of a list or a tensor"
        raise DataError(f"{whose} must be a NumPy array", type(x).__name__, remedy)
    received = f"{x.dtype} {x.shape}"
    if x.dtype.kind not in "biuf":
        remedy = f"{name} = {name}.astype('float32'), if they are numbers"
        raise DataError(f"{whose} must be real numbers", received, remedy)
    if not x.size or not 2 <= x.ndim <= 4:
        remedy = f"{name} = {name}.reshape(-1, 1)" if x.ndim == 1 else _squeezed(name, x)
        raise DataError(f"{whose} must be {FORMS}, n at least 1", received, remedy)
    if x.ndim == 4 and x.shape[3] > 4 and x.shape[1] <= 4:
        told.append(f"channels first, {x.shape[1:]}, put last")
        return x[:, 0] if x.shape[1] == 1 else np.ascontiguousarray(x.transpose(0, 2, 3, 1))
    if x.ndim == 4 and x.shape[3] > 4:
        raise DataError(f"{whose} must be {FORMS}", received, _squeezed(name, x))
    if x.shape[1:] == (784,) and x.dtype == np.uint8:
        told.append("rows of 784 pixels taken as images of 28 x 28")
        return x.reshape(-1, 28, 28)
    return x


def _are_divided(x: np.ndarray) -> bool | None:
    """Return whether pixels were divided by 255; `None`: that cannot be told."""
    if _are_levels(x) and x.max() > 1:
        return False
    return True if x.min() >= 0 and x.max() <= 1 and (x != np.rint(x)).any() else None


def _squeezed(name: str, x: np.ndarray) -> str:
    return f"{name} = {name}.squeeze() leaves out axes of 1" if 1 in x.shape else ""


def _kept(train: np.ndarray, test: np.ndarray, origin: str, told: list[str]):
    """Return the dtype that memory holds both parts in."""
    kinds = {train.dtype.kind, test.dtype.kind}
    if train.dtype == test.dtype == np.uint8:
        return np.uint8
    if kinds <= {"b", "f"}:
        return np.float32
    if not kinds <= {"i", "u"}:
        raise DataError(
            f"x_test of {origin} must be of the kind of x_train, {train.dtype}",
            f"{test.dtype}",
            _ALIKE,
        )
    low, high = min(train.min(), test.min()), max(train.max(), test.max())
    if train.ndim == 2:  # tokens: an Embedding must have them as they are
        if low < -(2**31) or high >= 2**31:
            raise DataError(
                f"whole numbers of {origin} must lie within 32 bits",
                f"from {low} to {high}",
                "Convert them if they are quantities: x.astype('float32')",
            )
        return np.int32
    if low >= 0 and high <= 255:
        told.append(f"pixels, {train.dtype}, kept as bytes from 0 to 255")
        return np.uint8
    if low < -_EXACT or high > _EXACT:
        raise DataError(
            f"whole numbers of {origin} must lie within {_EXACT:,}, which float32 holds exactly",
            f"from {low} to {high}",
            "x.astype('float32') rounds them",
        )
    told.append(f"whole numbers from {low} to {high} taken as float32")
    return np.float32


def _are_levels(x: np.ndarray) -> bool:
    first = x[:1000]
    return bool(x.min() >= 0 and x.max() <= 255 and (first == np.rint(first)).all())


def _require_finite(whose: str, name: str, x: np.ndarray) -> None:
    if x.dtype.kind != "f":
        return
    low, high = x.min(), x.max()  # not a number, if one is
    if np.isfinite(low) and np.isfinite(high) and max(-low, high) <= np.finfo(np.float32).max:
        return
    bad = ~np.isfinite(x.reshape(len(x), -1)).all(axis=1)
    raise DataError(
        f"{whose} must be finite numbers that float32 holds",
        f"others in {int(bad.sum()):,} of {len(x):,} examples"
        if bad.any()
        else f"{low:g}-{high:g}",
        f"Leave those examples out, or fill them: {name} = np.nan_to_num({name})",
    )
