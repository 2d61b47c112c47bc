"""Trials: a proposal of the oracle, trained with every seed through the package's own store."""

from dataclasses import dataclass

from keras_mnist.base.errors import ExperimentError, Unbuildable
from keras_mnist.data import Dataset
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.compiled import as_compiled, chosen
from keras_mnist.runs import RunRecord
from keras_mnist.runs.plan import Plan
from keras_mnist.runs.run_all import Watcher, run_all
from keras_mnist.runs.trial import Trial
from keras_mnist.runs.workbench import plan_runs
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
        jobs: worker processes.
    """

    baseline: Experiment
    space: Space
    objective: str
    seeds: tuple[int, ...]
    dataset: Dataset
    runs: str
    jobs: int

    def experiment(self, values: dict) -> Experiment:
        """Return the experiment that an oracle's values stand for.

        Hyperband's promoted trials train for more epochs, from the start: weights carried over
        without the optimizer's state would be another experiment.
        """
        changes = self.space.values(values)
        if "tuner/epochs" in values:
            changes["epochs"] = values["tuner/epochs"]
        return as_compiled(self.baseline.change(**changes), chosen(self.baseline) | changes.keys())

    def records(self, experiment: Experiment) -> list[RunRecord]:
        """Return the records of all seeds, training those that are not stored."""
        plan = self._plan(experiment)
        found = plan.stored | run_all(plan, Watcher())
        return [found[experiment, seed] for seed in self.seeds]

    def stored(self, experiment: Experiment) -> list[RunRecord]:
        """Return the records that there are."""
        try:
            return list(self._plan(experiment).stored.values())
        except Unbuildable:
            return []

    def _plan(self, experiment: Experiment) -> Plan:
        wanted = {experiment: (experiment.name, self.seeds)}
        return plan_runs(wanted, self.dataset, self.runs, self.jobs)


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
        _parameters(experiment),
        sum(record.seconds for record in records),
        "; ".join(reasons),
    )


def _parameters(experiment: Experiment) -> int:
    """Return how many parameters an experiment has; 0 of one that cannot be built."""
    try:
        return experiment.parameters
    except ExperimentError:
        return 0


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
        runs = setting.records if event["status"] == "COMPLETED" else setting.stored
        records = runs(setting.experiment(proposed[n]))
        trials.append(trial_of(setting, n + 1, proposed[n], records, event["message"]))
    return trials
