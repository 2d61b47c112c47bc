"""Test examples that stand among the training examples, too: what is right of them says little."""

import hashlib
from collections.abc import Iterator

import numpy as np

from keras_mnist.data.dataset import Dataset

_LEAST = 0.01  # share of the test examples from which it is said


def told_of_repeated(dataset: Dataset) -> list[str]:
    """Return what is to be said of test examples that are equal, bit for bit, to training ones."""
    trained = set(_marks(dataset.x_train))
    again = sum(mark in trained for mark in _marks(dataset.x_test))
    total = len(dataset.x_test)
    if again < max(1, _LEAST * total):
        return []
    which = "1 of them is" if again == 1 else f"{again:,} of them are"
    return [f"{total:,} test examples, {which} among the training examples, too"]


def _marks(examples: np.ndarray) -> Iterator[bytes]:
    for example in np.ascontiguousarray(examples):
        yield hashlib.blake2b(example.data, digest_size=16).digest()
