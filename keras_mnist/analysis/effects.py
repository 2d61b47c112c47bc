"""Effects: variant minus baseline, paired by seed; interactions; Holm's adjustment."""

import math
from typing import NamedTuple

import numpy as np

from keras_mnist.analysis.intervals import LEVEL, Interval, mean_interval


def paired_differences(variant: dict, baseline: dict) -> np.ndarray:
    """Return variant minus baseline, real (n,), over the seeds that both have.

    Args:
        variant, baseline: a metric's value by seed.
    """
    seeds = sorted(variant.keys() & baseline.keys())
    return np.array([variant[seed] - baseline[seed] for seed in seeds], float)


def effect(variant: dict, baseline: dict, level: float = LEVEL) -> Interval:
    """Return the mean paired difference with its interval.

    Args:
        variant, baseline: a metric's value by seed.
        level: of the interval, in (0, 1).
    """
    return mean_interval(paired_differences(variant, baseline), level)


def interaction(joint: dict, singles: list[dict], baseline: dict) -> Interval:
    """Return the joint effect minus the sum of the single ones, paired, with its interval.

    Args:
        joint: a metric by seed, of the variant with all changes.
        singles: the same of each variant with one of them.
        baseline: the same of the baseline.
    """
    seeds = sorted(set.intersection(*(set(v) for v in [joint, baseline, *singles])))
    excess = [
        joint[s] - baseline[s] - sum(single[s] - baseline[s] for single in singles) for s in seeds
    ]
    return mean_interval(excess)


class Adjusted(NamedTuple):
    """What Holm's procedure makes of one p-value among others.

    Attributes:
        p: adjusted.
        times: how many of them it allows for: those that were not told before it.
    """

    p: float
    times: int

    @property
    def level(self) -> float:
        """The level at which it is tested: an interval of it excludes zero just where p tells."""
        return 1 - (1 - LEVEL) / self.times

    @property
    def told(self) -> bool:
        """Whether it is below 5 %; NaN is not."""
        return self.p < 1 - LEVEL


def holm_steps(p_values) -> list[Adjusted]:
    """Return what Holm's procedure makes of p-values, in the order given; a NaN is passed over.

    Source: Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    ranked = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    found = [Adjusted(math.nan, max(1, len(ranked)))] * len(p_values)
    largest, left = 0.0, len(ranked)
    for rank, (p, i) in enumerate(ranked):
        largest = max(largest, min(1.0, (len(ranked) - rank) * p))
        found[i] = Adjusted(largest, left)
        left -= found[i].told
    return found


def holm(p_values) -> list[float]:
    """Return Holm's adjusted p-values alone, as `holm_steps` does."""
    return [found.p for found in holm_steps(p_values)]
