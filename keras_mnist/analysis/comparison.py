"""Anybody's numbers: what each variant changes, paired where seeds match."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from keras_mnist.analysis.effects import effect, holm
from keras_mnist.analysis.intervals import LEVEL, Interval, welch_interval
from keras_mnist.base.errors import ExperimentError, nearest

_FEWEST = 3  # pairs, or values of each: two may agree by rounding alone


@dataclass(frozen=True)
class Contrast:
    """What a variant changes.

    Attributes:
        variant: its name.
        interval: of the mean difference from the baseline.
        p_holm: of a mean of zero, adjusted over all variants.
        paired: whether runs of one seed were compared with each other.
        left_out: how many of its runs and the baseline's have no partner, if they are paired.
    """

    variant: str
    interval: Interval
    p_holm: float
    paired: bool
    left_out: int = 0


def compare(
    values: Mapping[str, Mapping], baseline: str, margin: float | None = None
) -> list[Contrast]:
    """Return what each variant changes.

    Args:
        values: by variant, a number by seed; a number that is NaN is of a run without result.
        baseline: the variant that the others are compared with. Where three seeds or more are
            common to both, the difference is paired by seed; else it is Welch's, of three values
            each.
        margin: above 0; with one, intervals allow for all variants (Bonferroni), so that one that
            lies within the margin tells that a variant is the same, and all hold in 95 % of cases.

    Raises:
        ExperimentError: there is no such baseline or no other variant, or a margin that is none.
    """
    if baseline not in values:
        raise ExperimentError(
            "--baseline must be one of the variants", baseline, nearest(baseline, values)
        )
    if margin is not None and not 0 < margin < math.inf:
        raise ExperimentError("--margin must be a positive number", margin)
    there = {name: _without_nan(of) for name, of in values.items()}
    base = there.pop(baseline)
    if not there:
        raise ExperimentError("a comparison needs a variant beside the baseline", baseline)
    level = LEVEL if margin is None else 1 - (1 - LEVEL) / len(there)
    found = [(name, *_difference(of, base, level)) for name, of in there.items()]
    adjusted = holm([interval.p for _, interval, *_ in found])
    return [
        Contrast(name, interval, p, paired, left_out)
        for (name, interval, paired, left_out), p in zip(found, adjusted, strict=True)
    ]


def _without_nan(of: Mapping) -> dict:
    return {seed: float(value) for seed, value in of.items() if not math.isnan(value)}


def _difference(ours: dict, theirs: dict, level: float) -> tuple[Interval, bool, int]:
    common = ours.keys() & theirs.keys()
    if len(common) >= _FEWEST:
        return effect(ours, theirs, level), True, len(ours.keys() ^ theirs.keys())
    found = welch_interval(list(ours.values()), list(theirs.values()), level)
    if found.n < _FEWEST:
        found = Interval(found.mean, math.nan, math.nan, math.nan, found.n)
    return found, False, 0
