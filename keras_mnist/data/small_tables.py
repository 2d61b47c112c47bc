"""The tables that every installation has: scikit-learn's."""

from typing import Any

import numpy as np

from keras_mnist.data.dataset import NO_VERDICT, Dataset
from keras_mnist.data.draw import SEED, with_test_part
from keras_mnist.data.found import Found

SHARE = 0.2  # of the examples, drawn as test part


def wine() -> Dataset:
    """Return 178 wines of three growers by 13 measures."""
    return _table("wine")


def breast_cancer() -> Dataset:
    """Return 569 tumours, malignant or benign, by 30 measures."""
    return _table("breast_cancer")


def iris() -> Dataset:
    """Return 150 irises of three kinds by four measures."""
    return _table("iris")


def _table(name: str) -> Dataset:
    from sklearn import datasets  # slow to import, and seldom needed

    about: Any = getattr(datasets, f"load_{name}")()
    arrays = {"x_train": about.data.astype(np.float32), "y_train": about.target}
    columns = tuple(map(str, about.feature_names))
    found = with_test_part(Found(arrays, columns=columns), SHARE, name)
    note = "; ".join((f"scikit-learn's {name}, not MNIST: {NO_VERDICT}", *found.told))
    names = tuple(map(str, about.target_names))
    return Dataset(name, **found.parts, note=note, class_names=names, test_split=(SHARE, SEED))
