"""Reading MNIST's two file forms, `.npz` and IDX, without trusting a byte of them.

Nothing is unpickled, and no more memory is used than a header may honestly ask for: sizes are
checked against the file before an array is made, so a lying header or a compressed bomb ends
in a message.
"""

import contextlib
import gzip
import math
import struct
import zipfile
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.dataset import ARRAYS

LARGEST_ARRAY = 2**30  # bytes; MNIST's largest is 47 million
# Others are unpacked whole by `zipfile`, however little of them is asked for: memory has no bound.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_IDX_FILES = {
    "x_train": ("train-images-idx3-ubyte", "train-images.idx3-ubyte"),
    "y_train": ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte"),
    "x_test": ("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"),
    "y_test": ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"),
}


def read_arrays(path: Path) -> dict:
    """Read the four arrays from an `.npz` file or a folder of IDX files (`.gz` or not).

    Raises:
        DataError: missing, empty, truncated, oversized or of another form.
    """
    try:
        folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a name too long, say
        raise DataError("a data file or folder must exist", error, "Check the path") from None
    if folder:
        return {name: read_idx(_idx_path(path, names)) for name, names in _IDX_FILES.items()}
    if not exists:
        raise DataError("a data file or folder must exist", path, "Check the path")
    with _whole(path, "a whole .npz file"), zipfile.ZipFile(path) as archive:
        members = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        if any(name not in members for name in ARRAYS):
            raise DataError(
                f"{path} must hold the arrays {', '.join(ARRAYS)}",
                ", ".join(sorted(members)[:12]) or "none",
            )
        return {name: _read_npy(archive, members[name], path) for name in ARRAYS}


@contextlib.contextmanager
def _whole(path: Path | str, form: str):
    """Turn whatever a damaged file makes the standard library and NumPy raise into a DataError.

    That is a dozen exceptions, `MemoryError` and `tokenize.TokenError` among them: any but our
    own means that the file is not what it should be.
    """
    try:
        yield
    except DataError:
        raise
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise DataError(f"{path} must be {form}", reason, "Fetch the file anew") from None


def _read_npy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> np.ndarray:
    name = f"{entry.filename} of {path}"
    if entry.compress_type not in COMPRESSIONS:
        kind = getattr(zipfile, "compressor_names", {}).get(
            entry.compress_type, entry.compress_type
        )
        remedy = "Save it with np.savez or np.savez_compressed"
        raise DataError(f"{name} must be stored or deflated, as NumPy writes it", kind, remedy)
    with archive.open(entry) as stream:
        with _whole(name, "a NumPy array"):
            version = np.lib.format.read_magic(stream)
            read = np.lib.format
            header = read.read_array_header_1_0 if version == (1, 0) else read.read_array_header_2_0
            shape, fortran, dtype = header(stream)
        if dtype.hasobject:
            raise DataError(
                f"{name} must hold numbers", "an array of Python objects", "Pickles are refused"
            )
        if dtype.kind not in "biuf" or not 1 <= len(shape) <= 4 or not all(map(_length, shape)):
            raise DataError(f"{name} must hold numbers in 1 to 4 dimensions", f"{dtype} {shape}")
        size = math.prod(shape) * dtype.itemsize
        _check_size(name, size)
        content = _read_exactly(stream, size, name)
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")


def _length(dimension) -> bool:
    return isinstance(dimension, int) and not isinstance(dimension, bool) and dimension > 0


def _idx_path(folder: Path, names: tuple) -> Path:
    for name in names:
        for candidate in (folder / name, folder / f"{name}.gz"):
            if candidate.exists():
                return candidate
    raise DataError(f"{folder} must hold {names[0]} or {names[0]}.gz", "no such file")


def read_idx(path: Path) -> np.ndarray:
    """Read one IDX file of unsigned bytes, gzipped if its name ends in `.gz`.

    Raises:
        DataError: the header or the length is not what IDX asks for.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with _whole(path, "a whole IDX file"), opener(path, "rb") as stream:
        zeros, kind, dimensions = struct.unpack(">HBB", _read_exactly(stream, 4, path, False))
        if zeros != 0 or kind != 8 or dimensions not in (1, 3):
            raise DataError(
                f"{path} must be an IDX file of unsigned bytes with 1 or 3 dimensions",
                f"a header of {zeros}, type {kind}, {dimensions} dimensions",
            )
        form = f">{dimensions}I"
        shape = struct.unpack(form, _read_exactly(stream, struct.calcsize(form), path, False))
        size = math.prod(shape)
        _check_size(path, size)
        return np.frombuffer(_read_exactly(stream, size, path), np.uint8).reshape(shape)


def _check_size(name, size: int) -> None:
    if size > LARGEST_ARRAY:
        raise DataError(
            f"{name} must hold at most {LARGEST_ARRAY:,} bytes", f"{size:,} by its header"
        )


def _read_exactly(stream, size: int, name, to_the_end: bool = True) -> bytes:
    """Read `size` bytes in pieces, so that memory grows with what is there, not with a claim."""
    pieces, missing = [], size
    while missing and (piece := stream.read(min(missing, 2**22))):
        pieces.append(piece)
        missing -= len(piece)
    if missing:
        raise DataError(
            f"{name} must hold the {size:,} bytes its header names", f"{size - missing:,} bytes"
        )
    if to_the_end and stream.read(1):
        raise DataError(f"{name} must end after {size:,} bytes, as its header says", "more bytes")
    return b"".join(pieces)
