"""NumPy's own files: archives of arrays, and arrays by themselves. Nothing is unpickled."""

import contextlib
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from keras_mnist.base import archives
from keras_mnist.base.errors import DataError, shown
from keras_mnist.base.reading import regular
from keras_mnist.data.found import Found, no_numbers, not_read, require_pairs
from keras_mnist.data.memory import require_room
from keras_mnist.data.names import array_of, sorted_out
from keras_mnist.data.stream import UNPACK, read_exactly, seekable, whole


def read_npz(path: Path) -> Found:
    """Read the arrays of an `.npz` file by what their names say.

    Raises:
        DataError: the file is damaged, or holds no arrays whose names are clear; or together they
            are too large for memory.
    """
    with _archive(path) as archive:
        members = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        _require_arrays(archive, path)
        names, others = sorted_out(members, path)
        require_pairs(names, path, sorted(members))
        entries = {array: members[name] for array, name in names.items()}
        called = {array: f"{name} of {path}" for array, name in names.items()}
        sizes = (_size(archive.open(e), called[a]) for a, e in entries.items())
        require_room(path, sum(sizes), "by its headers")
        arrays = {
            array: _read_npy(archive.open(entry), called[array]) for array, entry in entries.items()
        }
    return Found(arrays, not_read(others))


def read_singles(paths: dict[str, Path], folder: Path) -> dict[str, np.ndarray]:
    """Read arrays that lie by themselves, each an `.npy` file or the one array of an `.npz` file.

    Args:
        paths: by what each is.
        folder: where they lie.

    Raises:
        DataError: one is damaged, or holds several; or together they are too large for memory.
    """
    sizes = (_of_single(path, _size) for path in paths.values())
    require_room(folder, sum(sizes), "by the headers of its files")
    return {name: _of_single(path, _read_npy) for name, path in paths.items()}


def is_part(path: Path) -> bool:
    """Return whether a file is NumPy's and, by its names, no data set by itself, or damaged."""
    if path.suffix.lower() != ".npz":
        return path.suffix.lower() == ".npy"
    try:
        with _archive(path) as archive:
            arrays = {array_of(name.removesuffix(".npy")) for name in archive.namelist()}
    except DataError:
        return True
    return not {"x_train", "y_train"} <= arrays


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Yield the archive that a file is; what is wrong with it is said."""
    with whole(path, "a whole .npz file"):
        source = seekable(path)
        if not zipfile.is_zipfile(source):  # its list of contents comes last
            raise DataError(
                f"{path} must be a whole .npz file",
                "the beginning of one, which was cut off",
                "Fetch the file anew",
            )
        try:
            with archives.opened(source, packed=True) as archive:
                yield archive
        except archives.MethodError as error:
            raise DataError(
                f"the arrays of {path} must be stored or deflated, as NumPy writes them",
                shown(error),
                "Save them with np.savez or np.savez_compressed",
            ) from None


def _require_arrays(archive: zipfile.ZipFile, path: Path) -> None:
    names = archive.namelist()
    if names and not any(name.endswith(".npy") for name in names):
        raise DataError(
            f"{path} must hold arrays, as np.savez writes them",
            f"other files: {', '.join(shown(name, 80) for name in names[:6])}",
            UNPACK,
        )


def read_single(path: Path) -> np.ndarray:
    """Read the one array in an `.npy` or `.npz` file.

    Raises:
        DataError: it is damaged, or holds several; or it is too large for memory.
    """
    return _of_single(path, _read_npy)


def _of_single(path: Path, function):
    """Return what a function of a stream and a name says of the one array in a file."""
    if path.suffix.lower() == ".npy":
        with whole(path, "a whole .npy file"), regular(path).open("rb") as stream:
            return function(stream, str(path))
    with _archive(path) as archive:
        entries = archive.infolist()
        if len(entries) != 1:
            names = [shown(entry.filename.removesuffix(".npy"), 40) for entry in entries[:6]]
            raise DataError(
                f"{path} must hold one array",
                ", ".join(names) or "none",
                "Save the one that is meant by itself",
            )
        name = f"{entries[0].filename} of {path}"
        return function(archive.open(entries[0]), name)


def _size(stream, name: str) -> int:
    """Return the bytes of an array in NumPy's format, by its header; closes the stream."""
    with stream:
        shape, _, dtype = _header(stream, name)
    return math.prod(shape) * dtype.itemsize


def _read_npy(stream, name: str) -> np.ndarray:
    """Read an array in NumPy's format, and nothing after it; closes the stream.

    Args:
        stream: its bytes.
        name: whose it is, for messages.
    """
    with stream:
        shape, fortran, dtype = _header(stream, name)
        content = read_exactly(stream, math.prod(shape) * dtype.itemsize, name)
    if not dtype.itemsize or (dtype.kind == "U" and not _is_text(content, dtype)):
        raise DataError(f"{name} must hold numbers or texts", f"{dtype} {shape}")
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")


def _header(stream, name: str) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return what comes before an array: its shape, whether columns come first, its type."""
    with whole(name, "a NumPy array"):
        version = np.lib.format.read_magic(stream)
        read = np.lib.format
        header = read.read_array_header_1_0 if version == (1, 0) else read.read_array_header_2_0
        shape, fortran, dtype = header(stream)
    if dtype.hasobject:
        raise DataError(
            f"{name} must hold numbers or texts",
            "an array of Python objects",
            "Pickles are refused, as reading one can run anything. Save it anew where you "
            "trust it, of one type: y.astype(int), y.astype(str), np.stack(x)",
        )
    if dtype.kind not in "biufUS" or not 1 <= len(shape) <= 4 or not all(map(_length, shape)):
        raise no_numbers(name, dtype, shape)
    require_room(name, math.prod(shape) * dtype.itemsize)
    return shape, fortran, dtype


def _is_text(content: bytes, dtype: np.dtype) -> bool:
    """Return whether all characters are such; NumPy finds out only when one is looked at."""
    points = np.frombuffer(content, np.dtype("u4").newbyteorder(dtype.byteorder))
    return not ((points > 0x10FFFF) | ((points >= 0xD800) & (points < 0xE000))).any()


def _length(dimension) -> bool:
    return isinstance(dimension, int) and not isinstance(dimension, bool) and dimension > 0
