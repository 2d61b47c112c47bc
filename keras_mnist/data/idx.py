"""IDX, the form of MNIST's own files and of all who followed it: EMNIST, QMNIST, Kuzushiji."""

import math
import re
import struct
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found
from keras_mnist.data.memory import require_room
from keras_mnist.data.names import array_of, sorted_out, told_apart_by
from keras_mnist.data.stream import (
    read_exactly,
    require_packed,
    same_bytes,
    start_of,
    unpacked,
    whole,
)

NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
APART = "Put the files of one data set into a folder of their own, or name one of them with --data"
_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_COLUMNS = 8  # of QMNIST's labels, of which the first is the class


def is_idx(path: Path) -> bool:
    """Return whether a file is named as IDX files are."""
    return re.search(r"[-._]idx\d", path.name.lower()) is not None


def read_idx_files(folder: Path, paths: list[Path]) -> Found:
    """Read a folder's IDX files by what their names say.

    Args:
        folder: where they lie.
        paths: those named as such.

    Raises:
        DataError: one is missing or damaged.
    """
    by_name = {str(path.relative_to(folder)): path for path in distinct(paths)}
    names, _ = sorted_out(by_name, folder, APART)
    wanted = [n for n in NAMES if n.endswith("train") or {"x_test", "y_test"} & names.keys()]
    for array in wanted:
        if array not in names:
            raise DataError(
                f"{folder} must hold {NAMES[array]} or {NAMES[array]}.gz",
                f"{', '.join(sorted(by_name)[:12])}: none of that kind",
                "Fetch that file, too",
            )
    told = []
    sizes = (_claimed(by_name[name]) for name in names.values())
    require_room(folder, sum(sizes), "by the headers of its files")
    arrays = {array: read_idx(by_name[name]) for array, name in names.items()}
    for array in ("y_train", "y_test"):
        labels = arrays.get(array)
        if labels is not None and labels.ndim == 2 and labels.shape[1] == _COLUMNS:
            arrays[array] = labels[:, 0]
            told.append("QMNIST's labels: the first of eight columns")
    return Found(arrays, told)


def distinct(paths: list[Path]) -> list[Path]:
    """Return files less those that are others, packed or in a folder that an unpacker made.

    They are called as those, and hold the same.
    """
    kept: dict[tuple, Path] = {}
    others = []
    for path in paths:
        one = kept.setdefault((array_of(path.name), told_apart_by(path.name)), path)
        others += [path] * (one is not path and not _same(one, path))
    return [*kept.values(), *others]


def _same(one: Path, other: Path) -> bool:
    """Return whether two files hold the same, as far as their headers say; a damaged one does not.

    However much is packed into one, no more of it is unpacked than an array may take.
    """
    try:
        with unpacked(one) as mine, unpacked(other) as theirs:
            header = _header(one, mine)
            return header == _header(other, theirs) and same_bytes(mine, theirs, header[2])
    except Exception:  # zlib's own, too: whoever reads the file says what is wrong with it
        return False


def read_idx(path: Path) -> np.ndarray:
    """Read one IDX file, gzipped or not.

    Raises:
        DataError: the header or the length is not what IDX asks for.
    """
    with whole(path, "a whole IDX file"), unpacked(path) as stream:
        shape, dtype, size = _header(path, stream)
        try:
            content = read_exactly(stream, size, path)
        except DataError as error:
            raise _explained(path, error) from None
        return np.frombuffer(content, dtype).reshape(shape)


def _claimed(path: Path) -> int:
    """Return the bytes of the array in an IDX file, by its header."""
    with whole(path, "a whole IDX file"), unpacked(path) as stream:
        return _header(path, stream)[2]


def _header(path: Path, stream) -> tuple[tuple[int, ...], np.dtype, int]:
    """Return what comes before an array: its shape, the type of its numbers, and so its bytes."""
    start = stream.peek(512)[:512]
    if start.lstrip()[:1] == b"<":
        raise DataError(
            f"{path} must be an IDX file",
            "a web page: whatever was to be fetched was not",
            "Fetch the file anew",
        )
    zeros, kind, dimensions = struct.unpack(">HBB", read_exactly(stream, 4, path, False))
    if zeros != 0 or kind not in _TYPES or not 1 <= dimensions <= 4:
        raise DataError(
            f"{path} must be an IDX file of numbers with 1 to 4 dimensions",
            f"a header of {zeros}, type {kind}, {dimensions} dimensions",
            "Fetch the file anew",
        )
    form = f">{dimensions}I"
    shape = struct.unpack(form, read_exactly(stream, struct.calcsize(form), path, False))
    dtype = np.dtype(_TYPES[kind])
    size = math.prod(shape) * dtype.itemsize
    require_room(path, size)
    require_packed(path, stream, size)
    return shape, dtype, size


def _explained(path: Path, error: DataError) -> DataError:
    """Return an error of a wrong length, with the reason where the bytes show it."""
    content = start_of(path, 2**20)
    lines = content.count(b"\n")
    if lines < 8 or content.count(b"\r\n") < lines:
        return error
    return DataError(
        error.requirement,
        f"{error.received}: every line end was changed, as by a transfer of text",
        "Fetch the file anew; if by FTP, in binary mode",
    )
