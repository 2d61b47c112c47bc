"""Quantities of one run over some of its epochs, each a number."""

import statistics
from dataclasses import dataclass
from typing import ClassVar

from keras_mnist.base.metrics import SPLITS

Epochs = int | tuple[int, int]  # so many, the last ones; or from one to another, from 1


def _among(epochs: Epochs) -> str:
    if isinstance(epochs, int):
        return f" (last {epochs} epochs)"
    return f" (epochs {epochs[0]} to {epochs[1]})"


def _window(record, metric: str, over: str, epochs: Epochs) -> list[float]:
    """Return a metric, less the metric `over` if one is named, after each of some epochs.

    Raises:
        IndexError: the run ended before.
    """
    series = record.history[metric]
    if over:
        series = [a - b for a, b in zip(series, record.history[over], strict=True)]
    first, last = (len(series) - epochs + 1, len(series)) if isinstance(epochs, int) else epochs
    if not 1 <= first <= last <= len(series):
        raise IndexError(f"epochs {first} to {last} of {len(series)}")
    return series[first - 1 : last]


def curve_words(experiment: str, over: str) -> str:
    """Return what a metric of an experiment, less another, is called beside the metric's name."""
    if not over:
        return experiment
    *words, _ = over.split("_")
    images = " ".join(SPLITS.get(word, word) for word in words)
    return f"excess over {images} of {experiment}"


@dataclass(frozen=True)
class Spread:
    """The standard deviation of a metric over the last epochs of a run, or over some."""

    difference: ClassVar[bool] = True
    experiment: str
    metric: str
    epochs: Epochs = 10

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        return statistics.stdev(_window(record, self.metric, "", self.epochs))

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return f"spread of {self.experiment}{_among(self.epochs)}"


@dataclass(frozen=True)
class Mean:
    """The mean of a metric over some epochs; of what it is above the metric `over`, if named."""

    experiment: str
    metric: str
    epochs: Epochs
    over: str = ""

    @property
    def difference(self) -> bool:
        """Whether a number beside it is one of differences."""
        return bool(self.over)

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        return statistics.fmean(_window(record, self.metric, self.over, self.epochs))

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        return f"mean of {curve_words(self.experiment, self.over)}{_among(self.epochs)}"


@dataclass(frozen=True)
class Slope:
    """By how much a metric rises an epoch over some: the slope of the line of least squares."""

    difference: ClassVar[bool] = True
    experiment: str
    metric: str
    epochs: Epochs
    over: str = ""

    def of(self, record) -> float:
        """Return the quantity of one run's record."""
        series = _window(record, self.metric, self.over, self.epochs)
        return statistics.linear_regression(range(len(series)), series).slope

    @property
    def words(self) -> str:
        """What it is called beside others of its metric."""
        of = curve_words(self.experiment, self.over)
        return f"rise of {of} by epoch{_among(self.epochs)}"
