"""MATLAB's files, whose arrays mostly have their examples in columns."""

import math
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found, require_pairs
from keras_mnist.data.hdf5 import read_hdf5
from keras_mnist.data.memory import require_room
from keras_mnist.data.names import sorted_out
from keras_mnist.data.stream import seekable, start_of, whole

_HDF5 = b"\x89HDF"
# By MATLAB's name of a class of numbers, its bytes.
_BYTES = {"double": 8, "single": 4, "logical": 1, "char": 4}
_BYTES |= {f"{sign}int{bits}": bits // 8 for sign in ("", "u") for bits in (8, 16, 32, 64)}


def read_mat(path: Path) -> Found:
    """Read the arrays of a `.mat` file by what their names say.

    Raises:
        DataError: the file is damaged, or holds no arrays whose names are clear.
    """
    if _HDF5 in start_of(path, 516):  # version 7.3 has it after 512 bytes of its own
        found = read_hdf5(path)
        return Found(_along_examples(found.arrays, path), found.told)
    from scipy import io

    with whole(path, "a whole .mat file"):
        source = seekable(path)
        listed = {name: (shape, kind) for name, shape, kind in io.whosmat(source)}
        names, others = sorted_out(listed, path)
        require_pairs(names, path, sorted(listed))
        size = 0
        for name in names.values():
            shape, kind = listed[name]
            if kind not in _BYTES:
                raise DataError(
                    f"{name} of {path} must be numbers", f"a {kind}", "Save it as a plain array"
                )
            size += math.prod(shape) * _BYTES[kind]
        require_room(path, size, "by its headers")
        content = io.loadmat(source, variable_names=list(names.values()), squeeze_me=False)
        arrays = {array: np.asarray(content[name]) for array, name in names.items()}
    told = [f"not read: {', '.join(others)}"] if others else []
    return Found(_along_examples(arrays, path), told)


def _along_examples(arrays: dict, path: Path) -> dict:
    """Return arrays with the examples along the first axis, as many as there are labels."""
    made = {}
    for part in ("train", "test"):
        if f"y_{part}" not in arrays:
            continue
        y, x = arrays[f"y_{part}"], arrays[f"x_{part}"]
        y = y.reshape(-1) if 1 in y.shape and y.ndim == 2 else y
        if len(y) not in (x.shape[0], x.shape[-1]):
            raise DataError(
                f"{path} must hold as many examples as labels, {len(y):,}", f"{x.dtype} {x.shape}"
            )
        if x.shape[0] != len(y):
            x = np.ascontiguousarray(np.moveaxis(x, -1, 0))
        made |= {f"x_{part}": x, f"y_{part}": y}
    return made
