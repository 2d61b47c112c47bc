"""Run records by what a document calls their experiments."""

import contextlib
import math
from functools import cache

from keras_mnist.documents import Document
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord


class Runs:
    """Completed runs, by what their document calls their experiment.

    Args:
        document: whose names are used.
        records: of any experiments, on the canonical MNIST only.
    """

    def __init__(self, document: Document, records):
        self._document = document
        # By key, as in the store: a rate written out is the same experiment as one left out.
        self._by_key: dict[str, dict[int, RunRecord]] = {}
        for record in records:
            if record.completed:
                self._by_key.setdefault(_key(record.experiment), {})[record.seed] = record

    def of(self, name: str, reading=None) -> dict[int, RunRecord] | None:
        """Return the runs by seed, under a reading if one is given.

        `None` where the reading is not to be tried on the experiment; where it merely does not
        concern it, the runs as described.
        """
        if reading is None:
            experiment = self._document.experiment(name)
        elif reading.only and name not in reading.only:
            return None
        else:
            experiment = self._document.under(reading, name) or self._document.experiment(name)
        return self._by_key.get(_key(experiment), {})


@cache
def _key(experiment: Experiment) -> str:
    return experiment.key("", 0)


def values(quantity, runs: dict[int, RunRecord]) -> dict[int, float]:
    """Return a quantity by seed, of the runs that have it.

    A metric that was not measured, or not finite, is no value.
    """
    found = {}
    for seed, record in runs.items():
        with contextlib.suppress(KeyError, IndexError, TypeError):
            value = float(quantity.of(record))
            if math.isfinite(value):
                found[seed] = value
    return found
