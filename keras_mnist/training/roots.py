"""Square roots whose bits are the same on every maker's processor.

XLA makes a / sqrt(b) into a * rsqrt(b), and computes rsqrt from the processor's own approximation:
two makers' differ in the last bits. Square root and division by themselves are exact everywhere.
"""

import contextlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from keras_mnist.base.backend import tf


def root(values: Any) -> Any:
    """Return the square roots of a tensor of real numbers, at least 0, fit to be divided by.

    The maximum with the smallest normal number changes no root but that of 0; it hides the root
    from XLA's rewriting.
    """
    return _hidden(tf.sqrt(values))


@contextlib.contextmanager
def exact_roots() -> Iterator[None]:
    """Make every square root that Keras's own code takes meanwhile, traced or not, such a one.

    Whatever an optimizer divides by: none has to be known here.
    """
    keras_s: Any = import_module("keras.src.backend.tensorflow.numpy")  # where all of them end
    taken = keras_s.sqrt
    keras_s.sqrt = lambda values: _hidden(taken(values))
    try:
        yield
    finally:
        keras_s.sqrt = taken


def _hidden(roots: Any) -> Any:
    return tf.maximum(roots, tf.constant(np.finfo(roots.dtype.as_numpy_dtype).tiny, roots.dtype))
