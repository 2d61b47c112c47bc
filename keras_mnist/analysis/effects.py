"""Effects: variant minus baseline, paired by seed; interactions; Holm's adjustment.

NumPy is loaded by the first that computes: documents, whose names `--help` lists, know these.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from keras_mnist.analysis.intervals import LEVEL, Interval, mean_interval

if TYPE_CHECKING:
    import numpy as np


def paired_differences(variant: dict, baseline: dict) -> "np.ndarray":
    """Return variant minus baseline, real (n,), over the seeds that both have.

    Args:
        variant, baseline: a metric's value by seed.
    """
    import numpy as np

    seeds = sorted(variant.keys() & baseline.keys())
    return np.array([variant[seed] - baseline[seed] for seed in seeds], float)


def effect(variant: dict, baseline: dict, level: float = LEVEL) -> Interval:
    """Return the mean paired difference with its interval.

    Args:
        variant, baseline: a metric's value by seed.
        level: of the interval, in (0, 1).
    """
    return mean_interval(paired_differences(variant, baseline), level)


def interaction(joint: dict, singles: list[dict], baseline: dict, level: float = LEVEL) -> Interval:
    """Return the joint effect minus the sum of the single ones, paired, with its interval.

    Args:
        joint: a metric by seed, of the variant with all changes.
        singles: the same of each variant with one of them.
        baseline: the same of the baseline.
        level: of the interval, in (0, 1).
    """
    seeds = sorted(set.intersection(*(set(v) for v in [joint, baseline, *singles])))
    excess = [
        joint[s] - baseline[s] - sum(single[s] - baseline[s] for single in singles) for s in seeds
    ]
    return mean_interval(excess, level)


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


def together(asked: Sequence[Callable[[float], Interval]]) -> list[tuple[Interval, float]]:
    """Return what questions that are asked together tell: of each its interval and p, adjusted.

    p is adjusted by Holm over all of them. The interval is of the level that this leaves, so it
    excludes zero just where p is below 0.05: where nothing differs, in 95 % of cases none does.

    Args:
        asked: of each what returns its interval, given the level of that.
    """
    steps = holm_steps([ask(LEVEL).p for ask in asked])
    return [(ask(step.level), step.p) for ask, step in zip(asked, steps, strict=True)]


Asked = dict[str, dict[str, Callable[[float], Interval]]]  # by metric and name


def by_metric(
    asked: Asked, compared: Collection[str]
) -> dict[str, dict[str, tuple[Interval, float]]]:
    """Return what is told by metric and name, as `together` does.

    Args:
        asked: by metric and name what returns an interval, given its level.
        compared: the metrics that are asked together; each other is asked by itself.
    """
    families = [[m for m in asked if m in compared], *([m] for m in asked if m not in compared)]
    found: dict[str, dict] = {metric: {} for metric in asked}
    for metrics in families:
        named = [(metric, name) for metric in metrics for name in asked[metric]]
        told = together([asked[metric][name] for metric, name in named])
        for (metric, name), one in zip(named, told, strict=True):
            found[metric][name] = one
    return found


def effects(
    values: Mapping[str, Mapping[str, dict]], compared: Collection[str]
) -> dict[str, dict[str, tuple[Interval, float]]]:
    """Return by metric and name the effects against the baseline, and their p, adjusted.

    Args:
        values: by metric and name, a number by seed; the first name is the baseline's.
        compared: as in `by_metric`.
    """
    asked: Asked = {}
    for metric, by_name in values.items():
        (_, base), *others = by_name.items()
        asked[metric] = {name: partial(effect, of, base) for name, of in others}
    return by_metric(asked, compared)
