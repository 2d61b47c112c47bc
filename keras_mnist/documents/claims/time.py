"""A published training time, and ours beside it."""

from dataclasses import dataclass

from keras_mnist.analysis.intervals import summarize
from keras_mnist.analysis.verdicts import NO_VERDICT
from keras_mnist.documents.claims.claim import Claim
from keras_mnist.documents.claims.finding import Finding
from keras_mnist.reporting import wording


@dataclass(frozen=True)
class Time(Claim):
    """A published training time.

    Attributes:
        experiment: the name of the experiment that took it.
        seconds: as published; `None` where the document says only what `text` says.
        where: where it stands in the document.
        text: a comparison in words.
        beside: the name of the experiment it is compared with there.
    """

    experiment: str
    seconds: float | None
    where: str
    text: str = ""
    beside: str = ""

    kind = "time"

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

    def finding(self, runs, reading=None, adjusted=()) -> Finding | None:
        """Return our times, without a verdict."""
        if reading is not None:
            return None
        ours = summarize(list(self._times(runs).values()))
        return Finding(NO_VERDICT, "ratio" if self.beside else "seconds", ours)

    def evidence(self, runs, found: Finding, reading=None) -> dict[int, float]:
        """Return our seconds, or our ratio of seconds where two experiments are compared."""
        return self._times(runs)

    def _times(self, runs) -> dict[int, float]:
        seconds = {seed: record.seconds for seed, record in runs.of(self.experiment).items()}
        if not self.beside:
            return seconds
        beside = runs.of(self.beside)
        seeds = [s for s in sorted(seconds.keys() & beside.keys()) if beside[s].seconds > 0]
        return {seed: seconds[seed] / beside[seed].seconds for seed in seeds}

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

    def why(self, found: Finding) -> str:
        """Return why there is no verdict."""
        if self.beside:
            return f"ours, as a multiple of the time of {self.beside}"
        return "the document's machine is not named"

    def note(self, records: list) -> str:
        """Return on which machines our runs were timed."""
        named = [r.environment for r in records if r.environment.keys() >= {"processor", "threads"}]
        machines = dict.fromkeys(
            f"{e['processor']}, {wording.count(e['threads'], 'thread')}" for e in named
        )
        return f"Times: ours on {'; '.join(machines) or 'no machine yet'}."
