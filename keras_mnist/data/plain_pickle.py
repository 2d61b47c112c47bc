"""The pickles of CIFAR, read without unpickling: dictionaries, lists, texts and arrays of bytes.

Whatever else a pickle names is refused before it is looked up; arrays and their types are stood in
for by classes of ours, so that not even NumPy's own way to restore one is called.
"""

import math
import pickle
from typing import Any

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.stream import whole


class _Type:
    """In place of `numpy.dtype`."""

    def __init__(self, kind="", *_):
        self.kind = kind.decode("ascii") if isinstance(kind, bytes) else kind

    def __setstate__(self, state):
        """Leave out the order of bytes, of which there is none in one."""


class _Array:
    """In place of `numpy.ndarray`, and of the function that makes an empty one."""

    def __init__(self, *_):
        self.content = np.empty(0, np.uint8)

    def __setstate__(self, state):
        _, shape, kind, fortran, content = state
        if not isinstance(kind, _Type) or kind.kind not in ("u1", "uint8"):
            raise ValueError("an array of something other than bytes")
        if not isinstance(content, bytes) or len(content) != math.prod(shape):
            raise ValueError(f"{len(content)} bytes of an array {shape}")
        array = np.frombuffer(content, np.uint8)
        self.content = array.reshape(shape, order="F" if fortran else "C")


_STANDING_IN = {
    ("numpy", "dtype"): _Type,
    ("numpy", "ndarray"): _Array,
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
}
# The one in Python: the other makes room for as many objects as a pickle claims.
_Unpickler: Any = pickle._Unpickler  # type: ignore[attr-defined]


class _Plain(_Unpickler):
    def find_class(self, module, name):
        """Return what stands in for the little that is known."""
        try:
            return _STANDING_IN[module, name]
        except KeyError:
            raise ValueError(f"a pickle of {module}.{name}, which is refused") from None


def read_plain_pickle(stream, name) -> dict:
    """Return the dictionary in a pickle, its keys as text, its arrays uint8.

    Args:
        stream: its bytes.
        name: whose it is, for messages.

    Raises:
        DataError: it holds anything else.
    """
    with whole(name, "a batch of CIFAR"):
        found = _Plain(stream, encoding="bytes").load()
        if not isinstance(found, dict):
            raise DataError(f"{name} must be a batch of CIFAR", type(found).__name__)
        return {key.decode(): _opened(value) for key, value in found.items()}


def _opened(value):
    return value.content if isinstance(value, _Array) else value
