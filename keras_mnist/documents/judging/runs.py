"""Run records by what a document calls their experiments."""

from functools import lru_cache
from typing import overload

from keras_mnist.documents import Document
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord


class Runs:
    """Completed runs, by what their document calls their experiment.

    Args:
        document: whose names are used.
        records: of any experiments, on the canonical MNIST only.

    Attributes:
        document: as given.
    """

    def __init__(self, document: Document, records):
        self.document = document
        # By key, as in the store: a rate written out is the same experiment as one left out.
        self._by_key: dict[str, dict[int, RunRecord]] = {}
        for record in records:
            if record.completed:
                self._by_key.setdefault(_key(record.experiment), {})[record.seed] = record

    @overload
    def of(self, name: str, reading: None = None) -> dict[int, RunRecord]: ...

    @overload
    def of(self, name: str, reading) -> dict[int, RunRecord] | None: ...

    def of(self, name: str, reading=None) -> dict[int, RunRecord] | None:
        """Return the runs by seed, under a reading if one is given.

        `None` where the reading is not to be tried on the experiment; where it merely does not
        concern it, the runs as described.
        """
        if reading is None:
            experiment = self.document.experiment(name)
        elif reading.only and name not in reading.only:
            return None
        else:
            experiment = self.document.under(reading, name) or self.document.experiment(name)
        found = self._by_key.get(_key(experiment), {})
        return {seed: reading.read(r) for seed, r in found.items()} if reading else found


@lru_cache(maxsize=4096)
def _key(experiment: Experiment) -> str:
    return experiment.key("", 0)
