"""A data set in a file or folder of the person's."""

from dataclasses import replace
from pathlib import Path

from keras_mnist.data.dataset import NO_VERDICT, Dataset
from keras_mnist.data.read import read_arrays


def read_dataset(path: Path) -> Dataset:
    """Return the data set in an `.npz` file or a folder of IDX files, known by its arrays.

    Raises:
        DataError: missing, damaged, or of a form that no network takes.
    """
    arrays = read_arrays(path)
    found = Dataset("mnist", **arrays, path=str(path), classes=_classes(arrays))
    if found.canonical:
        return found
    name = path.resolve().name.removesuffix(".npz")
    return replace(found, name=name, note=f"not the canonical MNIST: {NO_VERDICT}")


def _classes(arrays: dict) -> int:
    """Return how many classes a file's labels are of: ten beside images of MNIST's form."""
    labels = [arrays[name] for name in ("y_train", "y_test")]
    digits = arrays["x_train"].shape[1:] == (28, 28)
    if digits or any(array.dtype.kind not in "iu" or not array.size for array in labels):
        return 10  # labels that are none are refused with the rest
    return max(2, *(int(array.max()) + 1 for array in labels))
