"""CIFAR-10 and CIFAR-100, from Keras's cache or downloaded into it."""

import io
import tarfile
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.cache import cached, home
from keras_mnist.data.dataset import NO_VERDICT, Dataset
from keras_mnist.data.memory import require_room
from keras_mnist.data.plain_pickle import read_plain_pickle
from keras_mnist.data.stream import whole

_ORIGIN = "https://www.cs.toronto.edu/~kriz/"
# The SHA-256 of the archives, as Keras publishes them.
_SHA256 = {
    "cifar-10": "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    "cifar-100": "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
}


def cifar10() -> Dataset:
    """Return CIFAR-10.

    Raises:
        DataError: it cannot be had, or what is found is not it.
    """
    read = _reader("cifar-10", "cifar-10-batches-py")
    batches = [f"data_batch_{number}" for number in range(1, 6)]
    return _dataset("cifar10", read, batches, "test_batch", ("batches.meta", ""))


def cifar100() -> Dataset:
    """Return CIFAR-100 with its hundred fine classes; errors as in `cifar10`."""
    read = _reader("cifar-100", "cifar-100-python")
    return _dataset("cifar100", read, ["train"], "test", ("meta", "fine_"))


def _dataset(name: str, read, train: list[str], test: str, about: tuple[str, str]) -> Dataset:
    meta, fine = about
    arrays = {}
    for part, files in (("train", train), ("test", [test])):
        batches = [read(file) for file in files]
        with whole(name, "batches of pictures of 32 x 32"):
            pixels = np.concatenate([batch["data"].reshape(-1, 3, 32, 32) for batch in batches])
            labels = [label for batch in batches for label in batch[f"{fine}labels"]]
            arrays[f"x_{part}"] = np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))
            arrays[f"y_{part}"] = np.array(labels, np.int64)
    with whole(name, "batches with the names of their classes"):
        names = tuple(word.decode() for word in read(meta)[f"{fine}label_names"])
    note = f"{name}, not MNIST: {NO_VERDICT}"
    return Dataset(name, **arrays, note=note, class_names=names)


def _reader(name: str, inner: str):
    """Return a function from a batch's name to what it holds."""
    folders = [home() / f"{inner}-target" / inner, home() / inner]
    for folder in folders:  # as Keras of today and of old unpack it
        if folder.is_dir():
            return lambda batch: _read(folder / batch)
    archive = f"{inner}-target_archive"
    url = f"{_ORIGIN}{name}-python.tar.gz"
    (path,) = cached({archive: _SHA256[name]}, url)

    def read(batch: str) -> dict:
        with whole(path, f"the archive of {name}"), tarfile.open(path) as opened:
            member = opened.getmember(f"{inner}/{batch}")
            require_room(path, member.size)
            stream = opened.extractfile(member)
            content = stream.read() if stream else b""
        return read_plain_pickle(io.BytesIO(content), f"{batch} of {path}")

    return read


def _read(path: Path) -> dict:
    if not path.is_file():
        raise DataError(f"{path.parent} must hold {path.name}", "no such file", "Fetch it anew")
    with path.open("rb") as stream:
        return read_plain_pickle(stream, path)
