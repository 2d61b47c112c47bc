"""The networks that run in the page: exported ones, as steps and weights in base64."""

import base64
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import StoreError
from keras_mnist.reporting import wording
from keras_mnist.serving.card import Card
from keras_mnist.serving.formats import FILES
from keras_mnist.serving.plain import read_plain
from keras_mnist.serving.shelf import HOMES, PRETRAINED, shelved

NAMES = {PRETRAINED: "LeNet5_Reg", "mlp_64": "MLP, width 64"}


def tried() -> list[dict]:
    """Return the networks that came with the package, each with its steps and weights.

    The weights of every array are float32, little endian, rows last, in base64.
    """
    folders = {name: folder for name, _, folder in shelved(HOMES[1:]) if name in NAMES}
    return [_network(name, folders[name]) for name in NAMES if name in folders]


def _network(name: str, folder: Path) -> dict:
    card = Card.read(folder)
    try:
        steps, arrays = read_plain(folder / FILES["numpy"])
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{folder / FILES['numpy']} must be a whole network", error) from None
    return {
        "name": NAMES[name],
        "title": f"{name}, version {folder.name}",
        "accuracy": wording.number("test_accuracy", card.accuracy),
        "parameters": card.record.experiment.parameters,
        "steps": steps,
        "arrays": {key: _encoded(array) for key, array in arrays.items()},
    }


def _encoded(array: np.ndarray) -> dict:
    raw = np.ascontiguousarray(array, "<f4").tobytes()
    return {"shape": list(array.shape), "data": base64.b64encode(raw).decode()}
