"""A data set in a file or folder of the person's."""

from dataclasses import replace
from pathlib import Path

from keras_mnist.base.errors import DataError, nearest
from keras_mnist.data.dataset import NO_VERDICT, Dataset
from keras_mnist.data.draw import SEED, with_test_part
from keras_mnist.data.folder import read_beside, read_folder
from keras_mnist.data.forms import named_form, read_file
from keras_mnist.data.found import Found
from keras_mnist.data.idx import is_idx
from keras_mnist.data.repeated import told_of_repeated
from keras_mnist.data.sets import SETS


def read_dataset(path: Path, target: str | None = None, test_split: float | None = None) -> Dataset:
    """Return the data set in a file or folder, known by its arrays.

    Args:
        path: of either.
        target: of a table, the column of the classes.
        test_split: share of the examples that are drawn as test part, where there is none.

    Raises:
        DataError: missing, damaged, or of a form that no network takes.
        ExperimentError: a package is missing, or the share is none.
    """
    found = with_test_part(read(path, target), test_split, str(path))
    drawn = None if test_split is None else (float(test_split), SEED)
    dataset = Dataset("mnist", **found.parts, path=str(path), test_split=drawn)
    if dataset.canonical:
        return dataset
    about = [f"not the canonical MNIST: {NO_VERDICT}", *found.told, dataset.note]
    about += told_of_repeated(dataset)
    return replace(dataset, name=_name(path), note="; ".join(dict.fromkeys(filter(None, about))))


def read(path: Path, target: str | None = None) -> Found:
    """Return the arrays in a file or folder; arguments and errors as in `read_dataset`."""
    try:
        folder, exists = path.is_dir(), path.exists()
        regular = folder or path.is_file()
    except OSError as error:  # a name too long, say
        raise DataError("a data file or folder must exist", error, "Check the path") from None
    if not exists:
        name = "" if path.suffix or len(path.parts) > 1 else str(path)
        remedy = nearest(name, SETS, "Check the path")
        raise DataError("a data file or folder must exist", path, remedy)
    if not regular:  # a pipe would be waited for, for ever
        raise DataError("data must be a regular file or a folder", path, "Check the path")
    try:
        if folder:
            return read_folder(path, target)
        if is_idx(path) or path.suffix.lower() == ".npy":
            return read_beside(path)
        return read_file(path, target)
    except OSError as error:
        raise DataError(f"{path} must be readable", error, "Check who may read it") from None


def _name(path: Path) -> str:
    """Return what a data set is called: as its file, without what tells the form."""
    name = path.resolve().name
    form = None if path.is_dir() else named_form(path)
    for suffix in (".gz", *(form.suffixes if form else ())):
        name = name.removesuffix(suffix)
    return name
