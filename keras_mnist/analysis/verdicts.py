"""What our runs say of a published number, and of a statement."""

import math
import statistics
from dataclasses import dataclass

from keras_mnist.analysis.intervals import (
    LEVEL,
    Interval,
    Summary,
    prediction_interval,
    share_interval,
    summarize,
)
from keras_mnist.analysis.power import POWER, fewest, power_of, power_within

REPRODUCED = "reproduced"
COMPATIBLE = "compatible"  # inside an interval that is too wide to confirm anything
NOT_REPRODUCED = "not reproduced"
INCONCLUSIVE = "inconclusive"
EXPLAINED = "explained"
HOLDS = "holds"
FAILS = "fails"
EQUAL = "equal"
NOT_EQUAL = "not equal"
NO_VERDICT = "no verdict"
VERDICTS = (
    *(REPRODUCED, EXPLAINED, COMPATIBLE, NOT_REPRODUCED),
    *(HOLDS, FAILS),
    *(INCONCLUSIVE, EQUAL, NOT_EQUAL, NO_VERDICT),
)
AGREE = (REPRODUCED, HOLDS, EQUAL)

FEWEST_RUNS = 3  # below, an interval says too little
# A few seeds may be alike by luck, and their interval too narrow for what others would give: so
# many runs it takes to say that a number is not reproduced, fewer where each is long.
ENOUGH_RUNS, ENOUGH_LONG_RUNS = 15, 8
LONG = 60  # seconds
MOST_SEEDS = 1000  # looked at when more seeds are asked for


@dataclass(frozen=True)
class NumberVerdict:
    """A verdict on one number.

    Attributes:
        verdict: `reproduced`, `compatible`, `not reproduced` or `inconclusive`.
        ours: the summary of our runs.
        low, high: where one further run should fall, with 95 % confidence.
        seeds: if it is none of the first and the third, with how many seeds it should be told;
            `None` if with no number.
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


def enough_runs(seconds) -> int:
    """Return how many runs it takes to say that a number is not reproduced.

    Args:
        seconds: that those there are took, real numbers (n,).
    """
    long = bool(len(seconds)) and statistics.median(seconds) >= LONG
    return ENOUGH_LONG_RUNS if long else ENOUGH_RUNS


def judge_number(
    published: float, values, tolerance: float, rounding=0.0, enough: int = ENOUGH_RUNS
) -> NumberVerdict:
    """Return what `values`, one a run, say of a `published` number.

    It is one draw, so it is compared with the prediction interval of one further run: outside,
    it is not reproduced, if `enough` runs say so; inside, it is reproduced if half the interval is
    at most `tolerance`, because an interval that holds everything confirms nothing, and else
    compatible.

    Args:
        published: in the unit of `values`.
        values: real numbers (n,).
        tolerance: the widest half interval that means something.
        rounding: as in `falls_inside`.
        enough: as from `enough_runs`.
    """
    ours = summarize(values)
    low, high = prediction_interval(values)
    if ours.n < FEWEST_RUNS:
        return NumberVerdict(INCONCLUSIVE, ours, low, high, FEWEST_RUNS)
    if not falls_inside(published, low, high, rounding):
        if ours.n < enough:
            return NumberVerdict(INCONCLUSIVE, ours, low, high, enough)
        return NumberVerdict(NOT_REPRODUCED, ours, low, high)
    if (high - low) / 2 <= tolerance:
        return NumberVerdict(REPRODUCED, ours, low, high)
    seeds = seeds_needed(ours.sd, tolerance, ours.n)
    return NumberVerdict(COMPATIBLE, ours, low, high, seeds)


def statement_p(parts: list[Interval]) -> tuple[float, float]:
    """Return how surely paired differences say that all of them exceed zero, or that one does not.

    A statement of several parts holds only if each does, so each is tested at 5 % and its p is the
    largest of theirs: parts are no chances to be wrong, as all would have to be (an
    intersection-union test). It fails as soon as one part is below zero, and each of k parts is a
    chance to seem so: its p is k times the smallest (Bonferroni). p is two-sided, as of one
    difference alone.

    Args:
        parts: of each difference, its interval; one without p says nothing.

    Returns:
        p of what speaks for it and p of what speaks against it, neither adjusted for other
        statements; at least one of them is 1.

    Source: Berger, "Multiparameter hypothesis testing and acceptance sampling" (1982).
    """
    signed = [(part.mean, 1.0 if math.isnan(part.p) else part.p) for part in parts]
    holds = max(p if mean > 0 else 1.0 for mean, p in signed)
    fails = min(len(parts) * p if mean < 0 else 1.0 for mean, p in signed)
    return holds, min(1.0, fails)


def judge_statement(parts: list[Interval], adjusted: float) -> str:
    """Return what paired differences say of a statement that they all exceed zero.

    Args:
        parts: of each difference, its interval.
        adjusted: the smaller p of `statement_p`, adjusted for all statements that were asked.
    """
    few = any(part.n < FEWEST_RUNS for part in parts)
    if few or not adjusted < 1 - LEVEL:
        return INCONCLUSIVE
    holds, fails = statement_p(parts)
    return HOLDS if holds < fails else FAILS


def seeds_to_tell(difference: Summary, times: float = 1) -> int | None:
    """Return with how many pairs of runs a difference like this is told from zero.

    In four cases of five, where mean and spread stay. `None` where no number within reason does.

    Args:
        difference: of the pairs so far.
        times: how many comparisons its level allows for.
    """
    if difference.n < FEWEST_RUNS:
        return FEWEST_RUNS
    if not difference.sd > 0:
        return None
    shift, level = abs(difference.mean) / difference.sd, 1 - (1 - LEVEL) / times
    return fewest(lambda n: power_of(shift, n, level) >= POWER, difference.n + 1, MOST_SEEDS)


def seeds_needed(sd: float, tolerance: float, n: int = 0) -> int | None:
    """Return with how many runs of this spread half a prediction interval is within `tolerance`.

    In four cases of five. `None` where no number suffices: the interval never gets narrower than
    the runs' own spread.

    Args:
        sd: of the runs, above 0.
        tolerance: above 0.
        n: how many there are.
    """
    return fewest(
        lambda n: power_within(sd, tolerance, n, LEVEL) >= POWER,
        max(FEWEST_RUNS, n + 1),
        MOST_SEEDS,
    )


def judge_share(times: int, n: int, least: float) -> str:
    """Return what runs say of a statement that something happens in some of them.

    It holds if it was seen: then the interval of its share lies above zero. It fails if that lies
    below `least`: never to have seen it does not say that it cannot be, only that it is rarer.

    Args:
        times: in how many runs it happened.
        n: how many there are.
        least: the smallest share that counts as some, in (0, 1).
    """
    if times:
        return HOLDS
    return FAILS if share_interval(0, n)[1] < least else INCONCLUSIVE


def runs_without(least: float) -> int:
    """Return after how many runs in which it never happened `judge_share` says that it fails."""
    return math.floor(math.log((1 - LEVEL) / 2) / math.log(1 - least)) + 1
