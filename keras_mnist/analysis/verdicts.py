"""What our runs say of a published number."""

import math
from dataclasses import dataclass

from keras_mnist.analysis.intervals import Summary, prediction_interval, quantile, summarize

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproduced"
INCONCLUSIVE = "inconclusive"
EXPLAINED = "explained"
VERDICTS = (REPRODUCED, EXPLAINED, NOT_REPRODUCED, INCONCLUSIVE)

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


def judge_number(published: float, values, tolerance: float) -> NumberVerdict:
    """Return what `values`, one a run, say of a `published` number.

    It is one draw, so it is compared with the prediction interval of one further run: outside,
    it is not reproduced; inside, it is reproduced if half the interval is at most `tolerance`,
    because an interval that holds everything confirms nothing.

    Args:
        published: in the unit of `values`.
        values: real numbers (n,).
        tolerance: the widest half interval that means something.
    """
    ours = summarize(values)
    low, high = prediction_interval(values)
    if ours.n < FEWEST_RUNS:
        return NumberVerdict(INCONCLUSIVE, ours, low, high, FEWEST_RUNS)
    if not low <= published <= high:
        return NumberVerdict(NOT_REPRODUCED, ours, low, high)
    if (high - low) / 2 <= tolerance:
        return NumberVerdict(REPRODUCED, ours, low, high)
    return NumberVerdict(INCONCLUSIVE, ours, low, high, seeds_needed(ours.sd, tolerance))


def seeds_needed(sd: float, tolerance: float) -> int | None:
    """Return with how many runs of this spread half a prediction interval is within `tolerance`.

    `None` where no number suffices: the interval never gets narrower than the runs' own spread.
    """
    for n in range(FEWEST_RUNS, MOST_SEEDS + 1):
        if quantile(n - 1) * sd * math.sqrt(1 + 1 / n) <= tolerance:
            return n
    return None
