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
    """A mean with its interval, of 95 % unless said, and the two-sided p of a mean of zero.

    NaN where n < 2.
    """

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


def mean_interval(values, level: float = LEVEL) -> Interval:
    """Return the t-interval of the mean of `values`, real numbers (n,).

    Values that are all equal give an interval of no width, and p of 1 or 0 as they are zero or
    not.

    Args:
        values: one a run, or a pair of runs.
        level: of the interval, in (0, 1).
    """
    summary = summarize(values)
    mean, n = summary.mean, summary.n
    if n < 2:
        return Interval(mean, math.nan, math.nan, math.nan, n)
    return _around(mean, summary.sd / math.sqrt(n), n - 1, n, level)


def welch_interval(ours, theirs, level: float = LEVEL) -> Interval:
    """Return the interval of the mean of `ours` minus that of `theirs`, runs that are not paired.

    Args:
        ours, theirs: real numbers (n,) and (m,); NaN where either has fewer than two.
        level: as in `mean_interval`.

    Returns:
        Its `n` is the smaller of both.

    Source: Welch, "The generalization of Student's problem when several different population
    variances are involved" (1947).
    """
    one, other = summarize(ours), summarize(theirs)
    mean, n = one.mean - other.mean, min(one.n, other.n)
    if n < 2:
        return Interval(mean, math.nan, math.nan, math.nan, n)
    squares = [summary.sd**2 / summary.n for summary in (one, other)]
    error = math.sqrt(sum(squares))
    parts = sum(square**2 / (s.n - 1) for square, s in zip(squares, (one, other), strict=True))
    degrees = error**4 / parts if parts else float(n - 1)
    return _around(mean, error, degrees, n, level)


def _around(mean: float, error: float, degrees: float, n: int, level: float) -> Interval:
    half = quantile(degrees, level) * error
    p = float(two_sided_p(degrees, abs(mean) / error)) if error > 0 else float(mean == 0)
    return Interval(mean, mean - half, mean + half, p, n)


def sd_interval(values, level: float = LEVEL) -> Interval:
    """Return the standard deviation of `values`, real (n,), with its interval, of a chi-square.

    Its p is NaN: nothing is asked of it.
    """
    summary = summarize(values)
    if summary.n < 2:
        return Interval(math.nan, math.nan, math.nan, math.nan, summary.n)
    from scipy.special import chdtri

    degrees, tail = summary.n - 1, (1 - level) / 2
    low, high = (summary.sd * math.sqrt(degrees / chdtri(degrees, t)) for t in (tail, 1 - tail))
    return Interval(summary.sd, low, high, math.nan, summary.n)


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


def share_interval(times: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of the share of cases in which something happens; (0, 1) of no case.

    Args:
        times: in how many it did.
        n: how many there are.
        level: with which it holds the true share at least, in (0, 1).

    Source: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case
    of the binomial" (1934).
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(times, n - times + 1, tail)) if times else 0.0
    high = float(betaincinv(times + 1, n - times, 1 - tail)) if times < n else 1.0
    return low, high


def sampling_sd(share: float, count: int) -> float:
    """Return the standard deviation of a share, in [0, 1], of `count` independent cases.

    That of an accuracy over test sets of that size, the network being what it is.
    """
    return math.sqrt(share * (1 - share) / count)


@cache
def quantile(degrees: float, level: float = LEVEL) -> float:
    """Return the t quantile between whose negative and which the share `level` lies."""
    return float(quantiles(degrees, level))


def quantiles(degrees, level: float):
    """Return what `quantile` does, of an array of degrees of freedom."""
    from scipy.special import stdtrit

    return stdtrit(degrees, (1 + level) / 2)


def two_sided_p(degrees, t):
    """Return how probable it is that Student's t is at least `t`, 0 or more, away from zero."""
    from scipy.special import stdtr

    return 2 * stdtr(degrees, -t)
