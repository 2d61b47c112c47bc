"""A plan: which of the wanted runs are stored and which are to be trained."""

from collections.abc import Callable
from dataclasses import dataclass, field

from keras_mnist.data import Dataset
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.executors.local import LocalExecutor
from keras_mnist.runs.forecast import START, Forecast

Run = tuple[Experiment, int]  # an experiment and its seed


@dataclass
class Plan:
    """What is wanted and what of it is still to do.

    Attributes:
        labels: what a person calls each experiment.
        dataset: to train on.
        store: where records lie.
        jobs: workers side by side.
        stored: the records there are, by run.
        missing: the runs to train, in the order in which they were wanted.
        executor: what makes the executor that trains them, as `LocalExecutor` is called.
        forecast: of the time they take.
    """

    labels: dict[Experiment, str]
    dataset: Dataset
    store: Store
    jobs: int
    stored: dict[Run, RunRecord] = field(default_factory=dict)
    missing: list[Run] = field(default_factory=list)
    executor: Callable = LocalExecutor

    def __post_init__(self):
        count, test = len(self.dataset.x_train), len(self.dataset.x_test)
        sizes = {e: (*e.data.split(count), test) for e in self.labels}
        self.forecast = Forecast(sizes, self.jobs)
        for experiment, _ in self.missing:
            self.forecast.expect(experiment)

    @property
    def seconds(self) -> float:
        """The estimated time until all missing runs are done."""
        return START + self.forecast.left if self.missing else 0.0

    @property
    def roughly(self) -> str:
        """The word before that time: runs with patience may end sooner."""
        patient = any(experiment.fit.patience for experiment, _ in self.missing)
        return "at most about" if patient else "about"

    def label(self, run: Run) -> str:
        """Return what a person calls the run: `no relu, seed 3`."""
        experiment, seed = run
        return f"{self.labels[experiment]}, seed {seed}"


def make_plan(
    wanted: dict[Experiment, tuple[str, tuple[int, ...]]],
    dataset: Dataset,
    store: Store,
    jobs: int,
    retry_failed: bool = False,
    executor: Callable = LocalExecutor,
) -> Plan:
    """Look up each experiment with each of its seeds in `store`.

    Args:
        wanted: by experiment, what a person calls it and its seeds.
        dataset, store, jobs, executor: as in `Plan`.
        retry_failed: count stored runs that did not complete as missing.

    Raises:
        ExperimentError: an experiment asks for more images than the data set has.
    """
    labels = {e: label for e, (label, _) in wanted.items()}
    plan = Plan(labels, dataset, store, jobs, executor=executor)
    for experiment, (_, seeds) in wanted.items():
        for seed in seeds:
            record = store.load(experiment, dataset.digest, seed)
            if record is None or (retry_failed and not record.completed):
                plan.missing.append((experiment, seed))
                plan.forecast.expect(experiment)
            else:
                plan.stored[experiment, seed] = record
                plan.forecast.learn(record)
    return plan
