"""A published training time, and ours beside it.

How long training takes is of a machine and its software: of seconds there is no verdict, and one on
which of two takes less is said to be of ours. Only runs of one machine and version are compared.
"""

from dataclasses import dataclass

from keras_mnist.analysis.intervals import mean_interval, summarize
from keras_mnist.analysis.verdicts import (
    INCONCLUSIVE,
    NO_VERDICT,
    judge_statement,
    seeds_to_tell,
    statement_p,
)
from keras_mnist.documents.claims.claim import Claim
from keras_mnist.documents.claims.finding import Finding
from keras_mnist.reporting import wording

_LEGEND = (
    "Of times, ours are of our machine, and so is a verdict on which of two takes less: the mean "
    "ratio of pairs of runs of one seed, machine and version, with its interval, adjusted like a "
    "statement's. Of seconds there is no verdict."
)


@dataclass(frozen=True)
class Time(Claim):
    """A published training time, or which of two experiments takes less.

    Attributes:
        experiment: the name of the experiment that took it.
        seconds: as published; `None` where the document says only what `text` says.
        where: where it stands in the document.
        text: a comparison in words.
        beside: the name of the experiment that takes more time, as the document says; seeds are
            paired.
    """

    experiment: str
    seconds: float | None
    where: str
    text: str = ""
    beside: str = ""

    kind = "time"
    legend = (_LEGEND,)

    @property
    def plural(self) -> str:
        """What several are called."""
        return "training times"

    @property
    def name(self) -> str:
        """What it is called within its document."""
        return f"{self.experiment}/seconds"

    @property
    def about(self) -> list[str]:
        """The experiment that took it."""
        return [self.experiment]

    @property
    def needs(self) -> list[str]:
        """That experiment, and the one it is compared with."""
        return [self.experiment, *([self.beside] if self.beside else [])]

    @property
    def as_metric(self) -> float | None:
        """The seconds published."""
        return self.seconds

    def comparisons(self, runs, reading=None) -> list[float]:
        """Return the p of equal times, where two are compared."""
        if reading is not None or not self.beside:
            return []
        return [min(statement_p([mean_interval(self._saved(runs))]))]

    def finding(self, runs, reading=None, adjusted=()) -> Finding | None:
        """Return our times; where two are compared, whether it takes less on our machine."""
        if reading is not None:
            return None
        ours = summarize(list(self._times(runs).values()))
        if not self.beside:
            return Finding(NO_VERDICT, "seconds", ours)
        (holm,) = adjusted
        saved, level = self._saved(runs), holm.level
        verdict = judge_statement([mean_interval(saved)], holm.p)
        seeds = seeds_to_tell(summarize(saved), holm.times) if verdict == INCONCLUSIVE else None
        ratio = mean_interval(list(self._times(runs).values()), level)
        return Finding(verdict, "ratio", ours, ratio.low, ratio.high, seeds, p=holm.p)

    def _saved(self, runs) -> list[float]:
        """Return which share of the other's time it saves, of each pair of runs."""
        return [1 - ratio for ratio in self._times(runs).values()]

    def evidence(self, runs, found: Finding, reading=None) -> dict[int, float]:
        """Return our seconds, or our ratio of seconds where two experiments are compared."""
        return self._times(runs)

    def _times(self, runs) -> dict[int, float]:
        seconds = {seed: record.seconds for seed, record in runs.of(self.experiment).items()}
        if not self.beside:
            return seconds
        ours, beside = runs.of(self.experiment), runs.of(self.beside)
        return {
            seed: seconds[seed] / beside[seed].seconds
            for seed in sorted(seconds.keys() & beside.keys())
            if beside[seed].seconds > 0 and ours[seed].environment == beside[seed].environment
        }

    @property
    def claimed(self) -> str:
        """What the document says, or what was timed."""
        return self.text or "seconds of training"

    @property
    def printed(self) -> float | str:
        """The seconds, or what the document says."""
        return self.seconds or self.text

    @property
    def published(self) -> str:
        """The seconds as people read them."""
        return "stated" if self.seconds is None else f"{self.seconds:,.2f}"

    @property
    def band(self) -> str:
        """What the interval is of."""
        return "mean ratio, allows for all statements"

    def why(self, found: Finding) -> str:
        """Return the verdict's reason in one line."""
        if not self.beside:
            return "the document's machine is not named"
        times = f"ours, as a multiple of the time of {self.beside} on one machine"
        if found.verdict == INCONCLUSIVE:
            return found.wanting(", if the ratio stays") or f"{times}: not told apart"
        return f"{times}, p {wording.p_value(found.p)}"

    def note(self, records: list) -> str:
        """Return on which machines our runs were timed."""
        named = [r.environment for r in records if r.environment.keys() >= {"processor", "threads"}]
        machines = dict.fromkeys(
            f"{e['processor']}, {wording.count(e['threads'], 'thread')}" for e in named
        )
        return f"Times: ours on {'; '.join(machines) or 'no machine yet'}."
