"""A published statement, beside our runs: paired differences that must exceed zero."""

import math
from dataclasses import dataclass, replace

from keras_mnist.analysis.effects import Adjusted
from keras_mnist.analysis.intervals import Interval, mean_interval, summarize
from keras_mnist.analysis.verdicts import (
    FAILS,
    HOLDS,
    INCONCLUSIVE,
    judge_statement,
    seeds_to_tell,
    statement_p,
)
from keras_mnist.documents.claims.claim import Claim
from keras_mnist.documents.claims.finding import Finding
from keras_mnist.documents.quantities import Part, Quantity, seen_among, values
from keras_mnist.reporting import wording

_LEGEND = (
    "Of a statement, ours is the difference that it hangs on, paired by seed. It holds if each of "
    "its parts does, at p < 0.05, and fails if one is the other way, at p < 0.05 divided by their "
    "number; p is adjusted by Holm over all statements of the source, and the interval is of the "
    "level that this leaves. An explained statement fails as described, but holds under the one "
    "reading under which most statements about its experiments hold, and more than as described; "
    'there p allows for the number of readings, too. Thresholds marked "here" are ours.'
)


@dataclass(frozen=True)
class Statement(Claim):
    """A published statement, as comparisons that must all hold.

    Attributes:
        called: its name within its document.
        text: what the document says.
        where: where it stands there.
        parts: the comparisons; thresholds that the document leaves open are ours.
    """

    called: str
    text: str
    where: str
    parts: tuple[Part, ...]

    kind = "statement"
    legend = (_LEGEND,)
    difference = True

    @property
    def name(self) -> str:
        """What it is called within its document."""
        return self.called

    @property
    def plural(self) -> str:
        """What several are called."""
        return "statements"

    @property
    def shown(self) -> str:
        """A score card shows it by what it says."""
        return "sentence"

    @property
    def about(self) -> list[str]:
        """The experiments that it compares."""
        return list(dict.fromkeys(q.experiment for part in self.parts for q in part.quantities))

    @property
    def served_with(self) -> tuple[str, frozenset[str]]:
        """One reading must serve all statements about the same experiments."""
        return Statement.kind, frozenset(self.about)

    def comparisons(self, runs, reading=None) -> list[float]:
        """Return its p-value; what has no runs yet counts as 1."""
        found = self._excesses(runs, reading)
        parts = [mean_interval(list(of.values())) for of in found]
        return [min(statement_p(parts))] if parts else []

    def finding(self, runs, reading=None, adjusted=()) -> Finding | None:
        """Return whether its parts hold, and that which speaks most against it."""
        excesses = [list(of.values()) for of in self._excesses(runs, reading)]
        if not excesses:
            return None
        (holm,) = adjusted
        parts = list(map(mean_interval, excesses))
        verdict = judge_statement(parts, holm.p)
        number = min(range(len(parts)), key=lambda place: _against(parts[place]))
        part, excess, times = self.parts[number], summarize(excesses[number]), holm.times
        if parts[number].mean < 0:
            times *= len(parts)  # of which any may fail
        seeds = seeds_to_tell(excess, times) if verdict == INCONCLUSIVE else None
        found = mean_interval(excesses[number], Adjusted(holm.p, times).level)
        ours = replace(excess, mean=excess.mean + part.by)
        low, high = found.low + part.by, found.high + part.by
        return Finding(verdict, part.metric, ours, low, high, seeds, number, holm.p)

    def _excesses(self, runs, reading) -> list[dict[int, float]]:
        """Return, for each part, what must exceed zero, by seed.

        None where the reading concerns none of the experiments, or is not to be tried on one of
        them: then nothing is compared at all.
        """
        if reading and not any(runs.document.under(reading, name) for name in self.about):
            return []
        found = [(part, self._by_seed(part, runs, reading)) for part in self.parts]
        if any(by_seed is None for _, by_seed in found):
            return []
        return [{s: value - part.by for s, value in (of or {}).items()} for part, of in found]

    def _by_seed(self, part: Part, runs, reading) -> dict[int, float] | None:
        """Return the difference that a part compares, by seed; `None` if it is not to be tried."""
        of = {q.experiment: runs.of(q.experiment, reading) for q in part.quantities}
        if None in of.values():
            return None
        found = {
            quantity: values(quantity, of[quantity.experiment]) for quantity in part.quantities
        }
        seeds = sorted(set.intersection(*(set(by_seed) for by_seed in found.values())))

        def side(quantity: Quantity | float, seed: int) -> float:
            number = isinstance(quantity, (int, float))
            return quantity if number else found[quantity][seed]

        return {seed: side(part.more, seed) - side(part.less, seed) for seed in seeds}

    def evidence(self, runs, found: Finding, reading=None) -> dict[int, float]:
        """Return the differences that it hangs on."""
        return self._by_seed(self.parts[found.part], runs, reading) or {}

    def curves(self, document, found: Finding, reading=None) -> list[tuple]:
        """Return those of what it hangs on."""
        sides = self.parts[found.part].quantities
        described = [(side, document.experiment(side.experiment)) for side in sides]
        return [
            (side.experiment, experiment, metric)
            for side, experiment in described
            for metric in (seen_among("gap", experiment) if side.metric == "gap" else [side.metric])
        ]

    @property
    def claimed(self) -> str:
        """What the document says."""
        return self.text

    def subject(self, found: Finding) -> str:
        """Return the comparison that it hangs on."""
        return self.parts[found.part].words

    def ours(self, found: Finding) -> str:
        """Return the mean difference, its spread over seeds, and the number of pairs."""
        return f"{wording.difference(found.metric, found.ours)} ({found.ours.n})"

    @property
    def band(self) -> str:
        """What the interval is of."""
        return "mean difference, allows for all statements"

    def mark(self, found: Finding) -> float | None:
        """Return what the difference must exceed."""
        return self.parts[found.part].by

    def why(self, found: Finding) -> str:
        """Return the verdict's reason in one line."""
        p = f"p {wording.p_value(found.p)}"
        if found.verdict in (HOLDS, FAILS):
            return p if found.verdict == HOLDS else f"the other way, {p}"
        return found.wanting(", if the difference stays") or f"not told apart, {p}"


def _against(part: Interval) -> float:
    """Return what sorts parts: the surest to fail first, then the least sure to hold."""
    sure = 0.0 if math.isnan(part.p) else 1 - part.p
    return math.copysign(sure, part.mean)
