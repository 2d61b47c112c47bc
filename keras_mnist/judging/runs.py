"""Run records by what a source calls their experiments."""

import contextlib

from keras_mnist.experiment import Experiment
from keras_mnist.published import Source
from keras_mnist.results import RunRecord


class Runs:
    """Completed runs, by what their source calls their experiment.

    Args:
        source: whose names are used.
        records: of any experiments, on the canonical MNIST only.
    """

    def __init__(self, source: Source, records):
        self._source = source
        self._by_experiment: dict[Experiment, dict[int, RunRecord]] = {}
        for record in records:
            if record.completed:
                self._by_experiment.setdefault(record.experiment, {})[record.seed] = record

    def of(self, name: str, reading=None) -> dict[int, RunRecord] | None:
        """Return the runs, by seed; `None` where the reading does not concern the experiment."""
        source = self._source
        experiment = source.under(reading, name) if reading else source.experiment(name)
        return None if experiment is None else self._by_experiment.get(experiment, {})


def values(quantity, runs: dict[int, RunRecord]) -> dict[int, float]:
    """Return a quantity by seed, of the runs that have it.

    A metric that was not measured, or not finite, is no value.
    """
    found = {}
    for seed, record in runs.items():
        with contextlib.suppress(KeyError, IndexError, TypeError):
            found[seed] = float(quantity.of(record))
    return found
