"""Finding a data set, in the order the documentation promises, never guessing.

MNIST: a path that was given (`--data` or `KERAS_MNIST_DATA`), Keras's cache, a download into
it. An existing file is only ever read.
"""

import hashlib
import http.client
import os
import urllib.request
from dataclasses import replace
from pathlib import Path

from keras_mnist.base.errors import DataError, StoreError
from keras_mnist.base.files import write_whole
from keras_mnist.data.dataset import Dataset
from keras_mnist.data.digits import handwritten_digits
from keras_mnist.data.read import read_arrays

VARIABLE = "KERAS_MNIST_DATA"
NAMES = ("auto", "mnist", "digits", "fashion_mnist")
TIMEOUT = 10  # seconds without an answer before a download counts as impossible

# Where `keras.datasets` keeps its copies: file name under Keras's cache, then the digest of
# that file as Keras publishes it (SHA-256) or as the Fashion-MNIST authors do (MD5).
_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_MNIST_FILES = {
    "mnist.npz": "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
}
_FASHION_FILES = {
    "fashion-mnist/train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "fashion-mnist/train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "fashion-mnist/t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "fashion-mnist/t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
}
_NO_VERDICT = "nothing published is compared with it"


def find_data(choice: str = "auto") -> Dataset:
    """Return the data set that `choice` names.

    Args:
        choice: `mnist`; `auto`, which is `mnist` or, where none can be had, the embedded
            digits; `digits`; `fashion_mnist`; or the path of an `.npz` file or a folder of
            IDX files.

    Raises:
        DataError: it cannot be had, or is damaged.
    """
    if not isinstance(choice, (str, os.PathLike)):
        raise DataError(
            "data must be a name, the path of a file or folder, or a Dataset",
            type(choice).__name__,
            "Arrays: keras_mnist.data.Dataset(name, x_train, y_train, x_test, y_test)",
        )
    if choice == "digits":
        return handwritten_digits(f"scikit-learn's handwritten digits, not MNIST: {_NO_VERDICT}")
    if choice == "fashion_mnist":
        return _fashion_mnist()
    if choice not in NAMES:
        return _read(Path(choice))
    path = os.environ.get(VARIABLE)
    try:
        found = _read(Path(path)) if path else _read(_cached(_MNIST_FILES)[0])
    except _Unreachable as error:
        if choice == "mnist":
            raise
        return handwritten_digits(
            f"no MNIST could be had ({error.received}), so these are scikit-learn's handwritten "
            f"digits: {_NO_VERDICT}; set {VARIABLE} to an MNIST file for the real thing"
        )
    if choice == "mnist" and not found.canonical:
        raise DataError(
            "--data mnist must find the canonical MNIST",
            f"{found.path} with digest {found.digest[:16]}",
            f"Set {VARIABLE} to the canonical file, or name this one with --data {found.path}",
        )
    return found


class _Unreachable(DataError):
    """Nothing on this machine and nothing to be downloaded."""


def _read(path: Path) -> Dataset:
    arrays = read_arrays(path)
    found = Dataset("mnist", **arrays, path=str(path), classes=_classes(arrays))
    if found.canonical:
        return found
    name = path.resolve().name.removesuffix(".npz")
    return replace(found, name=name, note=f"not the canonical MNIST: {_NO_VERDICT}")


def _classes(arrays: dict) -> int:
    """Return how many classes a file's labels are of: ten beside images of MNIST's form."""
    labels = [arrays[name] for name in ("y_train", "y_test")]
    digits = arrays["x_train"].shape[1:] == (28, 28)
    if digits or any(array.dtype.kind not in "iu" or not array.size for array in labels):
        return 10  # labels that are none are refused with the rest
    return max(2, *(int(array.max()) + 1 for array in labels))


def _fashion_mnist() -> Dataset:
    folder = _cached(_FASHION_FILES)[0].parent
    arrays = read_arrays(folder)
    note = f"Fashion-MNIST, not MNIST: {_NO_VERDICT}"
    return Dataset("fashion_mnist", **arrays, path=str(folder), note=note)


def _cached(files: dict) -> list[Path]:
    """Return the paths of `files` in Keras's cache, downloading those that are not there."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"
    for name, digest in files.items():
        if not (home / name).exists():
            _download(_ORIGIN + Path(name).name, home / name, digest)
    return [home / name for name in files]


def _download(url: str, path: Path, digest: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            content = answer.read(2**28)
    except (OSError, http.client.HTTPException) as error:  # URLError is an OSError
        reason = getattr(error, "reason", error)
        raise _Unreachable(
            f"{path.name} must be on this machine or within reach of a download",
            str(reason) or type(error).__name__,
            f"Fetch it elsewhere and set {VARIABLE} to its path, or use --data digits",
        ) from None
    kind = "sha256" if len(digest) == 64 else "md5"
    if hashlib.new(kind, content).hexdigest() != digest:
        raise _Unreachable(
            f"the download of {path.name} must have the {kind} {digest}", "a damaged download"
        )
    try:
        write_whole(path, content)
    except StoreError as error:
        reason = error.received
        raise DataError(f"{path.parent} must be writable to keep {path.name}", reason) from None
