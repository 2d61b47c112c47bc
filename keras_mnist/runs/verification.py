"""Verification: a stored run is trained again; its weights and its figures are compared."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from keras_mnist.base.errors import DataError, shown
from keras_mnist.base.files import finite
from keras_mnist.data import Dataset
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.described import require_code
from keras_mnist.runs.plan import Plan, Run
from keras_mnist.runs.run_all import run_all

# What may differ in an environment without a bit of the weights: the system, Python, and what a
# processor is called; its instructions are another entry.
_HARMLESS = {"system", "python", "processor", "family"}


@dataclass(frozen=True)
class Verification:
    """A stored record beside the record of the same run, trained again."""

    stored: RunRecord
    again: RunRecord

    @property
    def same(self) -> bool:
        """Whether both ended with the same weights and measured the same, bit for bit."""
        return self.same_weights and not self.other_figures

    @property
    def same_weights(self) -> bool:
        """Whether both ended with the same weights, bit for bit."""
        return bool(self.stored.weights_sha256) and (
            self.stored.weights_sha256 == self.again.weights_sha256
        )

    @property
    def other_figures(self) -> list[str]:
        """Which stored figures came out otherwise: `test_accuracy 0.99 then, 0.98 now`."""
        then, now = _figures(self.stored), _figures(self.again)
        return [
            f"{name} {value} then, {now.get(name)} now"
            for name, value in then.items()
            if value != now.get(name)
        ]

    @property
    def differences(self) -> list[str]:
        """What differs in the environment: `tensorflow 2.21.0 then, 2.22.0 now`."""
        return list(self._differing().values())

    @property
    def causes(self) -> list[str]:
        """Those of the differences that can change weights."""
        return [told for name, told in self._differing().items() if name not in _HARMLESS]

    @property
    def refreshed(self) -> RunRecord | None:
        """The stored record with what this version measures besides, if there is any.

        `None` unless the run came out the same.
        """
        if not self.same:
            return None
        metrics = {**self.again.metrics, **self.stored.metrics}
        said = self.stored.said or self.again.said
        whole = replace(self.stored, metrics=metrics, said=said)
        return None if whole == self.stored else whole

    def _differing(self) -> dict[str, str]:
        then, now = self.stored.environment, self.again.environment
        found = {}
        for name in sorted(then.keys() | now.keys()):
            before, after = then.get(name, "unknown"), now.get(name, "unknown")
            if before != after:
                found[name] = f"{shown(name)} {shown(before)} then, {shown(after)} now"
        return found

    @property
    def moved(self) -> list[str]:
        """By how much the final figures moved: `test_accuracy +0.0004`."""
        then, now = self.stored.metrics, self.again.metrics
        both = {name: (then[name], now.get(name)) for name in then}
        return [f"{name} {b - a:+.4g}" for name, (a, b) in both.items() if None not in (a, b)]


def _figures(record: RunRecord) -> dict:
    """Return all that a record says was measured, by a name for each number."""
    figures = {"status": record.status, **record.metrics}
    for metric, series in record.history.items():
        figures |= {f"{metric} of epoch {epoch}": v for epoch, v in enumerate(series, 1)}
    return finite(figures)


def plan_anew(runs: list[Run], dataset: Dataset, folder: Path | str, jobs: int) -> Plan:
    """Return the plan that trains `runs`, (experiment, seed) each, into a store of its own."""
    labels = {experiment: experiment.name for experiment, _ in runs}
    return Plan(labels, dataset, Store(folder), jobs, missing=list(dict.fromkeys(runs)))


def require_data(records: list[RunRecord], dataset: Dataset) -> None:
    """Check that `records` are of a data set.

    Raises:
        DataError: one is of another.
    """
    for record in records:
        if record.data["digest"] != dataset.digest:
            raise DataError(
                "a run must be verified on the data it was trained on, "
                f"{record.data['name']} with digest {record.data['digest'][:12]}",
                f"{dataset.name} with digest {dataset.digest[:12]}",
                "Name it with --data",
            )


def verify_runs(records: list[RunRecord], dataset: Dataset, jobs: int, watching):
    """Train the runs of `records` again and yield a `Verification` each, in their order.

    Args:
        watching: a function from a plan to the watcher, a context manager, that shows it.
    """
    require_data(records, dataset)
    runs = [(record.experiment, record.seed) for record in records]
    require_code(experiment for experiment, _ in runs)
    with tempfile.TemporaryDirectory() as folder:
        plan = plan_anew(runs, dataset, folder, jobs)
        with watching(plan) as watcher:
            again = run_all(plan, watcher)
    for record in records:
        yield Verification(record, again[record.experiment, record.seed])
