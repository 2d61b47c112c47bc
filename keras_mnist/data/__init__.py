"""Data sets: found, verified, read. The names below load on first use, and NumPy with them."""

from typing import TYPE_CHECKING

from keras_mnist.base.named import load

if TYPE_CHECKING:
    from keras_mnist.data.dataset import Dataset
    from keras_mnist.data.find import find_data
    from keras_mnist.data.given import as_dataset

_HOME = {
    "Dataset": "keras_mnist.data.dataset.Dataset",
    "as_dataset": "keras_mnist.data.given.as_dataset",
    "find_data": "keras_mnist.data.find.find_data",
}

__all__ = ["Dataset", "as_dataset", "find_data"]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return load(_HOME[name])
