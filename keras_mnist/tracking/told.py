"""What trackers are told: a group of runs, its runs, and its summary, as plain data."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from keras_mnist.analysis.intervals import summarize
from keras_mnist.base.files import finite
from keras_mnist.base.metrics import METRICS
from keras_mnist.data import Dataset
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment.study import Study
from keras_mnist.reporting.run_frame import row_of
from keras_mnist.runs import RunRecord
from keras_mnist.runs.record import SCHEMA


@dataclass(frozen=True)
class Group:
    """Runs that belong together.

    Attributes:
        name: readable.
        id: the same for the same question, whenever it is asked again.
        varied: by choice, what differs among the runs: `low` and `high`, or `values`.
    """

    name: str
    id: str
    varied: dict[str, dict] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A run of a group.

    Attributes:
        of: what a person calls its experiment: `no relu`.
        seed: with which seed.
        id: its own in the group.
        about: choices, hashes, versions, by the names of a table's columns.
        metrics: of the end; losses in nats, accuracies as shares.
        curves: by metric, a value an epoch; `None` where it was not finite.
        completed: whether it was.
        ended: when, UTC, ISO 8601; empty where that is unknown.
        seconds: how long it took.
    """

    of: str
    seed: int
    id: str
    about: dict[str, Any]
    metrics: dict[str, float]
    curves: dict[str, list]
    completed: bool
    ended: str
    seconds: float

    @property
    def name(self) -> str:
        """What a person calls it: `no relu, seed 3`."""
        return f"{self.of}, seed {self.seed}"


def group_of(name: str, parts: Iterable, varied: dict[str, dict] | None = None) -> Group:
    """Return a group.

    Args:
        name: readable.
        parts: what makes the question this one and no other, as JSON has it.
        varied: as in `Group`.
    """
    text = json.dumps([name, *parts], sort_keys=True)
    return Group(name, hashlib.sha256(text.encode()).hexdigest()[:16], varied or {})


def group_of_study(study: Study, dataset: Dataset) -> Group:
    """Return the group of a study: whatever its seeds, so that more of them go to the same."""
    keys = [variant.experiment.key(dataset.digest, SCHEMA) for variant in study.variants]
    values: dict[str, list] = {}
    for variant in study.variants:
        for name, value in variant.changes:
            values.setdefault(name, [study.baseline.value(name)]).append(value)
    varied = {name: {"values": list(dict.fromkeys(map(_cell, of)))} for name, of in values.items()}
    data = [] if dataset.canonical else [dataset.name]
    return group_of(" ".join([study.baseline.kind, study.name, *data]), keys, varied)


def entry_of(group: Group, of: str, record: RunRecord) -> Entry:
    """Return a record as a run of a group, called `of`."""
    which = f"{group.id} {of} {record.key} {record.seed} {record.created}"
    about = {n: v for n, v in row_of(record).items() if n not in METRICS and v is not None}
    measured = {name: value for name, value in record.metrics.items() if value is not None}
    return Entry(
        of=of,
        seed=record.seed,
        id=hashlib.sha256(which.encode()).hexdigest()[:16],
        about={"variant": of, **{name: _cell(value) for name, value in about.items()}},
        metrics=finite(measured),
        curves=finite(record.history),
        completed=record.completed,
        ended=record.created,
        seconds=record.seconds,
    )


def summary_of(result: Findings) -> dict[str, float]:
    """Return a study's mean, sd, n, effects and intervals, by names such as `no relu/gap/mean`."""
    found = {}
    for variant in result.study.variants:
        for metric in METRICS:
            summary = result.summary(variant, metric)
            about = asdict(summary) if summary.n else {}
            interval, p = result.effects.get(metric, {}).get(variant.name, (None, None))
            if interval is not None and interval.n:
                ends = {"low": interval.low, "high": interval.high}
                about |= {"effect": interval.mean, **ends, "p": p, "pairs": interval.n}
            found |= {f"{variant.name}/{metric}/{what}": value for what, value in about.items()}
    return _numbers(found)


def spread_of(records: Iterable[tuple[str, RunRecord]]) -> dict[str, float]:
    """Return mean, sd and n of experiments that no study compares, by names as in `summary_of`."""
    values: dict[str, list[float]] = {}
    for of, record in records:
        for metric in METRICS if record.completed else ():
            if (value := record.metrics.get(metric)) is not None:
                values.setdefault(f"{of}/{metric}", []).append(value)
    found = {}
    for name, of in values.items():
        found |= {f"{name}/{what}": value for what, value in asdict(summarize(of)).items()}
    return _numbers(found)


def _numbers(found: dict) -> dict[str, float]:
    return {name: value for name, value in finite(found).items() if value is not None}


def _cell(value):
    """Return a value as every tracker takes it."""
    return value if isinstance(value, (bool, int, float, str)) else json.dumps(value, default=str)
