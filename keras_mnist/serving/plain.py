"""Networks as a list of plain steps with their weights: for NumPy, and for a script in a page.

Batch normalization is folded into the layer before it; dropout, which does nothing once trained,
is left out. What is left is nine kinds of step, each a few lines in any language. The page knows
those of the networks that it shows.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from keras_mnist.base import archives
from keras_mnist.base.reading import parse_json, regular

STEPS = "steps"  # the name, among the file's arrays, of the list of steps as JSON
LARGEST = 2**26  # numbers that a step may make of one example, and of all that go through at once
_SCALES = ("divide", "subtract", "divide_again")  # by what a step of that kind scales


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
    with archives.opened(regular(path)):  # which NumPy would unpack to any size
        pass
    with np.load(path, allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files}
    steps = parse_json(str(arrays.pop(STEPS)))
    if not isinstance(steps, list) or not steps:
        raise ValueError("no steps")
    return steps, arrays


def plain_network(steps: list[dict], arrays: dict[str, np.ndarray]):
    """Return the network as a function: examples (n, *shape) to float32 (n, classes).

    It raises `ValueError` where a step would make more than `LARGEST` numbers of one example.
    """
    most = 1  # numbers that a step has made of an example

    def through(examples):
        nonlocal most
        values = examples
        for step in ({"kind": "begin"}, *steps):
            made = _made(values, step, arrays)
            if made > LARGEST * len(examples):
                raise ValueError(f"{step['kind']} would make {made:,} numbers")
            most = max(most, made // len(examples))
            values = _KINDS[step["kind"]](values, step, arrays)
        return values

    def ask(examples):
        first = through(examples[:1]) if most == 1 else None
        if first is not None and len(examples) == 1:
            return first
        size = max(1, LARGEST // most)
        return np.concatenate(
            [through(examples[i : i + size]) for i in range(0, len(examples), size)]
        )

    return ask


def _made(values, step, arrays) -> int:
    """Return how many numbers a step makes, on the way to its result, before it makes any."""
    kind = step["kind"]
    if kind == "resize":
        side = int(step["side"])
        return len(values) * side * max(side, *values.shape[1:])
    if kind == "dense":
        return len(values) * arrays[step["kernel"]].shape[1]
    if kind == "conv":
        height, width, channels, filters = arrays[step["kernel"]].shape
        places = len(values) * (values.shape[1] + height) * (values.shape[2] + width)
        return places * max(height * width * channels, filters)
    others = [arrays[step[name]].shape for name in ("scale", "shift") if kind == "line"]
    others += [np.shape(step[name]) for name in _SCALES if kind == "scale" and name in step]
    return math.prod(np.broadcast_shapes(values.shape, *others))


def _begin(examples, _step, _arrays):
    return examples.astype(np.float32)


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
    for part in _SCALES:
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
    "begin": _begin,
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
