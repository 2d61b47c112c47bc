"""Data from Python: arrays, frames, `tf.data`; as a `Dataset`, with the checks of a file."""

import os
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.dataset import ARRAYS, NO_VERDICT, Dataset
from keras_mnist.data.draw import SEED, with_test_part
from keras_mnist.data.find import find_data
from keras_mnist.data.found import Found, column_names
from keras_mnist.data.memory import require_room, want_of_memory_told
from keras_mnist.data.repeated import told_of_repeated
from keras_mnist.data.table import from_frame
from keras_mnist.data.texts import text_array

TAKEN = (
    "data must be a name, the path of a file or folder, a Dataset, arrays (x_train, y_train, "
    "x_test, y_test), a frame with its target, or a pair of tf.data sets"
)
_NAME = "arrays"


def as_dataset(data: Any, target: str | None = None, test_split: float | None = None) -> Dataset:
    """Return what a person has as a data set.

    Args:
        data: a `Dataset`; what `find_data` takes; arrays or frames `(x_train, y_train, x_test,
            y_test)`, `((x_train, y_train), (x_test, y_test))`, or `(x, y)` with `test_split`; a
            frame, or one for each part, whose column `target` holds the classes; or batched
            `tf.data` sets of examples and labels, for training and test.
        target: of frames and tables, the column of the classes.
        test_split: share of the examples to draw as test part, where there is none.

    Raises:
        DataError: it is none of these, or not what a data set may be.
        ExperimentError: the share is none.
    """
    if isinstance(data, Dataset):
        return data
    if isinstance(data, (str, os.PathLike)):
        return find_data(data, target, test_split)
    with want_of_memory_told("data"):
        found = with_test_part(_found(data, target), test_split, _NAME)
        drawn = None if test_split is None else (float(test_split), SEED)
        note = "; ".join((f"from Python, not the canonical MNIST: {NO_VERDICT}", *found.told))
        dataset = Dataset(_NAME, **found.parts, note=note, test_split=drawn)
        if dataset.canonical:
            return Dataset("mnist", **found.parts)
        told = told_of_repeated(dataset)
        return replace(dataset, note="; ".join((dataset.note, *told))) if told else dataset


def _found(data, target: str | None) -> Found:
    parts = list(data) if isinstance(data, (tuple, list)) else [data]
    if len(parts) == 2 and all(isinstance(p, (tuple, list)) and len(p) == 2 for p in parts):
        parts = [*parts[0], *parts[1]]
    if _are("pandas", "DataFrame", parts) and (len(parts) == 1 or target is not None):
        return _of_frames(parts, target)
    if len(parts) <= 2 and _are("tensorflow", "data.Dataset", parts):
        return _joined([_of_batches(part) for part in parts])
    if len(parts) not in (2, 4) or any(part is None or isinstance(part, str) for part in parts):
        kinds = ", ".join(type(part).__name__ for part in parts[:6])  # of what was given, or in it
        raise DataError(TAKEN, kinds or type(data).__name__)
    arrays = {name: _array(part) for name, part in zip(ARRAYS, parts, strict=False)}
    names = [column_names(getattr(part, "columns", ())) for part in parts[::2]]
    if len(set(filter(None, names))) > 1:
        raise DataError("frames must have the same columns", "others in the test part")
    return Found(arrays, columns=names[0])


def _are(package: str, kind: str, things: list) -> bool:
    """Return whether all are of a class of a package, which then is imported already."""
    module: Any = sys.modules.get(package)
    for word in kind.split("."):
        module = getattr(module, word, None)
    if module is None or not things:
        return False
    return all(isinstance(thing, module) for thing in things)


def _of_frames(frames: list, target: str | None) -> Found:
    if len(frames) > 2:
        raise DataError("frames with a target must be one, or one for each part", len(frames))
    if len(frames) == 2 and list(frames[0].columns) != list(frames[1].columns):
        raise DataError("frames must have the same columns", "others in the test part")
    return _joined([from_frame(frame, target, "the frame") for frame in frames])


def _joined(parts: list[Found]) -> Found:
    arrays, told = dict(parts[0].arrays), [text for part in parts for text in part.told]
    if len(parts) == 2:
        arrays |= {"x_test": parts[1].arrays["x_train"], "y_test": parts[1].arrays["y_train"]}
    return Found(arrays, list(dict.fromkeys(told)), parts[0].columns)


def _of_batches(batches) -> Found:
    """Go through a set of examples and labels once, batched or not."""
    x, y, size = [], [], 0
    for one in batches.as_numpy_iterator():
        if not isinstance(one, tuple) or len(one) != 2 or isinstance(one[0], (dict, tuple)):
            raise DataError(
                "a tf.data set must give pairs, examples and labels", type(one).__name__
            )
        example, label = (np.asarray(part) for part in one)
        size += example.nbytes
        require_room("a tf.data set", size, "so far")
        x.append(example)
        y.append(label)
    if not x:
        raise DataError("a tf.data set must give examples", "none")
    batched = len(batches.element_spec[1].shape) > 0 and y[0].ndim > 0 and len(x[0]) == len(y[0])
    join = np.concatenate if batched else np.stack
    return Found({"x_train": join(x), "y_train": join(y)})


def _array(thing) -> np.ndarray:
    """Return an array, a frame, a series, a tensor or a list as an array of numbers or texts."""
    if isinstance(thing, np.ndarray):
        return thing
    if isinstance(thing, (list, tuple)) and {type(cell) for cell in thing} == {str}:
        return text_array(thing, "labels")
    found = np.asarray(thing)
    texts = found.dtype.kind == "O" and all(isinstance(cell, str) for cell in found.flat)
    # Columns of whole numbers are quantities, not names of things.
    rows = hasattr(thing, "columns") and found.ndim == 2 and found.dtype.kind in "iu"
    if texts:
        return text_array(found.flat, "labels").reshape(found.shape)
    return found.astype(np.float64) if rows else found
