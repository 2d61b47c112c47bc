"""Quantities, each a number that one run gives, and comparisons of them."""

import contextlib
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from keras_mnist.documents.windows import Epochs, Mean, Slope, Spread, curve_words
from keras_mnist.experiment import Experiment
from keras_mnist.reporting import wording


def _at(epoch: str | int) -> str:
    return "" if epoch == "last" else f" (epoch {epoch})"


@dataclass(frozen=True)
class At:
    """A metric after an epoch: `last`, or its number from 1."""

    difference: ClassVar[bool] = False  # whether a number beside it is one of differences
    experiment: str
    metric: str
    epoch: str | int = "last"

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        if self.epoch == "last":
            return record.metrics[self.metric]
        return record.history[self.metric][int(self.epoch) - 1]

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return self.experiment + _at(self.epoch)


@dataclass(frozen=True)
class Rise:
    """How much a metric rises from the end of one epoch to that of a later one."""

    difference: ClassVar[bool] = True
    experiment: str
    metric: str
    start: int
    end: int

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        series = record.history[self.metric]
        return series[self.end - 1] - series[self.start - 1]

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return f"rise of {self.experiment} (epochs {self.start} to {self.end})"


@dataclass(frozen=True)
class Jump:
    """The greatest rise of a metric from one epoch to the next."""

    difference: ClassVar[bool] = True
    experiment: str
    metric: str

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        series = record.history[self.metric]
        return max(after - before for before, after in pairwise(series))

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return f"greatest rise of {self.experiment} within an epoch"


@dataclass(frozen=True)
class Excess:
    """How far a metric is above another of its run after an epoch: `last`, or its number from 1."""

    difference: ClassVar[bool] = True
    experiment: str
    epoch: str | int = "last"
    metric: str = "test_loss"
    over: str = "train_loss"

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        more, less = (At(self.experiment, m, self.epoch) for m in (self.metric, self.over))
        return more.of(record) - less.of(record)

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return f"{curve_words(self.experiment, self.over)}{_at(self.epoch)}"


Quantity = At | Rise | Jump | Spread | Mean | Slope | Excess


@dataclass(frozen=True)
class Part:
    """One comparison: `more` exceeds `less` by more than `by`, paired by seed.

    Attributes:
        more, less: quantities of one metric; a number stands for itself.
        by: in the metric's unit, which is the record's.
    """

    more: Quantity | float
    less: Quantity | float
    by: float = 0.0

    @property
    def quantities(self) -> list[Quantity]:
        """Those of its two sides that are taken from runs."""
        return [side for side in (self.more, self.less) if not isinstance(side, (int, float))]

    @property
    def metric(self) -> str:
        """The metric compared."""
        return self.quantities[0].metric

    @property
    def words(self) -> str:
        """As people read it, units included: `test accuracy: LeNet5 − CustomMLP > 0`."""
        name, by = wording.name(self.metric), wording.threshold(self.metric, self.by, True)
        more, less = self._words(self.more), self._words(self.less)
        metrics = list(dict.fromkeys(quantity.metric for quantity in self.quantities))
        if len(metrics) > 1:
            if more != less:
                return f"{name} of {more} − {wording.name(metrics[1])} of {less} > {by}"
            return f"{more}: {name} − {wording.name(metrics[1])} > {by}"
        return f"{name}: {more} > {by}" if self.less == 0.0 else f"{name}: {more} − {less} > {by}"

    def _words(self, side: Quantity | float) -> str:
        if not isinstance(side, (int, float)):
            return side.words
        return wording.threshold(self.metric, side, self.quantities[0].difference)


def values(quantity: Quantity, runs: dict) -> dict[int, float]:
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


def seen_among(metric: str, experiment: Experiment) -> list[str]:
    """Return the metrics of training and of held-out images that a metric is seen among."""
    quantity = "accuracy" if metric.endswith("accuracy") else "loss"
    return [f"{split}_{quantity}" for split in ("train", experiment.data.watched)]


__all__ = [
    "At",
    "Epochs",
    "Excess",
    "Jump",
    "Mean",
    "Part",
    "Quantity",
    "Rise",
    "Slope",
    "Spread",
    "seen_among",
    "values",
]
