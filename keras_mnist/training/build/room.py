"""Networks built and loaded no larger than the memory that is free.

A file of a kilobyte may ask for a layer of a trillion units. Each weight is counted before it is
made, and what a network computes for an example, before it is asked.
"""

import contextlib
import functools
import inspect
import io
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from keras_mnist.base import archives
from keras_mnist.base.backend import keras
from keras_mnist.base.errors import ExperimentError
from keras_mnist.data import memory

_KIND = "float32"  # of a weight whose layer says nothing else
_REMEDY = "Take narrower layers, or a machine with more memory"


@contextlib.contextmanager
def each_weight(look: Callable) -> Iterator[None]:
    """Let a function see how each weight is made meanwhile, before it is, and change that.

    Args:
        look: called with the layer, the arguments of its `add_weight` by name, and its type.
    """
    add = keras.layers.Layer.add_weight
    signature = inspect.signature(add)

    @functools.wraps(add)
    def add_weight(layer, *args, **options):
        bound = signature.bind(layer, *args, **options)
        kind = keras.backend.standardize_dtype(bound.arguments.get("dtype") or layer.variable_dtype)
        look(layer, bound.arguments, kind)
        return add(*bound.args, **bound.kwargs)

    keras.layers.Layer.add_weight = add_weight  # pyright: ignore[reportAttributeAccessIssue]
    try:
        yield
    finally:
        keras.layers.Layer.add_weight = add


@contextlib.contextmanager
def within_memory(name) -> Iterator[None]:
    """Let no network be built meanwhile whose weights take more than half of the free memory.

    Args:
        name: whose network it is, for messages.

    Raises:
        ExperimentError: in place of the weight that would be too much.
    """
    room, size = memory.room(), 0

    def count(_layer, arguments: dict, kind: str) -> None:
        nonlocal size
        shape = arguments.get("shape") or ()
        sides = (shape,) if isinstance(shape, int) else shape
        size += math.prod(int(side) for side in sides) * _bytes(kind)
        _require_room(name, size, "of weights at least", room)

    with each_weight(count):
        yield


def require_small_results(model: keras.Model, name, examples: int) -> None:
    """Check that what a network computes of examples takes at most half of the free memory.

    Args:
        model: as Keras built it; what is not known of it counts nothing.
        name: whose network it is, for messages.
        examples: how many it is to be asked for at once.

    Raises:
        ExperimentError: it would take more.
    """
    results = [
        tensor
        for part in parts_of(model)
        for node in getattr(part, "_inbound_nodes", ())
        for tensor in node.output_tensors
    ]
    size = sum(math.prod(filter(None, one.shape)) * _bytes(one.dtype) for one in results)
    _require_room(name, size * examples, f"for {examples:,} examples")


def parts_of(model: keras.Model) -> list:
    """Return a model's layers, those inside others too, itself first, and its operations."""
    found = list(model._flatten_layers(include_self=True, recursive=True))
    for one in list(found):
        found += [o for o in getattr(one, "operations", []) if not any(o is f for f in found)]
    return found


def load_saved(path: Path) -> keras.Model:
    """Return the model in a `.keras` file, with its weights, in Keras's safe mode.

    Raises:
        ExperimentError: it, or what its file holds, takes more than half of the free memory.
    """
    room = memory.room()
    with archives.opened(path) as archive:
        _require_room(path, path.stat().st_size, "as it lies there", room)
        for part in archive.namelist():
            if part.endswith(".h5"):
                with h5py.File(io.BytesIO(archive.read(part)), "r") as file:
                    _require_room(path, _told(file), "by its headers", room)
    with within_memory(path):
        saved: Any = keras.saving.load_model(path, compile=False, safe_mode=True)
    return saved


def _told(file: h5py.File) -> int:
    """Return the bytes of all arrays in an HDF5 file, as their headers tell."""
    sizes = []
    file.visititems(lambda _, one: sizes.append(one.nbytes) if hasattr(one, "nbytes") else None)
    return sum(map(int, sizes))


def _bytes(kind: str) -> int:
    """Return the bytes of a number of a kind; of NumPy's none counts as two."""
    try:
        return np.dtype(kind or _KIND).itemsize
    except TypeError:  # bfloat16
        return 2


def _require_room(name, size: int, by: str, most: int | None = None) -> None:
    memory.require_room(name, size, by, most, ExperimentError, _REMEDY)
