"""Anybody's numbers: what each variant changes, paired where seeds match."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from keras_mnist.analysis.effects import effect, together
from keras_mnist.analysis.intervals import LEVEL, Interval, welch_interval
from keras_mnist.base.errors import ExperimentError, nearest

_FEWEST = 3  # pairs, or values of each: two may agree by rounding alone


@dataclass(frozen=True)
class Contrast:
    """What a variant changes.

    Attributes:
        variant: its name.
        interval: of the mean difference from the baseline; without a margin it excludes zero just
            where `p_holm` is below 0.05.
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
    level = 1 - (1 - LEVEL) / len(there)
    told = together([partial(_interval, of, base) for of in there.values()])
    return [
        Contrast(
            name,
            interval if margin is None else _interval(of, base, level),
            p,
            _are_paired(of, base),
            len(of.keys() ^ base.keys()) if _are_paired(of, base) else 0,
        )
        for (name, of), (interval, p) in zip(there.items(), told, strict=True)
    ]


def _without_nan(of: Mapping) -> dict:
    return {seed: float(value) for seed, value in of.items() if not math.isnan(value)}


def _are_paired(ours: dict, theirs: dict) -> bool:
    return len(ours.keys() & theirs.keys()) >= _FEWEST


def _interval(ours: dict, theirs: dict, level: float) -> Interval:
    if _are_paired(ours, theirs):
        return effect(ours, theirs, level)
    found = welch_interval(list(ours.values()), list(theirs.values()), level)
    few = found.n < _FEWEST
    return Interval(found.mean, math.nan, math.nan, math.nan, found.n) if few else found
