"""Trials: a proposal of the oracle, trained with every seed through the package's own store."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from keras_mnist.base.errors import StoreError, Unbuildable
from keras_mnist.data import Dataset
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.compiled import as_compiled, chosen
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.described import learn_networks
from keras_mnist.runs.executors.local import LocalExecutor
from keras_mnist.runs.plan import Plan, make_plan
from keras_mnist.runs.run_all import Watcher, run_all
from keras_mnist.runs.trial import Trial, parameters_of
from tuner.journal import REMEDY
from tuner.space import Space


@dataclass(frozen=True)
class Setting:
    """What all trials of a search have in common.

    Attributes:
        baseline: the experiment that proposals change.
        space: what of it they change.
        objective: `val_accuracy` or `val_loss`, of the last epoch, its mean over seeds.
        seeds: of every trial.
        dataset: trained on; its test set is no part of the search.
        runs: the store's folder.
        jobs: workers side by side.
        executor: what makes the executor of runs, as `LocalExecutor` is called.
    """

    baseline: Experiment
    space: Space
    objective: str
    seeds: tuple[int, ...]
    dataset: Dataset
    runs: str
    jobs: int
    executor: Callable = LocalExecutor

    def experiment(self, values: dict) -> Experiment:
        """Return the experiment that an oracle's values stand for.

        Hyperband's promoted trials train for more epochs, from the start: weights carried over
        without the optimizer's state would be another experiment.
        """
        changes = self.space.values(values)
        if "tuner/epochs" in values:
            changes["epochs"] = values["tuner/epochs"]
        return as_compiled(self.baseline.change(**changes), chosen(self.baseline) | changes.keys())

    def learned(self, values: dict) -> Experiment:
        """Return the same once it is known what is built, and how that was compiled.

        Raises:
            Unbuildable: no network comes of the values.
        """
        learn_networks([self.experiment(values).on(self.dataset)], self.runs)
        return self.experiment(values)

    def records(self, experiment: Experiment) -> list[RunRecord]:
        """Return the records of all seeds, training those that are not stored."""
        plan = self.plan()
        plan.want(experiment, experiment.name, self.seeds)
        found = plan.stored | run_all(plan, Watcher())
        return [found[experiment, seed] for seed in self.seeds]

    def stored(self, experiment: Experiment) -> list[RunRecord]:
        """Return the records that there are."""
        plan = self.plan()
        plan.want(experiment, experiment.name, self.seeds)
        return list(plan.stored.values())

    def plan(self) -> Plan:
        """Return a plan in which nothing is wanted yet."""
        return make_plan({}, self.dataset, Store(self.runs), self.jobs, executor=self.executor)


def trial_of(
    setting: Setting, number: int, values: dict, records: list[RunRecord], failure: str = ""
) -> Trial:
    """Return a trial's result: scores only if all its runs completed.

    Args:
        setting: of the search.
        number: from 1.
        values: that the oracle proposed.
        records: of its runs.
        failure: why there are fewer than seeds.
    """
    experiment = setting.experiment(values)
    reasons = [f"seed {r.seed} {r.status}: {r.reason}" for r in records if not r.completed]
    if len(records) < len(setting.seeds) and not reasons:
        reasons = [failure]
    measured = {r.seed: r.metrics.get(setting.objective) for r in records if r.completed}
    scores = {seed: score for seed, score in measured.items() if score is not None}
    if len(scores) < len(measured):
        reasons.append(f"{setting.objective} was not finite")
    return Trial(
        number,
        setting.space.values(values),
        experiment,
        {} if reasons else scores,
        parameters_of(experiment),
        sum(record.seconds for record in records),
        "; ".join(reasons),
    )


def require_measured(setting: Setting, number: int, values: dict, score: float) -> None:
    """Check that a completed trial's score is what its stored runs measured.

    Where one of them has vanished, the score is believed.

    Args:
        setting: of the search.
        number, values: of the trial, as `trial_of` takes them.
        score: that the journal says.

    Raises:
        StoreError: it is another.
    """
    try:
        records = setting.stored(setting.learned(values))
    except Unbuildable:
        return
    trial = trial_of(setting, number, values, records)
    mean = trial.summary.mean
    # From a worker of a chief's it came in single precision.
    if len(records) == len(setting.seeds) and not math.isclose(score, mean, rel_tol=1e-6):
        told = f"{score}, where the runs say {mean if trial.scores else trial.reason}"
        requirement = f"the {setting.objective} of trial {number} must be that of its stored runs"
        raise StoreError(requirement, told, REMEDY)


def finished(setting: Setting, events: list[dict]) -> list[Trial]:
    """Return the trials that a journal says have ended.

    Their runs are in the store. One that has vanished from there is trained again, unless its
    trial failed.
    """
    proposed = [event["values"] for event in events if event["event"] == "created"]
    # Of two ends of one trial, which earlier versions could write, the first counts, as replayed.
    ended = {event["trial"]: event for event in reversed(events) if event["event"] == "ended"}
    trials = []
    for n, event in sorted(ended.items()):
        completed, records = event["status"] == "COMPLETED", []
        try:
            experiment = setting.learned(proposed[n])
            records = setting.records(experiment) if completed else setting.stored(experiment)
        except Unbuildable:
            if completed:
                raise
        trials.append(trial_of(setting, n + 1, proposed[n], records, event["message"]))
    return trials
