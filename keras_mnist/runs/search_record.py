"""The record of a search: what was asked, its trials, the answer. Written and read here alone."""

import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from keras_mnist.base import checks
from keras_mnist.base.checksum import with_checksum, without_checksum
from keras_mnist.base.errors import ExperimentError, StoreError, stored_as
from keras_mnist.base.files import finite
from keras_mnist.base.metrics import METRICS
from keras_mnist.base.ranges import counts
from keras_mnist.base.reading import read_json
from keras_mnist.experiment import Experiment
from keras_mnist.networks.own import Own
from keras_mnist.runs.axes import Axis, axes_of
from keras_mnist.runs.trial import Trial, best

ASKED, RESULT = "search.json", "result.json"  # a question, a whole record: files in its folder


def _check_span(part: str, span) -> None:
    """Raise `ExperimentError` unless it is values or two ends, and beside which others."""
    span = checks.by_name(part, span)
    checks.listed(part, span.get("values", []))
    for when in checks.listed(part, span.get("when", [])):
        name, among = checks.listed(part, when, 2)
        checks.text(part, name)
        checks.listed(part, among)


@dataclass(frozen=True)
class Question:
    """All that decides which trials a search has and what they score.

    Attributes:
        oracle: what proposes trials.
        seed: of its choices.
        objective: the metric searched for.
        seeds: of every trial.
        space: `grid`, and `fields`: by name what is searched of each.
        baseline: what proposals change.
        data: the digest of the data set.
        keras_tuner: the version that proposes.

    Raises:
        ExperimentError: a value that none of them has.
    """

    oracle: str
    seed: int
    objective: str
    seeds: tuple[int, ...]
    space: dict
    baseline: Experiment
    data: str
    keras_tuner: str

    def __post_init__(self):
        for name in ("oracle", "data", "keras_tuner"):
            checks.text(name, getattr(self, name))
        checks.integer("seed", self.seed, 0, checks.LARGEST_SEED)
        checks.one_of("objective", self.objective, METRICS)
        object.__setattr__(self, "seeds", checks.distinct_seeds(self.seeds))
        if not isinstance(self.space, dict) or not isinstance(self.space.get("fields"), dict):
            raise ExperimentError("space must name the fields searched", repr(self.space))
        if not self.searched:
            raise ExperimentError("space must hold a field at least", "none")
        for name, span in self.space["fields"].items():
            self.baseline.value(name)
            _check_span(f"what is searched of {name}", span)

    @property
    def searched(self) -> list[str]:
        """The names of the fields searched."""
        return list(self.space["fields"])

    def searched_beside(self, values: dict) -> list[str]:
        """Return the names of those that count beside the values of the others."""
        fields = self.space["fields"].items()
        return [name for name, span in fields if counts(span.get("when", ()), values)]

    @property
    def axes(self) -> list[Axis]:
        """The fields that a map of the search has as its axes, at most two."""
        return axes_of(self.space, self.baseline)

    def to_dict(self) -> dict:
        """Return plain data, as JSON has it, equal for equal questions."""
        content = {f.name: getattr(self, f.name) for f in fields(self)}
        own = isinstance(self.baseline.network, Own)  # of which the key's part tells too little
        baseline = self.baseline.to_dict() if own else self.baseline.decisive()
        told = json.loads(json.dumps(baseline))
        return content | {"seeds": list(self.seeds), "baseline": told}

    @classmethod
    def from_dict(cls, content) -> "Question":
        """Rebuild a question from `to_dict`'s data.

        Raises:
            StoreError: it is none.
        """
        with stored_as("a search must say what it was asked"):
            asked: dict[str, Any] = {f.name: content[f.name] for f in fields(cls)}
            # The decisive form leaves out what is at its default, whole parts too.
            parts = {part: {} for part in Experiment().to_dict()}
            baseline = Experiment.from_dict(parts | asked["baseline"])
            return cls(**{**asked, "baseline": baseline})


@dataclass(frozen=True)
class SearchRecord:
    """A finished search.

    Attributes:
        question: what was asked.
        trials: from best to worst.
        answer: the best one against the baseline, as a sentence.
        study: that comparison, as the data of a study; `None` where the baseline is best.

    Raises:
        ExperimentError: an answer that is none; no number where a map needs one.
        StoreError: no trial completed, or one searched other fields than were asked.
    """

    question: Question
    trials: tuple[Trial, ...]
    answer: str
    study: dict | None = None

    def __post_init__(self):
        best(self.trials)
        checks.text("answer", self.answer)
        if self.study is not None and not isinstance(self.study, dict):
            raise ExperimentError("study must be an object", repr(self.study))
        for trial in self.trials:
            asked = self.question.searched_beside(trial.values)
            if list(trial.values) != asked:
                told = f"{', '.join(map(str, trial.values))} in trial {trial.number}"
                raise StoreError(f"every trial must have values of {', '.join(asked)}", told)
            for axis in self.question.axes:  # a map is drawn of these
                name = f"{axis.name} of trial {trial.number}"
                checks.number(name, trial.values[axis.name], -math.inf, math.inf, "()")

    def to_dict(self) -> dict:
        """Return plain data; a number that does not exist is `None`."""
        return {
            "search": self.question.to_dict(),
            "trials": [trial.to_dict() for trial in self.trials],
            "best": best(self.trials).experiment.to_dict(),
            "answer": self.answer,
            "study": self.study,
        }

    def to_json(self) -> str:
        """Return the content of `RESULT`: the same and its checksum."""
        content = with_checksum(finite(self.to_dict()))
        return json.dumps(content, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_dict(cls, content) -> "SearchRecord":
        """Rebuild a record from `to_dict`'s data, or from `to_json`'s.

        Raises:
            StoreError: it is none, was altered, or contradicts itself.
        """
        with stored_as("a finished search must have what was asked, its trials and the answer"):
            content = without_checksum(content, "a finished search")  # older ones have none
            question = Question.from_dict(content["search"])
            trials = tuple(Trial.from_dict(trial) for trial in content["trials"])
            record = cls(question, trials, content["answer"], content["study"])
            for trial in trials:
                trial.require_of_experiment()
            return record

    @classmethod
    def read(cls, folder: Path | str) -> "SearchRecord":
        """Read the record in a search's folder.

        Raises:
            StoreError: there is none, or none that is whole.
        """
        path, remedy = Path(folder) / RESULT, "Finish it with the same `keras-mnist search` command"
        try:
            return cls.from_dict(read_json(path))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} must be a readable JSON file", error, remedy) from None
        except StoreError as error:
            raise StoreError(f"in {path}, {error.requirement}", error.received, remedy) from None
