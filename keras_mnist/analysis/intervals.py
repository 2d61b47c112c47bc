"""Means, their spread, and intervals, of a metric's values over seeds.

Student's t throughout: seeds are few, and their number is said with every figure. NumPy and SciPy
are loaded by the first that computes: `--help` lists the networks of documents, which know these.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

LEVEL = 0.95


@dataclass(frozen=True)
class Summary:
    """Mean, sample standard deviation (NaN below two values) and number of values."""

    mean: float
    sd: float
    n: int


class Epochs(NamedTuple):
    """Mean, sample standard deviation (NaN below two) and number of curves, (epochs,) each."""

    mean: Any
    sd: Any
    n: Any


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % interval and the two-sided p of a mean of zero; NaN where n < 2."""

    mean: float
    low: float
    high: float
    p: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def summarize(values) -> Summary:
    """Return the summary of `values`, real numbers (n,)."""
    import numpy as np

    values = np.asarray(values, float)
    n = len(values)
    return Summary(
        mean=float(values.mean()) if n else math.nan,
        sd=float(values.std(ddof=1)) if n > 1 else math.nan,
        n=n,
    )


def by_epoch(series) -> Epochs:
    """Return the summary of curves, a real number an epoch, epoch by epoch.

    A curve that ends early counts in no later epoch: what is said there is said of the others, and
    of how many.
    """
    import numpy as np

    lengths = np.array([len(values) for values in series])
    n = np.array([np.sum(lengths > epoch) for epoch in range(lengths.max())])
    values = np.full((len(lengths), len(n)), np.nan)
    for row, curve in zip(values, series, strict=True):
        row[: len(curve)] = curve
    there = np.arange(len(n)) < lengths[:, None]
    mean = np.where(there, values, 0).sum(axis=0) / n
    off = np.where(there, values - mean, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.where(n > 1, np.sqrt((off**2).sum(axis=0) / (n - 1)), np.nan)
    return Epochs(mean, sd, n)


def mean_interval(values) -> Interval:
    """Return the t-interval of the mean of `values`, real numbers (n,).

    Values that are all equal give an interval of no width, and p of 1 or 0 as they are zero or
    not.
    """
    summary = summarize(values)
    mean, n = summary.mean, summary.n
    if n < 2:
        return Interval(mean, math.nan, math.nan, math.nan, n)
    error = summary.sd / math.sqrt(n)
    half = quantile(n - 1) * error
    p = float(two_sided_p(n - 1, abs(mean) / error)) if error > 0 else float(mean == 0)
    return Interval(mean, mean - half, mean + half, p, n)


def prediction_interval(values) -> tuple[float, float]:
    """Return where one further value should fall, with 95 % confidence.

    mean +- t * s * sqrt(1 + 1/n): a published figure is one draw, and is compared with this,
    not with the interval of the mean. (NaN, NaN) below two values.
    """
    summary = summarize(values)
    if summary.n < 2:
        return math.nan, math.nan
    half = quantile(summary.n - 1) * summary.sd * math.sqrt(1 + 1 / summary.n)
    return summary.mean - half, summary.mean + half


def sampling_sd(share: float, count: int) -> float:
    """Return the standard deviation of a share, in [0, 1], of `count` independent cases.

    That of an accuracy over test sets of that size, the network being what it is.
    """
    return math.sqrt(share * (1 - share) / count)


@cache
def quantile(degrees: int) -> float:
    """Return the t quantile that leaves 2.5 % above it."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + LEVEL) / 2))


def two_sided_p(degrees: float, t: float) -> float:
    """Return how probable it is that Student's t is at least `t`, 0 or more, away from zero."""
    from scipy.special import stdtr

    return 2 * stdtr(degrees, -t)
