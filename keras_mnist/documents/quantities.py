"""Quantities, each a number that one run gives, and comparisons of them."""

import contextlib
import math
import statistics
from dataclasses import dataclass
from itertools import pairwise

from keras_mnist.experiment import Experiment
from keras_mnist.reporting import wording


def _at(epoch: str | int) -> str:
    return "" if epoch == "last" else f" (epoch {epoch})"


@dataclass(frozen=True)
class At:
    """A metric after an epoch: `last`, or its number from 1."""

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
class Spread:
    """The standard deviation of a metric over the last epochs of a run."""

    experiment: str
    metric: str
    epochs: int = 10

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        return statistics.stdev(record.history[self.metric][-self.epochs :])

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return f"spread of {self.experiment} (last {self.epochs} epochs)"


@dataclass(frozen=True)
class Excess:
    """How far test loss is above training loss after an epoch: `last`, or its number from 1."""

    experiment: str
    epoch: str | int = "last"

    metric = "test_loss"

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        test, train = (At(self.experiment, f"{s}_loss", self.epoch) for s in ("test", "train"))
        return test.of(record) - train.of(record)

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return f"excess over training of {self.experiment}{_at(self.epoch)}"


Quantity = At | Rise | Jump | Spread | Excess


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
        if len(metrics) > 1:  # of one experiment
            return f"{more}: {name} − {wording.name(metrics[1])} > {by}"
        return f"{name}: {more} > {by}" if self.less == 0.0 else f"{name}: {more} − {less} > {by}"

    def _words(self, side: Quantity | float) -> str:
        fixed = isinstance(side, (int, float))
        return wording.threshold(self.metric, side) if fixed else side.words


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
