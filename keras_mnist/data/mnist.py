"""MNIST, and those of its form: where they are looked for."""

import os
from pathlib import Path

from keras_mnist.base.errors import DataError
from keras_mnist.base.reading import typed
from keras_mnist.data.cache import Unreachable, cached, home
from keras_mnist.data.dataset import NO_VERDICT, Dataset
from keras_mnist.data.digits import handwritten_digits
from keras_mnist.data.own import read, read_dataset
from keras_mnist.data.sets import SETS

VARIABLE = "KERAS_MNIST_DATA"
_CACHE = "Keras's cache"
_OTHERWISE = f", or set {VARIABLE} to its path"

# As `keras.datasets` keeps them: file name under Keras's cache, then the digest of that file as
# Keras publishes it (SHA-256) or as the Fashion-MNIST authors do (MD5).
_MNIST_FILES = {
    "mnist.npz": "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
}
_FASHION_FILES = {
    "fashion-mnist/train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "fashion-mnist/train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "fashion-mnist/t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "fashion-mnist/t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
}


def lying() -> tuple[Path | None, str]:
    """Return where MNIST lies on this machine, and who says so: `VARIABLE`, or Keras's cache."""
    if (path := os.environ.get(VARIABLE, "")).strip():
        return typed(path), VARIABLE
    path = home() / next(iter(_MNIST_FILES))
    return path if path.exists() else None, _CACHE


def read_lying(path: Path, whence: str) -> Dataset:
    """Return the data set that `lying` tells of.

    Raises:
        DataError: it is not there, or damaged, or of a form that no network takes.
    """
    if whence == VARIABLE and not path.exists():
        named = f"That is a name: --data {path}" if str(path) in SETS else ""
        raise DataError(
            f"{VARIABLE} must be the path of a file or folder that is there",
            path,
            named or f"Set it to an MNIST file, or unset it: then {_CACHE} is looked at",
        )
    try:
        return read_dataset(path)
    except DataError as error:
        remedy = error.remedy if whence == VARIABLE else f"Remove {path}: it is downloaded anew"
        raise DataError(f"{error.requirement} ({whence})", error.received, remedy) from None


def _found() -> Dataset:
    """Return what `VARIABLE` names, or MNIST from Keras's cache, or downloaded into it."""
    path, whence = lying()
    return read_lying(path or cached(_MNIST_FILES, remedy=_OTHERWISE)[0], whence)


def auto() -> Dataset:
    """Return what is found for MNIST or, where nothing can be had, the embedded digits."""
    try:
        return _found()
    except Unreachable as error:
        return handwritten_digits(
            f"no MNIST could be had ({error.received}), so these are scikit-learn's handwritten "
            f"digits: {NO_VERDICT}; set {VARIABLE} to an MNIST file for the real thing"
        )


def mnist() -> Dataset:
    """Return the canonical MNIST.

    Raises:
        DataError: it cannot be had, or what is found is not it.
    """
    found = _found()
    if not found.canonical:
        raise DataError(
            "--data mnist must find the canonical MNIST",
            f"{found.path} with digest {found.digest[:16]}",
            f"Set {VARIABLE} to the canonical file, or name this one with --data {found.path}",
        )
    return found


def fashion_mnist() -> Dataset:
    """Return Fashion-MNIST.

    Raises:
        DataError: it cannot be had.
    """
    folder = cached(_FASHION_FILES, remedy=", or name a folder of its files with --data")[0].parent
    note = f"Fashion-MNIST, not MNIST: {NO_VERDICT}"
    return Dataset("fashion_mnist", **read(folder).parts, path=str(folder), note=note)


def kmnist() -> Dataset:
    """Return Kuzushiji-MNIST, which Keras has no download of.

    Raises:
        DataError: it does not lie in Keras's cache.
    """
    folder = home() / "kmnist"
    if not folder.is_dir():
        raise DataError(
            "kmnist must lie in Keras's cache",
            f"no folder {folder}",
            "Put the four files there, kmnist-train-imgs.npz and its like, or name their folder "
            "with --data",
        )
    note = f"Kuzushiji-MNIST, not MNIST: {NO_VERDICT}"
    return Dataset("kmnist", **read(folder).parts, path=str(folder), note=note)
