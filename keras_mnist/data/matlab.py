"""MATLAB's files, whose arrays mostly have their examples in columns."""

import contextlib
import io
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found, not_read, require_pairs
from keras_mnist.data.hdf5 import read_hdf5
from keras_mnist.data.memory import require_room
from keras_mnist.data.names import sorted_out
from keras_mnist.data.stream import read_exactly, seekable, start_of, whole

_HDF5 = b"\x89HDF"
# By MATLAB's name of a class of numbers, its bytes.
_BYTES = {"double": 8, "single": 4, "logical": 1, "char": 4}
_BYTES |= {f"{sign}int{bits}": bits // 8 for sign in ("", "u") for bits in (8, 16, 32, 64)}
_PACKED = 15  # of a variable: that it is compressed
_PARTS = 2  # of a complex number
_HEADERS = 2**16  # bytes of what comes before numbers
_PIECE = 2**20  # bytes that are unpacked at once


def read_mat(path: Path) -> Found:
    """Read the arrays of a `.mat` file by what their names say.

    Raises:
        DataError: the file is damaged, or holds no arrays whose names are clear.
    """
    if _HDF5 in start_of(path, 516):  # version 7.3 has it after 512 bytes of its own
        found = read_hdf5(path)
        return Found(_along_examples(found.arrays, path), found.told)
    from scipy.io import loadmat, whosmat

    with whole(path, "a whole .mat file"):
        source = seekable(path)
        in_order = whosmat(source)
        listed = {name: (shape, kind) for name, shape, kind in in_order}
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
        wanted = [name in names.values() for name, *_ in in_order]
        _require_no_longer(source, path, size, wanted)
        content = loadmat(source, variable_names=list(names.values()), squeeze_me=False)
        arrays = {array: np.asarray(content[name]) for array, name in names.items()}
    return Found(_along_examples(arrays, path), not_read(others))


def _require_no_longer(source, path: Path, size: int, wanted: list[bool]) -> None:
    """Check that no array that is wanted is longer, unpacked, than the headers say.

    What reads it would unpack all of it, whatever shape its header names.

    Args:
        source: path of the file, or its content.
        path: of the file, for messages.
        size: of all arrays that are wanted, in bytes, by their headers.
        wanted: of each variable in the file, in order.
    """
    most = _PARTS * size + _HEADERS
    with contextlib.ExitStack() as opened:
        file = (
            source if isinstance(source, io.BytesIO) else opened.enter_context(open(source, "rb"))
        )
        file.seek(0)
        start = file.read(128)
        if 0 in start[:4]:  # version 4, which packs nothing
            return
        form = "<II" if start[126:128] == b"IM" else ">II"
        for each in wanted:
            kind, length = struct.unpack(form, read_exactly(file, 8, path, False))
            after = file.tell() + length
            if each and kind == _PACKED:
                unpacker, left = zlib.decompressobj(), most
                while left > 0 and (piece := file.read(min(_PIECE, after - file.tell()))):
                    while left > 0 and piece:
                        left -= len(unpacker.decompress(piece, min(_PIECE, left)))
                        piece = unpacker.unconsumed_tail
                if left <= 0:
                    raise DataError(
                        f"the arrays of {path} must be as long as their headers say",
                        f"more than {most:,} bytes",
                        "Save it anew",
                    )
            file.seek(after)


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
