"""What a published document is made of: experiments and claims."""

from dataclasses import dataclass

from keras_mnist.errors import ExperimentError
from keras_mnist.experiment import Experiment


@dataclass(frozen=True)
class Claim:
    """One published number.

    Attributes:
        experiment: the name, in its source, of the experiment it is about.
        metric: as in a run record: `val_loss`, `test_accuracy`, ...
        value: as published.
        unit: `%` for accuracies, `nats` for losses.
        where: where it stands in the document.
        epoch: `last`, or the epoch's number.
    """

    experiment: str
    metric: str
    value: float
    unit: str
    where: str
    epoch: str | int = "last"

    @property
    def as_metric(self) -> float:
        """The value in the record's unit: accuracies as shares in [0, 1]."""
        return self.value / 100 if self.unit == "%" else self.value


@dataclass(frozen=True)
class Reading:
    """Something the document does not say that its numbers may rest on.

    Attributes:
        name: short, as tables show it.
        instead_of: the fields it concerns, as the document's experiments have them.
        changes: the same fields under this reading.
        why: one sentence.
    """

    name: str
    instead_of: dict
    changes: dict
    why: str

    def of(self, experiment: Experiment) -> Experiment | None:
        """Return `experiment` under this reading, or `None` where it does not concern it."""
        if any(experiment.value(field) != value for field, value in self.instead_of.items()):
            return None
        return experiment.change(**self.changes)


@dataclass(frozen=True, eq=False)
class Source:
    """One published document.

    Attributes:
        name: what this package calls it.
        document: its file name.
        title: its title.
        baseline: the experiment that its others change.
        changes: by experiment name, the changed fields; the baseline's are empty.
        claims: its numbers.
        readings: what its numbers may rest on besides what it says.
        assumptions: what the document leaves open and was filled in.
    """

    name: str
    document: str
    title: str
    baseline: Experiment
    changes: dict[str, dict]
    claims: tuple[Claim, ...]
    readings: tuple[Reading, ...] = ()
    assumptions: tuple[str, ...] = ()

    def __post_init__(self):
        for claim in self.claims:
            if claim.experiment not in self.changes:
                raise ExperimentError("a claim must name an experiment", claim.experiment)

    @property
    def combinations(self) -> tuple[tuple[tuple[str, object], ...], ...]:
        """The changes of each experiment but the baseline, as a `Study` takes them."""
        return tuple(tuple(changes.items()) for changes in self.changes.values() if changes)

    def experiment(self, name: str) -> Experiment:
        """Return the experiment of that name."""
        return self.baseline.change(**self.changes[name])

    def claims_about(self, experiment: Experiment) -> list[Claim]:
        """Return the claims about this very experiment, whatever it is called."""
        decisive = experiment.decisive()
        return [c for c in self.claims if self.experiment(c.experiment).decisive() == decisive]
