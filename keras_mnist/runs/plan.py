"""A plan: which of the wanted runs are stored and which are to be trained."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from keras_mnist.base.errors import StoreError
from keras_mnist.data import Dataset
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.executors.local import LocalExecutor
from keras_mnist.runs.forecast import START, Forecast

_NAMED = 5  # runs that a message names

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
        self.forecast = Forecast({e: self._sizes(e) for e in self.labels}, self.jobs)
        for record in self.stored.values():
            self.forecast.learn(record)
        for experiment, _ in self.missing:
            self.forecast.expect(experiment)

    def of(self, runs: Iterable[Run], done: dict[Run, RunRecord]) -> "Plan":
        """Return the plan of some of its runs, `done` being those that were trained meanwhile."""
        found, runs = self.stored | done, list(runs)
        return replace(
            self,
            stored={run: found[run] for run in runs if run in found},
            missing=[run for run in runs if run not in found],
        )

    def require_kept(self, trained: Iterable[Run]) -> None:
        """Check that the records of runs trained, and of those stored before, are still there.

        Raises:
            StoreError: the folder, or some of them, were removed meanwhile.
        """
        wanted = [*self.stored, *trained]
        gone = [
            self.label(run)
            for run in wanted
            if not self.store.holds(run[0], self.dataset.digest, run[1])
        ]
        if gone:
            more = f" and {len(gone) - _NAMED:,} more" if len(gone) > _NAMED else ""
            raise StoreError(
                f"{self.store.root} must keep the records of all {len(wanted):,} runs",
                f"{len(gone):,} that are gone: {'; '.join(gone[:_NAMED])}{more}",
                "Somebody removed them meanwhile; the same command trains them again",
            )

    def _sizes(self, experiment: Experiment) -> tuple[int, int, int]:
        """Return how many examples train, validate and test."""
        return *experiment.data.split(len(self.dataset.x_train)), len(self.dataset.x_test)

    def want(
        self, experiment: Experiment, label: str, seeds: Iterable[int], retry_failed: bool = False
    ) -> list[Run]:
        """Look up an experiment with each of some seeds, and return the runs that are missing.

        Args:
            experiment: what is wanted.
            label: what a person calls it.
            seeds: none of which was wanted before.
            retry_failed: count stored runs that did not complete as missing.

        Raises:
            ExperimentError: it asks for more images than the data set has.
        """
        self.labels[experiment] = label
        self.forecast.know(experiment, self._sizes(experiment))
        missing = []
        for seed in seeds:
            record = self.store.load(experiment, self.dataset.digest, seed)
            if record is None or (retry_failed and not record.completed):
                missing.append((experiment, seed))
                self.forecast.expect(experiment)
            else:
                self.stored[experiment, seed] = record
                self.forecast.learn(record)
        self.missing += missing
        return missing

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
    plan = Plan({}, dataset, store, jobs, executor=executor)
    for experiment, (label, seeds) in wanted.items():
        plan.want(experiment, label, seeds, retry_failed)
    return plan
