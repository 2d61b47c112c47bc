"""What explains a document's results: readings, contrasts, and what a reader will remember."""

from dataclasses import dataclass, replace

from keras_mnist.experiment import Experiment
from keras_mnist.runs.record import RunRecord


@dataclass(frozen=True, eq=False)
class Reading:
    """Something the document does not say that its claims may rest on.

    Attributes:
        name: short, as tables show it.
        instead_of: the fields it concerns, as the document's experiments have them.
        changes: the same fields under this reading.
        why: one sentence.
        only: the names of the experiments it is tried on; none: all.
        metrics: by metric, the one that is read instead: `best_test_accuracy` for `test_accuracy`
            where a document tested the weights of least validation loss.
    """

    name: str
    instead_of: dict
    changes: dict
    why: str
    only: tuple[str, ...] = ()
    metrics: tuple[tuple[str, str], ...] = ()

    def read(self, record: RunRecord) -> RunRecord:
        """Return a run's record with the metrics that this reading is of."""
        instead = {name: record.metrics.get(other) for name, other in self.metrics}
        return replace(record, metrics=record.metrics | instead) if instead else record

    def of(self, experiment: Experiment) -> Experiment | None:
        """Return an experiment under this reading; `None` where that is the same one, or another's.

        It applies to those that have what it is tried instead of, and of which it changes what
        decides something, unless it is of metrics alone.
        """
        if not self.suits(experiment):
            return None
        changed = experiment.change(**self.changes)
        same = self.changes and changed.decisive() == experiment.decisive()
        return None if same else changed

    def suits(self, experiment: Experiment) -> bool:
        """Return whether an experiment has what the reading is tried instead of."""
        return all(
            experiment.has(field) and experiment.value(field) == value
            for field, value in self.instead_of.items()
        )


@dataclass(frozen=True)
class Contrast:
    """Two experiments whose difference explains something, though the document claims nothing.

    Attributes:
        question: what the difference answers.
        variant, base: their names.
        metric: the metric compared, after the last epoch.
    """

    question: str
    variant: str
    base: str
    metric: str = "test_accuracy"


@dataclass(frozen=True, eq=False)
class Highlight:
    """What a reader will remember of a document, told only where our runs bear it out.

    Attributes:
        title: the finding, as a sentence.
        text: what it rests on. `{effect[QUESTION]}` stands for a contrast's effect in words,
            `{weights[QUESTION]}` for how many of its pairs of runs end with equal weights,
            `{difference[CLAIM]}` for the difference that a statement hangs on, `{published[CLAIM]}`
            for a claim's value, `{settled[EXPERIMENT SPLIT]}` for the epoch from which on all
            its numbers reproduce; `{numbers}`, `{outside}` and `{explained}` count the document's
            numbers, those not reproduced as described, and those of them explained.
        plot: its kind and what it is of: `readings` and a reading's name; `contrasts` and their
            questions; `runs` or `curves`, a metric, and names of experiments.
        requires: by a contrast's question, how its effect in words begins; by a claim's name, its
            verdict.
        explained_by: the reading that must explain most of what is not reproduced, if any.
    """

    title: str
    text: str
    plot: tuple[str, ...]
    requires: dict[str, str]
    explained_by: str = ""
