"""NumPy's own files: archives of arrays, and arrays by themselves. Nothing is unpickled."""

import math
import zipfile
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found, require_pairs
from keras_mnist.data.names import sorted_out
from keras_mnist.data.stream import read_exactly, require_room, whole

# Others are unpacked whole by `zipfile`, however little of them is asked for: memory has no bound.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_npz(path: Path) -> Found:
    """Read the arrays of an `.npz` file by what their names say.

    Raises:
        DataError: the file is damaged, or holds no arrays whose names are clear.
    """
    with whole(path, "a whole .npz file"), zipfile.ZipFile(path) as archive:
        members = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        names, others = sorted_out(members, path)
        require_pairs(names, path, sorted(members))
        arrays = {
            array: read_npy(archive.open(members[name]), f"{name} of {path}", members[name])
            for array, name in names.items()
        }
    return Found(arrays, [f"not read: {', '.join(others)}"] if others else [])


def read_single(path: Path) -> np.ndarray:
    """Read an array by itself: an `.npy` file, or the one array of an `.npz` file.

    Raises:
        DataError: the file is damaged, or holds several.
    """
    if path.suffix.lower() == ".npy":
        with whole(path, "a whole .npy file"), path.open("rb") as stream:
            return read_npy(stream, str(path))
    with whole(path, "a whole .npz file"), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) != 1:
            raise DataError(
                f"{path} must hold one array, as its neighbours do",
                f"{len(entries)} of them",
                "Put files of other data into another folder",
            )
        return read_npy(archive.open(entries[0]), f"{entries[0].filename} of {path}", entries[0])


def read_npy(stream, name: str, entry: zipfile.ZipInfo | None = None) -> np.ndarray:
    """Read one array in NumPy's format.

    Args:
        stream: its bytes, and nothing after them; closed in the end.
        name: whose it is, for messages.
        entry: of an archive, where it comes from one.
    """
    if entry is not None and entry.compress_type not in COMPRESSIONS:
        kind = getattr(zipfile, "compressor_names", {}).get(
            entry.compress_type, entry.compress_type
        )
        remedy = "Save it with np.savez or np.savez_compressed"
        raise DataError(f"{name} must be stored or deflated, as NumPy writes it", kind, remedy)
    with stream:
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
                "trust it: y.astype(int) or y.astype(str)",
            )
        if dtype.kind not in "biufUS" or not 1 <= len(shape) <= 4 or not all(map(_length, shape)):
            raise DataError(f"{name} must hold numbers in 1 to 4 dimensions", f"{dtype} {shape}")
        size = math.prod(shape) * dtype.itemsize
        require_room(name, size)
        content = read_exactly(stream, size, name)
    if not dtype.itemsize or (dtype.kind == "U" and not _is_text(content, dtype)):
        raise DataError(f"{name} must hold numbers or texts", f"{dtype} {shape}")
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")


def _is_text(content: bytes, dtype: np.dtype) -> bool:
    """Return whether all characters are such; NumPy finds out only when one is looked at."""
    points = np.frombuffer(content, np.dtype("u4").newbyteorder(dtype.byteorder))
    return not ((points > 0x10FFFF) | ((points >= 0xD800) & (points < 0xE000))).any()


def _length(dimension) -> bool:
    return isinstance(dimension, int) and not isinstance(dimension, bool) and dimension > 0
