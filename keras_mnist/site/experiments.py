"""The experiments that the page shows, each once: what they are, and their curves."""

from collections import defaultdict
from typing import Any

import numpy as np

from keras_mnist.analysis.intervals import by_epoch
from keras_mnist.base.metrics import BY_EPOCH
from keras_mnist.experiment import Experiment
from keras_mnist.reporting import wording
from keras_mnist.runs import RunRecord
from keras_mnist.runs.record import SCHEMA

MOST_VALUES = (
    200_000  # in all curves; a page with more would be slow, and is given none of the rest
)
DIGITS = 5  # significant ones, of the numbers that plots are made of


def short(value: Any) -> Any:
    """Return a number, or an array of them, with as many digits as a plot can show."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [short(item) for item in value]
    return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None


class Experiments:
    """Completed runs by data set and experiment, and what the page shows of them.

    Args:
        records: of any experiments and data sets.

    Attributes:
        shown: by key, plain data: `name`, `experiment`, `parameters`, `n`, `curves`.
    """

    def __init__(self, records: list[RunRecord]):
        self._runs, self._values = defaultdict(dict), 0
        self.shown: dict[str, dict] = {}
        for record in records:
            if record.completed:
                self._runs[record.key][record.seed] = record

    def runs(self, experiment: Experiment, digest: str) -> dict[int, RunRecord]:
        """Return the completed runs of an experiment on the data of that digest, by seed."""
        return self._runs.get(self.key(experiment, digest), {})

    @staticmethod
    def key(experiment: Experiment, digest: str) -> str:
        """Return the key under which an experiment's runs on the data of that digest lie."""
        return experiment.key(digest, SCHEMA)

    def show(self, name: str, experiment: Experiment, digest: str) -> str:
        """Put an experiment on the page, under the name of who first asks, and return its key."""
        key = experiment.key(digest, SCHEMA)
        if key[:10] not in self.shown:
            runs = list(self._runs.get(key, {}).values())
            values = 2 * len(BY_EPOCH) * experiment.fit.epochs
            fits = self._values + values <= MOST_VALUES
            self._values += values if runs and fits else 0
            self.shown[key[:10]] = {
                "name": name,
                "experiment": experiment.to_dict(),
                "parameters": experiment.parameters,
                "n": len(runs),
                "curves": _curves(runs) if fits else {},
            }
        return key[:10]


def _curves(runs: list[RunRecord]) -> dict[str, dict]:
    """Return mean and standard deviation over runs, by metric, a value an epoch.

    And, where some runs ended before others, of how many that is. In the units that people read:
    accuracies in percent, losses in nats.
    """
    found = {}
    for metric in BY_EPOCH:
        series = [run.history[metric] for run in runs if metric in run.history]
        if not series:
            continue
        curves = by_epoch([wording.in_units(metric, np.array(curve, float)) for curve in series])
        found[metric] = {"mean": short(curves.mean), "sd": short(curves.sd)}
        if curves.n[-1] < curves.n[0]:
            found[metric]["n"] = curves.n.tolist()
    return found
