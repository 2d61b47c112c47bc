"""HDF5 files: arrays by name, in groups or not. Links to other files are not followed."""

import math
from pathlib import Path

import h5py
import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found, no_numbers, not_read, require_pairs
from keras_mnist.data.memory import require_room
from keras_mnist.data.names import sorted_out
from keras_mnist.data.stream import seekable, whole
from keras_mnist.data.texts import require_names, text_array

_PIECE = 2**28  # bytes of texts that are read at once, at most


def read_hdf5(path: Path) -> Found:
    """Read the arrays of an HDF5 file by what their names say.

    Raises:
        DataError: the file is damaged, or holds no arrays whose names are clear.
    """
    with whole(path, "a whole HDF5 file"), h5py.File(seekable(path), "r") as file:
        inside: dict[str, h5py.Dataset] = {}

        def visit(name, thing):
            if isinstance(thing, h5py.Dataset):
                inside[name] = thing

        file.visititems(visit)  # hard links only
        names, others = sorted_out(inside, path)
        require_pairs(names, path, sorted(inside))
        sizes = (_size(inside[name], f"{name} of {path}") for name in names.values())
        require_room(path, sum(sizes), "by its headers")
        arrays = {array: _array(inside[name], f"{name} of {path}") for array, name in names.items()}
    return Found(arrays, not_read(others))


def _size(dataset: h5py.Dataset, name: str) -> int:
    """Return the bytes of an array that may be read, by its header."""
    if dataset.external is not None or dataset.is_virtual:
        raise DataError(f"{name} must lie in the file itself", "a link to another file")
    texts = _texts(dataset) and math.prod(dataset.shape[1:]) == 1  # labels: one for each row
    if (dataset.dtype.kind not in "biuf" and not texts) or not 1 <= dataset.ndim <= 4:
        raise no_numbers(name, dataset.dtype, dataset.shape)
    return math.prod(dataset.shape) * dataset.dtype.itemsize


def _texts(dataset: h5py.Dataset) -> bool:
    return h5py.check_string_dtype(dataset.dtype) is not None


def _array(dataset: h5py.Dataset, name: str) -> np.ndarray:
    if not _texts(dataset):
        return np.asarray(dataset[()])
    # Any number of labels may be the same long text, which lies in the file once: a piece is so
    # short that even then it is not large.
    rows = max(1, _PIECE // max(dataset.file.id.get_filesize(), dataset.dtype.itemsize))
    texts: list[str] = []
    for start in range(0, len(dataset), rows):
        piece = np.ravel(dataset.asstr()[start : start + rows])
        require_names(piece, name)
        texts += piece.tolist()
    return text_array(texts, name)
