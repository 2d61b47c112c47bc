"""Answers that stand: higher, lower, the same within a margin, or not told.

Each rests on an interval, wide enough that in 95 % of studies all the intervals of a study hold
what they should: those of every variant, at every look at the seeds so far. So a variant may stop
at any look, by any rule, and at most 5 % of studies contain a wrong answer.

Source: Jennison and Turnbull, "Interim analyses: the repeated confidence interval approach"
(1989). The 5 % are spent evenly over the seeds (Lan and DeMets, "Discrete sequential boundaries
for clinical trials", 1983) and over the variants (Bonferroni), which assumes nothing of how looks
or variants hang together. Equivalence is told as by two one-sided tests, each at half the level
(Schuirmann, "A comparison of the two one-sided tests procedure", 1987).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from keras_mnist.analysis.intervals import (
    LEVEL,
    Interval,
    mean_interval,
    quantiles,
    summarize,
    two_sided_p,
)
from keras_mnist.analysis.verdicts import seeds_to_tell
from keras_mnist.base.checks import as_python
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.metrics import quantity

NOT_TOLD, HIGHER, LOWER, SAME = WORDS = ("not told", "higher", "lower", "the same")

_LOOKS = (3, 5, 8, 12, 20, 32, 50, 80, 125, 200, 315, 500, 800)  # each about 1.6 times the last
FEWEST, MOST = _LOOKS[0], 1000  # seeds


@dataclass(frozen=True)
class Question:
    """What is asked of every variant of a study, and when it is looked.

    Attributes:
        looks: at how many seeds, rising; one look where their number is fixed.
        metric: of which the variants' difference from the baseline is asked.
        margin: above 0, in the record's unit: a difference below it is none that matters.
        step: between two values that the metric can have, 0 or more, such as 1 / test images of an
            accuracy. Few of them agree by rounding, which counts as spread: else three equal
            differences would tell anything.
    """

    looks: tuple[int, ...]
    metric: str = "test_accuracy"
    margin: float | None = None
    step: float = 0.0

    def __post_init__(self):
        for name in ("looks", "margin", "step"):
            object.__setattr__(self, name, as_python(getattr(self, name)))
        object.__setattr__(self, "looks", tuple(self.looks))
        if not self.looks or list(self.looks) != sorted({*self.looks}):
            raise ExperimentError("looks must be numbers of seeds, rising", self.looks)
        if self.looks[0] < FEWEST:
            raise ExperimentError(f"an answer must rest on at least {FEWEST} seeds", self.looks[0])
        if self.margin is not None and not 0 < self.margin < math.inf:
            raise ExperimentError("a margin must be above 0", self.margin)
        unit = quantity(self.metric)
        if self.margin is not None and unit.factor > 1 and self.margin >= 1:
            raise ExperimentError(
                f"a margin must be below {unit.factor} {unit.unit_of(True)}",
                f"{self.margin * unit.factor:g}",
                f"In Python it is a share: {1 / unit.factor:g} is 1 {unit.unit_of(True)}",
            )

    @classmethod
    def until_told(cls, at_most: int, metric: str = "test_accuracy", margin=None) -> "Question":
        """Return the question that looks at 3, 5, 8, 12, 20, ... seeds, and at last at `at_most`.

        Raises:
            ExperimentError: `at_most` is below the first look, or above 1000; a bad margin.
        """
        at_most = as_python(at_most)
        if type(at_most) is not int or not FEWEST <= at_most <= MOST:
            raise ExperimentError(f"--at-most must be {FEWEST} to {MOST} seeds", at_most)
        looks = (*(look for look in _LOOKS if look < at_most), at_most)
        return cls(looks, metric, margin)

    def levels(self, variants: int) -> list[float]:
        """Return the level of each look's intervals, for a study of so many variants."""
        steps = [after - before for before, after in pairwise((0, *self.looks))]
        return [1 - (1 - LEVEL) * step / self.looks[-1] / variants for step in steps]


@dataclass(frozen=True)
class Answer:
    """What a variant's differences from the baseline tell.

    Attributes:
        word: one of `WORDS`.
        interval: of the mean difference, at the look at which it was told or the last so far; its
            level and its p allow for all variants and looks.
        seeds: looked at by then; a pair of runs that did not complete is not in the interval.
        wanted: if it is not told, at about how many seeds a difference that stays as it is should
            differ from zero, in four cases of five; `None` if at no number within reason.
    """

    word: str
    interval: Interval
    seeds: int
    wanted: int | None = None


class Told(NamedTuple):
    """Answers to many studies at once, arrays of one shape: as in `Answer`, `n` pairs each."""

    word: Any
    mean: Any
    low: Any
    high: Any
    p: Any
    n: Any
    seeds: Any


def answer(differences: Sequence[float], question: Question, variants: int) -> Answer:
    """Return what one variant's differences tell; of no seeds before the first look.

    Args:
        differences: variant minus baseline by seed, in the order in which seeds are looked at; NaN
            for a pair of runs that did not complete.
        question: what is asked.
        variants: how many the study has.
    """
    found = tell([list(differences)], question, variants)
    if found is None:
        return Answer(NOT_TOLD, mean_interval([]), 0)
    word, mean, low, high, p, n, seeds = (values[0] for values in found)
    interval = Interval(float(mean), float(low), float(high), float(p), int(n))
    wanted = None
    if word == NOT_TOLD:
        pairs = [difference for difference in differences if not math.isnan(difference)]
        times = (1 - LEVEL) / (1 - question.levels(variants)[-1])
        wanted = seeds_to_tell(summarize(pairs), times)
    return Answer(str(word), interval, int(seeds), wanted)


def tell(differences, question: Question, variants: int) -> Told | None:
    """Return what the differences of many variants, or studies, tell, each at its own look.

    Args:
        differences: real (..., seeds), as in `answer`; `seeds` may be any look's.
        question, variants: as in `answer`.

    Returns:
        Arrays (...,); `None` before the first look.
    """
    import numpy as np

    differences, found = np.asarray(differences, float), None
    for look, level in zip(question.looks, question.levels(variants), strict=True):
        if look > differences.shape[-1]:
            break
        now = _at(differences[..., :look], level, question)
        if found is None:
            found = now
        else:
            stands = found.word != NOT_TOLD
            found = Told(*(np.where(stands, a, b) for a, b in zip(found, now, strict=True)))
    return found


def _at(differences, level: float, question: Question) -> Told:
    """Return what a look tells."""
    import numpy as np

    there = ~np.isnan(differences)
    n = there.sum(axis=-1)
    enough = n >= FEWEST
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(there, differences, 0).sum(axis=-1) / n
        off = np.where(there, differences - mean[..., None], 0)
        rounding = question.step**2 / 12 * 2  # of a uniform rounding, twice: variant and baseline
        error = np.sqrt(((off**2).sum(axis=-1) / (n - 1) + rounding) / n)
        half = np.where(enough, quantiles(np.maximum(n - 1, 1), level) * error, math.nan)
        p = np.where(error > 0, two_sided_p(np.maximum(n - 1, 1), abs(mean) / error), mean == 0)
    low, high = mean - half, mean + half
    within = math.inf if question.margin is None else question.margin
    same = (low > -within) & (high < within) & (question.margin is not None)
    word = np.select([same, high < 0, low > 0], [SAME, LOWER, HIGHER], NOT_TOLD)
    p = np.where(enough, np.minimum(1, p * (1 - LEVEL) / (1 - level)), math.nan)
    return Told(word, mean, low, high, p, n, np.full(mean.shape, differences.shape[-1]))
