"""The networks that run in the page: exported ones, as steps and weights in base64."""

import base64
import contextlib
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import StoreError
from keras_mnist.reporting import wording
from keras_mnist.serving.card import Card
from keras_mnist.serving.formats import FILES
from keras_mnist.serving.plain import read_plain
from keras_mnist.serving.shelf import HOMES, PRETRAINED, shelved
from keras_mnist.serving.together import require_files

NAMES = {PRETRAINED: "LeNet5_Reg", "mlp_64": "MLP, width 64"}
MOST = 2  # that there is room for beside a drawing
# What the page's scripts can do: by kind of step, the fields that they know.
_KNOWN = {
    "resize": {"side"},
    "scale": {"divide", "subtract", "divide_again"},
    "conv": {"padding", "kernel", "bias"},
    "dense": {"kernel", "bias"},
    "pool": {"by"},
    "activate": {"by"},
}
_ACTIVATIONS = ("relu", "tanh", "softmax")


def tried() -> list[dict]:
    """Return the networks that came with the package, each with its steps and weights.

    They are of documents. The weights of every array are float32, little endian, rows last, in
    base64.
    """
    folders = {name: folder for name, _, folder in shelved(HOMES[1:]) if name in NAMES}
    return [_network(NAMES[n], n, folders[n]) for n in NAMES if n in folders]


def tried_of(keys: set[str]) -> list[dict]:
    """Return a person's exported networks that read digits and can run in the page, as `tried`.

    Args:
        keys: of the experiments that they may come from.
    """
    found = []
    for name, folder in {name: folder for name, _, folder in shelved(HOMES[:1])}.items():
        with contextlib.suppress(StoreError):  # one that is damaged is for `exports` to tell
            card = Card.read(folder)
            if card.record.key in keys and card.shows_digits and _can_run(folder):
                found.append(_network(name, name, folder))
    return found


def _can_run(folder: Path) -> bool:
    """Return whether the page's scripts do all that a network takes."""
    path = folder / FILES["numpy"]
    if not path.is_file():
        return False
    steps, arrays = _plain(path)
    return all(_is_known(step, arrays) for step in steps)


def _is_known(step: dict, arrays: dict) -> bool:
    kind = step["kind"]
    if step.keys() - {"kind"} - _KNOWN.get(kind, set()) or kind not in _KNOWN:
        return False
    if kind == "scale":  # by one number for all pixels
        return all(
            isinstance(value, (int, float)) for name, value in step.items() if name != "kind"
        )
    if kind == "conv":
        height, width, *_ = arrays[step["kernel"]].shape
        return height == width and (step["padding"] == "valid" or height % 2 == 1)
    return kind != "activate" or step["by"] in _ACTIVATIONS


def _plain(path: Path) -> tuple[list[dict], dict]:
    try:
        return read_plain(path)
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{path} must be a whole network", error) from None


def _network(name: str, exported: str, folder: Path) -> dict:
    card = Card.read(folder)
    require_files(card, folder)
    steps, arrays = _plain(folder / FILES["numpy"])
    return {
        "name": name,
        "title": f"{exported}, version {folder.name}",
        "accuracy": wording.number("test_accuracy", card.accuracy),
        "parameters": card.record.experiment.parameters,
        "steps": steps,
        "arrays": {key: _encoded(array) for key, array in arrays.items()},
    }


def _encoded(array: np.ndarray) -> dict:
    raw = np.ascontiguousarray(array, "<f4").tobytes()
    return {"shape": list(array.shape), "data": base64.b64encode(raw).decode()}
