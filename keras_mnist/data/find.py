"""Finding a data set, in the order the documentation promises, never guessing.

MNIST: a path that was given (`--data` or `KERAS_MNIST_DATA`), Keras's cache, a download into
it. An existing file is only ever read.
"""

import os
from pathlib import Path

from keras_mnist.base.errors import DataError
from keras_mnist.base.named import load
from keras_mnist.data.dataset import Dataset
from keras_mnist.data.own import read_dataset
from keras_mnist.data.sets import SETS


def find_data(choice: str | os.PathLike = "auto") -> Dataset:
    """Return the data set that `choice` names.

    Args:
        choice: `mnist`, `fashion_mnist` or `digits`; `auto`, MNIST or, where none can be had, those
            digits; or the path of an `.npz` file or a folder of IDX files.

    Returns:
        Training and test images, uint8 (n, height, width) or (n, height, width, channels) from 0
        to 255, and their labels, uint8 (n,).

    Raises:
        DataError: it cannot be had, or is damaged.
    """
    if not isinstance(choice, (str, os.PathLike)):
        raise DataError(
            "data must be a name, the path of a file or folder, or a Dataset",
            type(choice).__name__,
            "Arrays: keras_mnist.data.Dataset(name, x_train, y_train, x_test, y_test)",
        )
    named = SETS.get(str(choice))
    return load(named)() if named else read_dataset(Path(choice))
