"""A run record: one run, one file, everything needed to understand and repeat it."""

import json
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from sys import intern
from typing import Any

from keras_mnist.base.checks import LARGEST_SEED
from keras_mnist.base.checksum import with_checksum, without_checksum
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.base.files import finite
from keras_mnist.base.reading import parse_json
from keras_mnist.experiment import Experiment
from keras_mnist.runs.consistency import require_consistent

SCHEMA = 1  # raised when a record's meaning changes; part of every key
LARGEST = 1e100  # far beyond single precision, in which networks are trained; its square is finite
STATUSES = ("completed", "diverged", "failed")
_COMMON = ("experiment", "data", "environment")
_NAMED = ("metrics", "history")


@dataclass(frozen=True)
class RunRecord:
    """The result of one experiment with one seed.

    Attributes:
        experiment: what was trained.
        seed: with which seed.
        data: `name`, `digest` and `canonical` of the data set, how many `images` it has and, where
            there are any, its `class_names` and how its `test_split` was drawn.
        status: `completed`; `diverged` (a training loss was not finite); `failed`.
        reason: why, if not completed.
        metrics: by name, of the last epoch or of the one restored; losses in nats, accuracies as
            shares in [0, 1].
        history: by metric, a value an epoch; fewer than asked for where patience ran out.
        weights_sha256: of the final weights.
        parameters: of the network.
        seconds: spent training and evaluating.
        environment: versions, threads, processor.
        said: what the network said of each test image, packed (`runs/said.py`); empty where that is
            unknown.
        attempts: 2 if the run's process ended the first time.
        created: when, UTC, ISO 8601.
    """

    experiment: Experiment
    seed: int
    data: dict
    status: str
    reason: str = ""
    metrics: dict = field(default_factory=dict)
    history: dict = field(default_factory=dict)
    weights_sha256: str = ""
    parameters: int = 0
    seconds: float = 0.0
    environment: dict = field(default_factory=dict)
    said: str = ""
    attempts: int = 1
    created: str = ""

    @property
    def completed(self) -> bool:
        """Whether its metrics may be used."""
        return self.status == "completed"

    @cached_property
    def key(self) -> str:
        """The key of its experiment on its data."""
        return self.experiment.key(self.data["digest"], SCHEMA)

    @property
    def epochs(self) -> int:
        """How many epochs it trained: those of its history."""
        return max(map(len, self.history.values()), default=0)

    @property
    def share(self) -> float:
        """Which share of the epochs asked for that is; 1 where nothing could end it early."""
        fit = self.experiment.fit
        return self.epochs / fit.epochs if fit.patience and self.epochs else 1.0

    def to_dict(self) -> dict:
        """Return the record as plain data, numbers that are not finite as `None`."""
        content = {f.name: getattr(self, f.name) for f in fields(self)}
        content["experiment"] = self.experiment.to_dict()
        return {"schema": SCHEMA, "key": self.key, **finite(content)}

    def to_json(self) -> str:
        """Return the record's file content: its plain data and their checksum."""
        return json.dumps(with_checksum(self.to_dict()), indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "RunRecord":
        """Read a record back.

        Raises:
            StoreError: the text is torn, foreign, or of another schema; it was altered, or its
                figures contradict each other.
        """
        try:
            content = parse_json(text)
        except ValueError as error:
            raise StoreError("a run record must be whole JSON", error) from None
        if not isinstance(content, dict) or "schema" not in content:
            raise StoreError("a run record must be one of this package's", "another JSON file")
        if content["schema"] != SCHEMA:
            raise StoreError(
                f"a run record must have schema {SCHEMA}", repr(content["schema"])[:40]
            )
        try:
            content = without_checksum(content, "a run record")  # those of before 0.2.1 have none
            key = content.pop("key", None)
            del content["schema"]
            record = cls(**_shared(content))
            record._check()
            if record.key != key:
                raise StoreError("a run record's key must be that of its content", repr(key)[:80])
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise StoreError("a run record must have a record's fields", error) from None
        except ExperimentError as error:
            raise StoreError("a run record must have an experiment's fields", error) from None
        return record

    def _check(self) -> None:
        """Raise `TypeError` or `ValueError` unless each field has the type it claims."""
        for f in fields(self):
            value = getattr(self, f.name)
            types: Any = (int, float) if f.type is float else f.type
            if isinstance(value, bool) or not isinstance(value, types):
                raise TypeError(f"{f.name} is {type(value).__name__}")
        if self.status not in STATUSES or not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"status {self.status!r}, seed {self.seed}")
        _numbers([self.seconds, self.parameters, self.attempts], low=0, required=True)
        if not all(isinstance(self.data[name], str) for name in ("name", "digest")):
            raise TypeError("data is not named")
        names = self.data.get("class_names", [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise TypeError("class names are not texts")
        for name, value in self.metrics.items():
            _numbers([value], *_range(name))
        for name, series in self.history.items():
            if not isinstance(series, list):
                raise TypeError("a history is not a list")
            _numbers(series, *_range(name))
        if self.completed:
            _numbers([self.metrics["test_accuracy"]], required=True)
        require_consistent(self)


def _shared(content: dict) -> dict:
    """Return a record's content with what many records have in common held once in memory.

    Of a hundred thousand records, a few differ in more than seed and numbers.
    """
    shared = dict(content)
    for name in content.keys() & set(_COMMON):
        shared[name] = _once(name, json.dumps(content[name]))
    for name in content.keys() & set(_NAMED):
        shared[name] = {intern(key): value for key, value in content[name].items()}
    return shared


@lru_cache(maxsize=4096)
def _once(name: str, text: str):
    value = json.loads(text)
    return Experiment.from_dict(value) if name == "experiment" else value


def _range(metric: str) -> tuple[float, float]:
    """Return the least and the greatest value that a metric may have."""
    return (0, 1) if metric.endswith("_accuracy") else (-LARGEST, LARGEST)


def _numbers(values, low: float = -LARGEST, high: float = LARGEST, required=False) -> None:
    """Raise unless each is a number from `low` to `high` or, if not `required`, `None`."""
    for value in values:
        if value is None and not required:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{value!r} is not a number")
        if not low <= value <= high:  # true of NaN, too
            raise ValueError(f"{value!r:.40} is not from {low:g} to {high:g}")
