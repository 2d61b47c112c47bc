"""A published statement about some runs: what happens in a share of them."""

import math
from dataclasses import dataclass

from keras_mnist.analysis.intervals import Summary, share_interval
from keras_mnist.analysis.verdicts import FAILS, HOLDS, INCONCLUSIVE, judge_share, runs_without
from keras_mnist.base.errors import ExperimentError
from keras_mnist.documents.claims.finding import Finding
from keras_mnist.documents.claims.statement import Statement
from keras_mnist.reporting import wording

LEAST = 0.05  # the smallest share of runs that is some of them

_LEGEND = (
    "In some runs: ours is how many have it, with the 95 % interval of their share (Clopper and "
    "Pearson). It holds if any run has it, and fails if that interval lies below the least share "
    f"that counts, {100 * LEAST:g} % unless said: after {runs_without(LEAST)} runs without it."
)


@dataclass(frozen=True)
class Sometimes(Statement):
    """A published statement that something happens, where it does so in some runs only.

    Attributes:
        called, text, where: as in `Statement`.
        parts: what happens: comparisons that must all hold in one and the same run, or between the
            runs of one seed.
        least: the smallest share of runs that counts, in (0, 1).

    Raises:
        ExperimentError: a share that is none.
    """

    least: float = LEAST

    kind = "sometimes"
    legend = (_LEGEND,)
    difference = False

    def __post_init__(self):
        if not 0 < self.least < 1:
            raise ExperimentError("the least share of runs must lie between 0 and 1", self.least)

    def comparisons(self, runs, reading=None) -> list[float]:
        """Return none: that something was seen is no matter of chance."""
        return []

    def finding(self, runs, reading=None, adjusted=()) -> Finding | None:
        """Return in which share of runs it happens."""
        if not self._excesses(runs, reading):
            return None
        happened = list(self._happened(runs, reading).values())
        times, n = int(sum(happened)), len(happened)
        verdict = judge_share(times, n, self.least)
        seeds = runs_without(self.least) if verdict == INCONCLUSIVE else None
        ours = Summary(times / n if n else math.nan, math.nan, n)
        low, high = share_interval(times, n) if n else (math.nan, math.nan)
        return Finding(verdict, "share", ours, low, high, seeds)

    def _happened(self, runs, reading) -> dict[int, float]:
        """Return by seed 1 where all parts hold, else 0."""
        parts = self._excesses(runs, reading)
        seeds = sorted(set.intersection(*(set(by_seed) for by_seed in parts))) if parts else []
        return {seed: float(all(of[seed] > 0 for of in parts)) for seed in seeds}

    def evidence(self, runs, found: Finding, reading=None) -> dict[int, float]:
        """Return in which runs it happened: 1, or 0."""
        return self._happened(runs, reading)

    def subject(self, found: Finding) -> str:
        """Return what must be in some runs."""
        return f"in some runs: {' and '.join(part.words for part in self.parts)}"

    def ours(self, found: Finding) -> str:
        """Return in how many runs it is."""
        return f"{_times(found)} of {found.ours.n}" if found.ours.n else "– (0)"

    @property
    def band(self) -> str:
        """What the interval is of."""
        return "share of all runs (95 %)"

    def mark(self, found: Finding) -> None:
        """Return nothing: any share will do."""
        return None

    def why(self, found: Finding) -> str:
        """Return the verdict's reason in one line."""
        runs = wording.count(found.ours.n, "run")
        if found.verdict == HOLDS:
            return f"seen in {_times(found)} of {runs}"
        if found.verdict == FAILS:
            return f"in none of {runs}, so in fewer than {100 * self.least:g} % of all"
        if not found.ours.n:
            return "no runs yet"
        told = f", {found.missing()} without it would tell" if found.seeds else ""
        return f"in none of {runs} so far{told}"


def _times(found: Finding) -> int:
    return round(found.ours.mean * found.ours.n)
