"""Examples in NumPy's own files, to be asked about: whatever a network takes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.npz import read_single


def read_array(path: Path, shape: tuple[int, ...], dtype: str) -> Iterator[np.ndarray | DataError]:
    """Yield the examples of an `.npy` file, or of an `.npz` file with one array.

    Args:
        path: of the file.
        shape: of an example; the file holds one, or (n, *shape).
        dtype: of examples; what the file holds is converted where that is exact, or to float32.

    Yields:
        dtype `shape` of each, or what is wrong with it.

    Raises:
        DataError: the file is damaged, or holds something else. Nothing is unpickled.
    """
    found = read_single(path)
    if found.shape == shape:
        found = found[None]
    if found.shape[1:] != shape or found.dtype.kind not in "biuf" or not len(found):
        raise DataError(
            f"{path} must hold numbers of shape (n, {', '.join(map(str, shape))})",
            f"{found.dtype} {found.shape}",
        )
    for number, example in enumerate(found):
        yield _converted(example, dtype, f"example {number} of {path}")


def _converted(example: np.ndarray, dtype: str, whose: str) -> np.ndarray | DataError:
    if dtype == "float32":
        with np.errstate(over="ignore"):
            made = np.asarray(example, np.float32)
        if np.isfinite(made).all():
            return made
        return DataError(f"{whose} must be finite numbers that float32 holds", "others")
    limits = np.iinfo(dtype)
    whole = np.isfinite(example).all() and (example == np.rint(example)).all()
    if whole and example.min() >= limits.min and example.max() <= limits.max:
        return np.asarray(example).astype(dtype)
    return DataError(f"{whose} must be whole numbers from {limits.min} to {limits.max}", "others")
