"""A trial of a search: one proposal, trained with every seed, and what came of it."""

import math
from dataclasses import dataclass, field

from keras_mnist.analysis.intervals import Summary, summarize
from keras_mnist.base import checks
from keras_mnist.base.errors import ExperimentError, StoreError, stored_as
from keras_mnist.base.files import finite
from keras_mnist.base.metrics import more_is_better
from keras_mnist.experiment import Experiment

_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Trial:
    """One proposal and what came of it.

    Attributes:
        number: from 1, in the order of their proposal.
        values: of the fields searched.
        experiment: with those values.
        scores: the objective by seed; empty where a run did not complete.
        parameters: of the network.
        seconds: of all its runs.
        reason: why it has no scores.

    Raises:
        ExperimentError: a value that none of them has.
    """

    number: int
    values: dict
    experiment: Experiment
    scores: dict[int, float] = field(default_factory=dict)
    parameters: int = 0
    seconds: float = 0.0
    reason: str = ""

    def __post_init__(self):
        checks.integer("trial", self.number, 1, _LARGEST)
        checks.integer("parameters", self.parameters, 0, _LARGEST)
        checks.number("seconds", self.seconds, 0, _LARGEST, "[]")
        for seed, score in self.scores.items():
            checks.number(f"the score of seed {seed}", score, -math.inf, math.inf, "()")
        if not isinstance(self.values, dict) or finite(self.values) != self.values:
            raise ExperimentError("values must be finite and by name", repr(self.values))
        if not isinstance(self.reason, str):
            raise ExperimentError("reason must be a text", repr(self.reason))

    @property
    def summary(self) -> Summary:
        """The scores' mean, standard deviation and number."""
        return summarize(list(self.scores.values()))

    def to_dict(self) -> dict:
        """Return plain data, as JSON has it, that `from_dict` reads back."""
        return {
            "trial": self.number,
            "values": self.values,
            "experiment": self.experiment.to_dict(),
            "scores": {str(seed): score for seed, score in self.scores.items()},
            **_figures(self.summary),
            "parameters": self.parameters,
            "seconds": round(self.seconds, 3),
            "reason": self.reason,
        }

    @classmethod
    def from_dict(cls, content) -> "Trial":
        """Rebuild a trial from `to_dict`'s data.

        Raises:
            StoreError: it is none, or its figures are not those of its scores.
        """
        with stored_as("a trial must have what a trial has"):
            trial = cls(
                content["trial"],
                content["values"],
                Experiment.from_dict(content["experiment"]),
                {int(seed): score for seed, score in content["scores"].items()},
                *(content[name] for name in ("parameters", "seconds", "reason")),
            )
            for name, ours in _figures(trial.summary).items():
                told = content[name]
                if told != ours and (None in (told, ours) or not math.isclose(told, ours)):
                    raise ValueError(f"{name} {told} of scores whose {name} is {ours}")
            return trial

    def require_of_experiment(self) -> None:
        """Check that values and parameters are those of the experiment.

        Raises:
            StoreError: they are another's.
        """
        must = f"trial {self.number} must be of one experiment"
        for name, told in self.values.items():
            ours = self.experiment.value(name)
            ours = list(ours) if isinstance(ours, tuple) else ours
            if told != ours and not (name == "epochs" and ours < told):  # Hyperband cuts these
                raise StoreError(must, f"{name} {told!r:.40} where {ours!r} was trained")
        known = parameters_of(self.experiment)
        if known and known != self.parameters:
            raise StoreError(must, f"{self.parameters} parameters of a network of {known}")


def parameters_of(experiment: Experiment) -> int:
    """Return how many parameters an experiment has; 0 of one that is not known or not built."""
    try:
        return experiment.parameters
    except ExperimentError:
        return 0


def ranked(trials: list[Trial], objective: str) -> list[Trial]:
    """Return the trials from best to worst; those without scores last."""
    sign = -1 if more_is_better(objective) else 1

    def rank(trial: Trial):
        return (not trial.scores, sign * trial.summary.mean if trial.scores else 0, trial.number)

    return sorted(trials, key=rank)


def best(trials) -> Trial:
    """Return the first of ranked trials.

    Raises:
        StoreError: none completed.
    """
    if not trials or not trials[0].scores:
        raise StoreError("a search must have a trial that completed", f"{len(trials)} that did not")
    return trials[0]


def _figures(summary: Summary) -> dict:
    return {name: finite(getattr(summary, name)) for name in ("mean", "sd", "n")}
