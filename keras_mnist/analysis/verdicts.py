"""What our runs say of a published number, and of a statement."""

import math
from dataclasses import dataclass

from keras_mnist.analysis.intervals import (
    LEVEL,
    Interval,
    Summary,
    prediction_interval,
    quantile,
    summarize,
    two_sided_p,
)

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproduced"
INCONCLUSIVE = "inconclusive"
EXPLAINED = "explained"
HOLDS = "holds"
FAILS = "fails"
EQUAL = "equal"
NOT_EQUAL = "not equal"
NO_VERDICT = "no verdict"
VERDICTS = (
    *(REPRODUCED, EXPLAINED, NOT_REPRODUCED),
    *(HOLDS, FAILS),
    *(INCONCLUSIVE, EQUAL, NOT_EQUAL, NO_VERDICT),
)
AGREE = (REPRODUCED, HOLDS, EQUAL)

FEWEST_RUNS = 3  # below, an interval says too little
MOST_SEEDS = 1000  # looked at when more seeds are asked for


@dataclass(frozen=True)
class NumberVerdict:
    """A verdict on one number.

    Attributes:
        verdict: `reproduced`, `not reproduced` or `inconclusive`.
        ours: the summary of our runs.
        low, high: where one further run should fall, with 95 % confidence.
        seeds: if inconclusive, with how many seeds it would be told; `None` if with no number.
    """

    verdict: str
    ours: Summary
    low: float
    high: float
    seeds: int | None = None


def falls_inside(published: float, low: float, high: float, rounding=0.0) -> bool | None:
    """Return whether a published number falls into the interval of one further run.

    Args:
        published: in the unit of the interval.
        low, high: as from `prediction_interval`.
        rounding: half a unit of the last decimal published; so far the number may lie outside.

    Returns:
        `None` where too few runs make no interval.
    """
    if math.isnan(low):
        return None
    return low - rounding <= published <= high + rounding


def judge_number(published: float, values, tolerance: float, rounding=0.0) -> NumberVerdict:
    """Return what `values`, one a run, say of a `published` number.

    It is one draw, so it is compared with the prediction interval of one further run: outside,
    it is not reproduced; inside, it is reproduced if half the interval is at most `tolerance`,
    because an interval that holds everything confirms nothing.

    Args:
        published: in the unit of `values`.
        values: real numbers (n,).
        tolerance: the widest half interval that means something.
        rounding: as in `falls_inside`.
    """
    ours = summarize(values)
    low, high = prediction_interval(values)
    if ours.n < FEWEST_RUNS:
        return NumberVerdict(INCONCLUSIVE, ours, low, high, FEWEST_RUNS)
    if not falls_inside(published, low, high, rounding):
        return NumberVerdict(NOT_REPRODUCED, ours, low, high)
    if (high - low) / 2 <= tolerance:
        return NumberVerdict(REPRODUCED, ours, low, high)
    return NumberVerdict(INCONCLUSIVE, ours, low, high, seeds_needed(ours.sd, tolerance))


def judge_statement(parts: list[Interval], adjusted: list[float]) -> str:
    """Return what paired differences say of a statement that they all exceed zero.

    It holds if all do and fails if one falls short of zero, at a p, adjusted, below 0.05.

    Args:
        parts: of each difference, its interval.
        adjusted: their p-values, adjusted for all that were asked.
    """
    if any(part.n < FEWEST_RUNS for part in parts):
        return INCONCLUSIVE
    told = [p < 1 - LEVEL for p in adjusted]
    if any(sure and part.mean < 0 for part, sure in zip(parts, told, strict=True)):
        return FAILS
    return HOLDS if all(told) else INCONCLUSIVE


def seeds_to_tell(difference: Interval, adjusted: float) -> int | None:
    """Return with how many pairs of runs a mean difference of this size would be told from zero.

    At the level that Holm's adjustment leaves to it. `None` where no number within reason suffices.

    Args:
        difference: of the pairs so far.
        adjusted: its p-value, adjusted.
    """
    if difference.n < FEWEST_RUNS:
        return FEWEST_RUNS
    factor = max(1.0, adjusted / difference.p) if difference.p > 0 else 1.0
    error = (difference.high - difference.mean) / quantile(difference.n - 1)
    sd = error * math.sqrt(difference.n)
    for n in range(difference.n + 1, MOST_SEEDS + 1):
        p = two_sided_p(n - 1, abs(difference.mean) * math.sqrt(n) / sd) if sd > 0 else 0.0
        if factor * p < 1 - LEVEL:
            return n
    return None


def seeds_needed(sd: float, tolerance: float) -> int | None:
    """Return with how many runs of this spread half a prediction interval is within `tolerance`.

    `None` where no number suffices: the interval never gets narrower than the runs' own spread.
    """
    for n in range(FEWEST_RUNS, MOST_SEEDS + 1):
        if quantile(n - 1) * sd * math.sqrt(1 + 1 / n) <= tolerance:
            return n
    return None
