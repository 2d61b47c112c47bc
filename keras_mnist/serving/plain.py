"""Networks as a list of plain steps with their weights: for NumPy, and for a script in a page.

Batch normalization is folded into the layer before it; dropout, which does nothing once trained,
is left out. What is left is nine kinds of step, each a few lines in any language. The page knows
those of the networks that it shows.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from keras_mnist.base.reading import regular

STEPS = "steps"  # the name, among the file's arrays, of the list of steps as JSON


def save_plain(path: Path, steps: list[dict], arrays: dict[str, np.ndarray]) -> None:
    """Write a network as an `.npz` file.

    Args:
        path: of the file.
        steps: in order, as `plain_network` computes them; plain data.
        arrays: float32, by the names that the steps give.
    """
    content: dict[str, Any] = {STEPS: np.array(json.dumps(steps)), **arrays}
    np.savez(path, **content)


def read_plain(path: Path) -> tuple[list[dict], dict[str, np.ndarray]]:
    """Return the steps and arrays of such a file.

    Raises:
        OSError, ValueError, KeyError: it is none.
    """
    with _opened(path) as archive:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
            raise ValueError("compressed arrays, which may be of any size unpacked")
    with np.load(path, allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files}
    steps = json.loads(str(arrays.pop(STEPS)))
    if not isinstance(steps, list) or not steps:
        raise ValueError("no steps")
    return steps, arrays


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(regular(path))
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from None


def plain_network(steps: list[dict], arrays: dict[str, np.ndarray]):
    """Return the network as a function: examples (n, *shape) to float32 (n, classes)."""

    def ask(examples):
        values = examples.astype(np.float32)
        for step in steps:
            values = _KINDS[step["kind"]](values, step, arrays)
        return values

    return ask


def _resize(levels, step, _arrays):
    """Bilinear, to whole levels: rounded after each axis."""
    side = step["side"]
    for _ in range(2):
        size = levels.shape[2]
        places = np.clip((np.arange(side) + 0.5) * size / side - 0.5, 0, size - 1)
        weights = np.maximum(0, 1 - np.abs(np.arange(size)[:, None] - places)).astype(np.float32)
        levels = np.floor(levels @ weights + np.float32(0.5)).transpose(0, 2, 1)
    return levels


def _scale(values, step, _arrays):
    for part in ("divide", "subtract", "divide_again"):
        if part in step:
            number = np.asarray(step[part], np.float32)  # or one for each channel or column
            values = values - number if part == "subtract" else values / number
    return values


def _conv(values, step, arrays):
    kernel = arrays[step["kernel"]]  # (height, width, channels, filters)
    strides = step.get("strides", (1, 1))
    if values.ndim == 3:
        values = values[..., None]
    if step["padding"] == "same":
        margins = map(_margin, values.shape[1:3], kernel.shape[:2], strides)
        values = np.pad(values, ((0, 0), *margins, (0, 0)))
    windows = sliding_window_view(values, kernel.shape[:2], (1, 2))  # (n, h, w, channels, 5, 5)
    windows = windows[:, :: strides[0], :: strides[1]]
    return np.tensordot(windows, kernel, ([4, 5, 3], [0, 1, 2])) + arrays[step["bias"]]


def _margin(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return how many zeros TensorFlow puts before and after an axis."""
    missing = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return missing // 2, missing - missing // 2


def _dense(values, step, arrays):
    flat = values.reshape(len(values), -1)
    return flat @ arrays[step["kernel"]] + arrays[step["bias"]]


def _line(values, step, arrays):
    return values * arrays[step["scale"]] + arrays[step["shift"]]


def _pool(values, step, _arrays):
    n, height, width, channels = values.shape
    size = step.get("size", 2)
    rows, columns = height // size, width // size
    values = values[:, : rows * size, : columns * size]
    blocks = values.reshape(n, rows, size, columns, size, channels)
    return blocks.max((2, 4)) if step["by"] == "max" else blocks.mean((2, 4))


def _everywhere(values, step, _arrays):
    return values.max((1, 2)) if step["by"] == "max" else values.mean((1, 2))


def _reshape(values, step, _arrays):
    return values.reshape(len(values), *step["shape"])


def _activate(values, step, _arrays):
    return ACTIVATIONS[step["by"]](values)


def _softmax(values):
    shifted = np.exp(values - values.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def _sigmoid(values):
    return np.float32(0.5) * np.tanh(np.float32(0.5) * values) + np.float32(0.5)


# By the names that Keras has for them, with its constants.
ACTIVATIONS: dict[str, Callable] = {
    "relu": lambda values: np.maximum(values, 0),
    "relu6": lambda values: np.clip(values, 0, 6),
    "leaky_relu": lambda values: np.where(values > 0, values, np.float32(0.2) * values),
    "elu": lambda values: np.where(values > 0, values, np.expm1(np.minimum(values, 0))),
    "silu": lambda values: values * _sigmoid(values),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "softmax": _softmax,
}
_KINDS = {
    "resize": _resize,
    "scale": _scale,
    "conv": _conv,
    "dense": _dense,
    "pool": _pool,
    "activate": _activate,
    "line": _line,
    "everywhere": _everywhere,
    "reshape": _reshape,
}
