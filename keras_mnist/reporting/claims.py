"""Claims beside our runs: from a source and the stored records to verdicts with reasons."""

from collections import Counter
from dataclasses import dataclass

from keras_mnist.analysis.verdicts import (
    EXPLAINED,
    INCONCLUSIVE,
    NOT_REPRODUCED,
    REPRODUCED,
    VERDICTS,
    NumberVerdict,
    judge_number,
)
from keras_mnist.experiment import Experiment
from keras_mnist.published import Claim, Reading, Source
from keras_mnist.results import RunRecord

# Half a prediction interval wider than this confirms nothing: one percentage point of accuracy,
# or a quarter of a published loss. A gap is a difference of losses and is given the same room as
# the validation loss that it was computed from.
ACCURACY_TOLERANCE = 0.01
LOSS_TOLERANCE = 0.25


@dataclass(frozen=True)
class ClaimResult:
    """One claim with its verdict.

    Attributes:
        source, claim: what was published.
        described: our runs of the experiment as the document describes it.
        reading: the reading that reproduces the number where the description does not.
        read: our runs under that reading, or under the first one tried.
    """

    source: Source
    claim: Claim
    described: NumberVerdict
    reading: Reading | None = None
    read: NumberVerdict | None = None

    @property
    def id(self) -> str:
        """The claim's name: source, experiment, metric."""
        words = (self.source.name, self.claim.experiment, self.claim.metric)
        return "/".join(word.replace(", ", "-").replace(" ", "-") for word in words)

    @property
    def verdict(self) -> str:
        """The verdict, readings considered."""
        explained = self.read is not None and self.read.verdict == REPRODUCED
        if self.described.verdict == NOT_REPRODUCED and explained:
            return EXPLAINED
        return self.described.verdict

    @property
    def reason(self) -> str:
        """The verdict's reason in one line."""
        if self.verdict == EXPLAINED:
            return f"with {self.reading.name}"
        if self.verdict == NOT_REPRODUCED:
            other = self.read and self.read.verdict
            tried = {NOT_REPRODUCED: "nor", INCONCLUSIVE: "inconclusive"}.get(other)
            tried = f", {tried} with {self.reading.name}" if tried else ""
            return f"outside the prediction interval{tried}"
        if self.verdict == INCONCLUSIVE:
            n = self.described.seeds
            return f"{n} seeds would tell" if n else "our own runs spread too widely to tell"
        return "inside the prediction interval"


def tolerance(source: Source, claim: Claim) -> float:
    """Return the widest half interval that confirms this claim, in the record's unit."""
    if claim.metric.endswith("accuracy"):
        return ACCURACY_TOLERANCE
    scale = claim
    if claim.metric == "gap":
        named = (c for c in source.claims if c.experiment == claim.experiment)
        scale = next(c for c in named if c.metric == "val_loss")
    return LOSS_TOLERANCE * abs(scale.as_metric)


def judge(source: Source, records) -> list[ClaimResult]:
    """Return a verdict on each of the source's numbers.

    Args:
        records: run records, on the canonical MNIST only; those of other experiments and those
            that did not complete are passed over.
    """
    completed: dict[Experiment, list[RunRecord]] = {}
    for record in records:
        if record.completed:
            completed.setdefault(record.experiment, []).append(record)
    return [_judge(source, claim, completed) for claim in source.claims]


def _judge(source: Source, claim: Claim, completed: dict) -> ClaimResult:
    def verdict_on(experiment):
        values = [record.metrics[claim.metric] for record in completed.get(experiment, [])]
        return judge_number(claim.as_metric, values, tolerance(source, claim))

    experiment = source.experiment(claim.experiment)
    described = verdict_on(experiment)
    read = [(reading, reading.of(experiment)) for reading in source.readings]
    tried = [(reading, verdict_on(other)) for reading, other in read if other is not None]
    tried.sort(key=lambda pair: pair[1].verdict != REPRODUCED)
    return ClaimResult(source, claim, described, *(tried[0] if tried else ()))


def counted(results: list[ClaimResult]) -> dict[str, int]:
    """Return how many claims have each verdict, none left out."""
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def experiments_of(source: Source) -> dict[Experiment, str]:
    """Return every experiment that the source's claims and readings need, with its label."""
    found = {}
    for name in dict.fromkeys(claim.experiment for claim in source.claims):
        experiment = source.experiment(name)
        found[experiment] = f"{source.name}: {name}"
        for reading in source.readings:
            if (other := reading.of(experiment)) is not None:
                found[other] = f"{source.name}: {name}, {reading.name}"
    return found
