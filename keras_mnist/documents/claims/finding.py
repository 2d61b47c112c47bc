"""What is found of a claim: a verdict and what it rests on."""

import math
from dataclasses import dataclass

from keras_mnist.analysis.intervals import Summary
from keras_mnist.analysis.verdicts import FEWEST_RUNS
from keras_mnist.reporting import wording


@dataclass(frozen=True)
class Finding:
    """A verdict and what it rests on.

    Attributes:
        verdict: one of `analysis.verdicts.VERDICTS`.
        metric: of the values: a record's, or `parameters`, or `seconds`.
        ours: summary of our runs; of a statement, of the difference that it hangs on.
        low, high: where one further run should fall (a number), with 95 % confidence, or where the
            mean difference should lie (a statement), at the level at which Holm tests it; NaN
            where there is none.
        seeds: if it is not told, with how many seeds it should be; `None` if with no number.
        part: of a statement, the number of the comparison that `ours` is of.
        p: of the statement, adjusted by Holm over all of the document's.
    """

    verdict: str
    metric: str
    ours: Summary
    low: float = float("nan")
    high: float = float("nan")
    seeds: int | None = None
    part: int = 0
    p: float = float("nan")

    def place_of(self, value: float | None) -> float:
        """Return where a value lies, in half intervals above our mean; NaN without either."""
        half = (self.high - self.low) / 2
        return (value - self.ours.mean) / half if half and value is not None else math.nan

    def wanting(self, proviso: str = "") -> str:
        """Return how many more runs would tell what is not told; nothing if no number would.

        Args:
            proviso: what must be added where enough runs for an interval are there.
        """
        if not self.ours.n:
            return "no runs yet"
        if not self.seeds:
            return ""
        few = self.ours.n < FEWEST_RUNS
        if few:
            return f"at least {self.missing()} needed"
        return f"about {self.missing()} would tell{proviso}"

    def missing(self) -> str:
        """Return in words how many of `seeds` there are no runs of yet."""
        return wording.count((self.seeds or 0) - self.ours.n, "more seed")
