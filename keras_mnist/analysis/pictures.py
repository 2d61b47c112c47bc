"""Which test images a change breaks and mends, and intervals that hold for new images too."""

import math
from dataclasses import dataclass

import numpy as np

from keras_mnist.analysis.intervals import LEVEL, quantiles

_FEWEST = 3  # seeds


@dataclass(frozen=True)
class Changed:
    """What a change does to the test images.

    Attributes:
        broken: by image, in which share of the pairs of runs the baseline is right and the variant
            wrong, real (n,).
        mended: the other way about.
        low, high: of the change in accuracy, a 95 % interval for new seeds and new test images
            together; NaN below three pairs.
        by_seed: of each pair of runs, how many images it breaks and how many it mends: McNemar's
            counts.
    """

    broken: np.ndarray
    mended: np.ndarray
    low: float
    high: float
    by_seed: dict[int, tuple[int, int]]

    @property
    def pairs(self) -> int:
        """How many pairs of runs there are."""
        return len(self.by_seed)

    @property
    def mean(self) -> float:
        """The change in accuracy, a share."""
        return float(self.mended.mean() - self.broken.mean())


@dataclass(frozen=True)
class Spread:
    """Where the spread of an accuracy comes from.

    Attributes:
        seeds: its standard deviation from seed to seed, on these test images; NaN below two.
        images: what its mean over seeds would move by on as many new test images.
    """

    seeds: float
    images: float


def changed(variant: dict[int, np.ndarray], baseline: dict[int, np.ndarray]) -> Changed | None:
    """Return what a change does to the test images; `None` where no seed is in both.

    Args:
        variant, baseline: by seed, whether each test image was right, bool (n,).
    """
    seeds = sorted(variant.keys() & baseline.keys())
    if not seeds:
        return None
    ours, theirs = (np.array([of[seed] for seed in seeds]) for of in (variant, baseline))
    low, high = both_interval(ours.astype(np.float32) - theirs)
    broken, mended = ~ours & theirs, ours & ~theirs
    counts = zip(broken.sum(1).tolist(), mended.sum(1).tolist(), strict=True)
    by_seed = dict(zip(seeds, counts, strict=True))
    return Changed(broken.mean(0), mended.mean(0), low, high, by_seed)


def most_often(shares: np.ndarray, most: int) -> list[int]:
    """Return the images of the largest shares, none that is zero; the first of equal ones.

    Args:
        shares: by image, real (n,).
        most: how many at most.
    """
    order = np.argsort(-shares, kind="stable")[:most]
    return [int(image) for image in order if shares[image] > 0]


def both_interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of the mean of `values` for new rows and new columns together.

    The variance of the mean is what rows and columns each add to it, less what both count of the
    rest; Student's t has as many degrees of freedom as Satterthwaite gives their sum ("An
    approximate distribution of estimates of variance components", 1946). A bootstrap of both
    ("multi-bootstrap") estimates the same variance, and is too narrow for few rows.

    Args:
        values: real (m, n), a row a seed, a column an image.
        level: of the interval, in (0, 1).

    Returns:
        Its ends; NaN below three rows, whose spread says too little, or below two columns.
    """
    m, n = values.shape
    if m < _FEWEST or n < 2:
        return math.nan, math.nan
    rows, columns, mean = values.mean(1), values.mean(0), float(values.mean())
    rest = values - rows[:, None] - columns + mean
    both = float((rest**2).sum()) / ((m - 1) * (n - 1)) / (m * n)
    by_rows = float(rows.var(ddof=1)) / m
    by_columns = max(float(columns.var(ddof=1)) / n - both, 0.0)
    variance = by_rows + by_columns
    if variance <= both:  # what is left by chance alone: rows that are alike by chance are no news
        variance, degrees = both, float(m - 1)
    else:
        squares = by_rows**2 / (m - 1) + by_columns**2 / (n - 1)
        degrees = variance**2 / squares
    half = quantiles(degrees, level) * math.sqrt(variance)
    return mean - float(half), mean + float(half)


def spread(right: dict[int, np.ndarray]) -> Spread:
    """Return where the spread of an accuracy comes from.

    Args:
        right: by seed, whether each test image was right, bool (n,).
    """
    values = np.array(list(right.values()), float)
    seeds = float(values.mean(1).std(ddof=1)) if len(values) > 1 else math.nan
    images = values.mean(0)
    return Spread(seeds, float(images.std(ddof=1)) / math.sqrt(len(images)))
