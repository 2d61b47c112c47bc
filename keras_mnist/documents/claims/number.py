"""A published number, beside our runs."""

import math
from dataclasses import dataclass

from keras_mnist.analysis.intervals import sampling_sd
from keras_mnist.analysis.verdicts import (
    COMPATIBLE,
    ENOUGH_LONG_RUNS,
    ENOUGH_RUNS,
    FEWEST_RUNS,
    NOT_REPRODUCED,
    REPRODUCED,
    enough_runs,
    falls_inside,
    judge_number,
)
from keras_mnist.documents.claims.claim import Claim
from keras_mnist.documents.claims.finding import Finding
from keras_mnist.documents.claims.tolerance import tolerance
from keras_mnist.documents.quantities import At, seen_among, values
from keras_mnist.reporting import wording
from keras_mnist.runs.consistency import CANONICAL_IMAGES

UNITS = {"%": 0.01, "share": 1.0, "nats": 1.0}

NOISE = (
    "test-set noise: how far the accuracy of one network would vary, as a standard deviation, from "
    "one sample of 10,000 digits to another. It is no part of a verdict: the documents measured on "
    "the same 10,000."
)
_LEGEND = (
    "ours: mean ± standard deviation over seeds (runs). Of a number, the interval is where one "
    "further run should fall, with 95 % confidence; a number inside it, its own rounding allowed "
    "for, is reproduced if half the interval is narrow enough to mean something, else compatible: "
    f"our runs spread widely. A number outside it is not reproduced if {ENOUGH_RUNS} runs say so, "
    f"{ENOUGH_LONG_RUNS} where one takes a minute or more; until then it is inconclusive, as few "
    "seeds may be alike by luck. About so many more seeds would tell: planned to do so in four "
    "cases of five. Narrow enough: accuracy, 1 pp or half the published error, whichever is less; "
    "loss, a quarter of what it is above the least possible, and at most 0.02 where softmax is "
    "applied twice; gap, a quarter of its validation loss, and at most itself. An explained number "
    "is not reproduced as described, but is under the one reading that reproduces most numbers of "
    "its experiment, and more than the description does; if it is merely inside a wide interval "
    "there, it is compatible. The second line shows our runs under it. "
    "One true number in twenty falls outside by chance, and the epochs of a curve are one run, not "
    "so many tests.",
    NOISE,
)


@dataclass(frozen=True)
class Number(Claim):
    """A published metric.

    Attributes:
        experiment: the name, in its document, of the experiment it is about.
        metric: as in a run record: `val_loss`, `test_accuracy`, ...
        value: as published.
        unit: `%` or `share` for accuracies, `nats` for losses.
        where: where it stands in the document.
        epoch: `last`, or the epoch's number.
        decimals: how many were printed.
        scale: what the document divided the metric by, where it did.
    """

    experiment: str
    metric: str
    value: float
    unit: str
    where: str
    epoch: str | int = "last"
    decimals: int = 4
    scale: float = 1.0

    kind = "number"
    legend = _LEGEND

    @property
    def name(self) -> str:
        """What it is called within its document."""
        return f"{self.experiment}/{self.metric}" + (
            "" if self.epoch == "last" else f"/{self.epoch}"
        )

    @property
    def plural(self) -> str:
        """What several are called: those of last epochs, or of a curve."""
        return "figures" if self.epoch == "last" else "figures by epoch"

    @property
    def shown(self) -> str:
        """How a score card shows it."""
        return "figure" if self.epoch == "last" else "line"

    @property
    def quantity(self) -> At:
        """The quantity of our runs that it is compared with."""
        return At(self.experiment, self.metric, self.epoch)

    @property
    def factor(self) -> float:
        """From what was printed to the record's unit: accuracies as shares, losses in nats."""
        return UNITS[self.unit] * self.scale

    @property
    def as_metric(self) -> float:
        """The value in the record's unit: accuracies as shares in [0, 1], losses in nats."""
        return self.value * self.factor

    @property
    def rounding(self) -> float:
        """Half a unit of the last decimal printed, in the record's unit."""
        return 0.5 * 10**-self.decimals * self.factor

    @property
    def about(self) -> list[str]:
        """Its experiment."""
        return [self.experiment]

    @property
    def served_with(self) -> tuple[str, str]:
        """One reading must serve all numbers of an experiment.

        Taken number by number, some reading or other would explain much by chance.
        """
        return self.kind, self.experiment

    def finding(self, runs, reading=None, adjusted=()) -> Finding | None:
        """Return where it lies beside one further run of ours."""
        if reading is not None and runs.document.under(reading, self.experiment) is None:
            return None
        records = runs.of(self.experiment, reading)
        ours = values(self.quantity, records)
        found = judge_number(
            self.as_metric,
            list(ours.values()),
            tolerance(self, runs.document),
            self.rounding,
            enough_runs([records[seed].seconds for seed in ours]),
        )
        return Finding(found.verdict, self.metric, found.ours, found.low, found.high, found.seeds)

    def inside(self, found: Finding) -> bool | None:
        """Return whether it falls where one further run should."""
        return falls_inside(self.as_metric, found.low, found.high, self.rounding)

    def evidence(self, runs, found: Finding, reading=None) -> dict[int, float]:
        """Return its metric of each run."""
        return values(self.quantity, runs.of(self.experiment, reading))

    def curves(self, document, found: Finding, reading=None) -> list[tuple]:
        """Return those of training and of held-out images, and its own under the reading."""
        name, described = self.experiment, document.experiment(self.experiment)
        shown = [(name, described, metric) for metric in seen_among(self.metric, described)]
        if reading and (read := document.under(reading, name)):
            metrics = [m for m in seen_among(self.metric, read) if self.metric in (m, "gap")]
            shown += [(f"{name}, {reading.name}", read, metric) for metric in metrics]
        return shown

    @property
    def claimed(self) -> str:
        """The metric, and the epoch unless it is the last."""
        return wording.heading(self.metric) + (
            "" if self.epoch == "last" else f", epoch {self.epoch}"
        )

    @property
    def printed(self) -> float:
        """The value as published."""
        return self.value

    @property
    def printed_in(self) -> str:
        """Its unit."""
        return self.unit

    @property
    def published(self) -> str:
        """The value, a loss that the document divided with the factor."""
        value = wording.number(self.metric, self.as_metric)
        if self.scale == 1:
            return value
        return f"{value} ({self.value:.{self.decimals}f} × {self.scale:.4g})"

    def bounds(self, found: Finding) -> tuple[float, float]:
        """Return the interval's ends where values can lie: a gap's anywhere."""
        if found.metric == "gap":
            return found.low, found.high
        most = 1.0 if found.metric.endswith("accuracy") else math.inf
        return max(found.low, 0.0), min(found.high, most)

    def noise(self, found: Finding) -> float:
        """Return the standard deviation of a test accuracy over test sets of 10,000 images."""
        if self.metric != "test_accuracy" or not found.ours.n:
            return math.nan
        return sampling_sd(found.ours.mean, CANONICAL_IMAGES["test"])

    def why(self, found: Finding) -> str:
        """Return the verdict's reason in one line."""
        if found.verdict == REPRODUCED:
            return "inside the prediction interval"
        if found.verdict == NOT_REPRODUCED:
            return "outside the prediction interval"
        if found.verdict == COMPATIBLE:
            told = found.wanting()
            return "our runs spread " + (f"widely, {told}" if told else "too widely to tell")
        few = found.ours.n < FEWEST_RUNS
        return found.wanting() if few else f"outside so far, {found.missing()} needed to say so"
