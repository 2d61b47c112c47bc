"""The gate: what an exported file says must be what training measured.

Each file is loaded in a process of its own, which knows nothing of the training, and asked for
all test examples in batches of several sizes. A SavedModel must do without Keras.
"""

import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keras_mnist.base import checks
from keras_mnist.base.errors import StoreError
from keras_mnist.serving.formats import FILES, TOLERANCE
from keras_mnist.start import command

BATCHES = (1, 7, 1000)
_REMEDY = (
    "Where every format differs, the network that Keras builds is not the one that was trained and "
    "measured: training/fast/forward.py computes a layer otherwise"
)


class ParityError(StoreError):
    """An exported file that does not say what the trained network said."""


@dataclass(frozen=True)
class Parity:
    """How well an exported file agrees with the trained network.

    Attributes:
        format: of the file.
        images: how many examples were asked about, in batches of each size.
        difference: greatest absolute difference of any probability.
        tolerance: that was allowed.

    Raises:
        ExperimentError: a value of another type or out of its range.
    """

    format: str
    images: int
    difference: float
    tolerance: float

    def __post_init__(self):
        checks.one_of("format", self.format, FILES)
        checks.integer("examples", self.images, 0, 2**53)
        for name in ("difference", "tolerance"):
            checks.number(name, getattr(self, name), 0, 1, "[]")


def require_parity(folder: Path, name: str, images: np.ndarray, reference: np.ndarray) -> Parity:
    """Compare an exported file with the trained network.

    Args:
        folder: of the version.
        name: the format.
        images: (n, *shape), raw, as the data set has them.
        reference: float32 (n, classes), the probabilities that the run's accuracy was counted from.

    Raises:
        ParityError: a class differs, or a probability by more than the tolerance; or the file
            cannot be loaded.
    """
    with tempfile.TemporaryDirectory() as scratch:
        asked, answered = Path(scratch) / "images.npy", Path(scratch) / "answers.npy"
        np.save(asked, images)
        line = command(__name__, folder, name, asked, answered)
        ours, theirs = os.pipe()
        try:  # at its end, however this process comes to it, the other one ends
            done = subprocess.run(
                line, stdin=ours, capture_output=True, text=True, errors="replace"
            )
        finally:
            os.close(ours)
            os.close(theirs)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
            raise ParityError(f"the {name} file must load in a process of its own", last[0])
        answers = np.load(answered)
    for size, probabilities in zip(BATCHES, answers, strict=True):
        differing = np.flatnonzero(probabilities.argmax(1) != reference.argmax(1))
        if len(differing):
            raise ParityError(
                f"the {name} file must say the classes that the trained network said",
                f"{len(differing)} of {len(images)} others, in batches of {size}",
                _REMEDY,
            )
    difference = float(np.abs(answers - reference).max())
    if not difference <= TOLERANCE[name]:
        raise ParityError(
            f"the {name} file's probabilities must be within {TOLERANCE[name]:g} of the trained "
            "network's",
            f"{difference:.2g}",
            _REMEDY,
        )
    return Parity(name, len(images), difference, TOLERANCE[name])


def _follow_parent() -> None:
    """End this process when the one that asks ends, which holds the other end of our input."""

    def wait():
        os.read(sys.stdin.fileno(), 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _answer(folder: str, name: str, asked: str, answered: str) -> None:
    if name == "saved_model":
        modules: Any = sys.modules
        modules["keras"] = None  # an import of it fails
    from keras_mnist.serving.classifier import load_classifier

    classifier, images = load_classifier(Path(folder), name), np.load(asked)
    answers = [
        np.concatenate([classifier.ask(images[i : i + n]) for i in range(0, len(images), n)])
        for n in BATCHES
    ]
    np.save(answered, np.stack(answers))


if __name__ == "__main__":
    _follow_parent()
    _answer(*sys.argv[1:])
