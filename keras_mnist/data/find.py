"""Finding a data set, in the order the documentation promises, never guessing.

MNIST: a path that was given (`--data` or `KERAS_MNIST_DATA`), Keras's cache, a download into
it. An existing file is only ever read.
"""

import os

from keras_mnist.base.errors import DataError
from keras_mnist.base.named import load
from keras_mnist.base.reading import typed
from keras_mnist.data.dataset import Dataset
from keras_mnist.data.memory import want_of_memory_told
from keras_mnist.data.own import read_dataset
from keras_mnist.data.sets import SETS


def find_data(
    choice: str | os.PathLike = "auto", target: str | None = None, test_split: float | None = None
) -> Dataset:
    """Return the data set that `choice` names.

    Args:
        choice: a name, such as `mnist`, `digits`, `wine`; `auto`, MNIST or, where none can be had,
            those digits; or the path of a file or folder.
        target: of a table, the column of the classes; `None`: that called `label` or the like.
        test_split: share of the examples to draw as test part, from a file that has none.

    Returns:
        Training and test examples and their labels.

    Raises:
        DataError: it cannot be had, or is damaged, or is of no form that is read.
        ExperimentError: an optional package is missing, or the share is none.
    """
    if not isinstance(choice, (str, os.PathLike)):
        raise DataError(
            "data must be a name, the path of a file or folder, or a Dataset",
            type(choice).__name__,
            "Arrays: (x_train, y_train, x_test, y_test)",
        )
    if not str(choice).strip():
        raise DataError(
            "data must be a name, or the path of a file or folder",
            repr(choice),
            "auto takes MNIST where it is to be had",
        )
    named = SETS.get(str(choice))
    if named is None:
        with want_of_memory_told(choice):
            return read_dataset(typed(choice), target, test_split)
    for flag, value in (("--target", target), ("--test-split", test_split)):
        if value is not None:
            raise DataError(
                f"{flag} must go with a file",
                f"{choice}, whose classes and test part are known",
                "Leave it out",
            )
    return load(named)()
