"""Quantities, each a number that one run gives, and comparisons of them."""

import statistics
from dataclasses import dataclass
from itertools import pairwise


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
        return record.history[self.metric][self.epoch - 1]


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


@dataclass(frozen=True)
class Jump:
    """The greatest rise of a metric from one epoch to the next."""

    experiment: str
    metric: str

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        series = record.history[self.metric]
        return max(after - before for before, after in pairwise(series))


@dataclass(frozen=True)
class Spread:
    """The standard deviation of a metric over the last epochs of a run."""

    experiment: str
    metric: str
    epochs: int = 10

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        return statistics.stdev(record.history[self.metric][-self.epochs :])


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


@dataclass(frozen=True)
class Part:
    """One comparison: `more` exceeds `less` by more than `by`, paired by seed.

    Attributes:
        more, less: quantities of one metric; a number stands for itself.
        by: in the metric's unit, which is the record's.
    """

    more: At | Rise | Jump | Spread | Excess | float
    less: At | Rise | Jump | Spread | Excess | float
    by: float = 0.0

    @property
    def quantities(self) -> list:
        """Those of its two sides that are taken from runs."""
        return [side for side in (self.more, self.less) if not isinstance(side, (int, float))]

    @property
    def metric(self) -> str:
        """The metric compared."""
        return self.quantities[0].metric
