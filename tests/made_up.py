"""A made-up document and records of its runs, all numbers by hand."""

import dataclasses

from keras_mnist import Experiment
from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.documents import Document, Number, Reading, Statement
from keras_mnist.documents.judging import judge
from keras_mnist.runs import RunRecord

RATE = Reading("another rate", {"optimizer": "sgd"}, {"learning_rate": 0.1}, "it is not said")
BASE = Experiment().change(epochs=3)
SGD = BASE.change(optimizer="sgd")


def record(experiment, seed, history=None, seconds=2.0, **metrics):
    return RunRecord(
        experiment,
        seed,
        {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True},
        "completed",
        metrics={"test_accuracy": 0.98, **metrics},
        history=history or {},
        seconds=seconds,
    )


def document(*claims, readings=(RATE,), **fields):
    changes = {"baseline": {}, "sgd": {"optimizer": "sgd"}}
    return Document("sixth", "6th", "6.txt", "A sixth", BASE, changes, claims, readings, **fields)


def accuracies(
    base=(0.979, 0.980, 0.981), sgd=(0.90, 0.91, 0.92), read=(0.979, 0.980, 0.981), times=1
):
    """Records whose accuracies these are, over and over: five times three are enough to tell."""
    runs = {BASE: base, SGD: sgd, SGD.change(learning_rate=0.1): read}
    return [record(e, i, test_accuracy=v) for e, a in runs.items() for i, v in enumerate(a * times)]


NUMBERS = document(
    Number("baseline", "test_accuracy", 98.0, "%", "table 1", decimals=2),
    Number("sgd", "test_accuracy", 98.0, "%", "table 1", decimals=2),
    Number("sgd", "val_loss", 0.5, "nats", "table 1"),
)


def numbers(**values):
    records = [dataclasses.replace(r, metrics={**r.metrics, "val_loss": 0.9 + r.seed / 1e4})
               for r in accuracies(**{"times": 5, **values})]  # fmt: skip
    return judge(NUMBERS, records)


def statement(*parts, name="s"):
    return Statement(name, "it is so", "page 1", parts)
