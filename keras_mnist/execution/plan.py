"""A plan: which runs of a study are stored and which are to be trained."""

from dataclasses import dataclass, field

from keras_mnist.data import Dataset
from keras_mnist.execution.forecast import START, Forecast
from keras_mnist.experiment import Experiment
from keras_mnist.results import RunRecord, Store
from keras_mnist.study import Study


@dataclass
class Plan:
    """What a study still needs.

    Attributes:
        study: with its data set's name in every experiment.
        dataset: to train on.
        store: where records lie.
        jobs: workers side by side.
        stored: the records there are, by (experiment, seed).
        missing: the runs to train, in the study's order.
        forecast: of the time they take.
    """

    study: Study
    dataset: Dataset
    store: Store
    jobs: int
    stored: dict[tuple[Experiment, int], RunRecord] = field(default_factory=dict)
    missing: list[tuple[Experiment, int]] = field(default_factory=list)

    def __post_init__(self):
        self.forecast = Forecast(self._sizes(), self.jobs)

    def _sizes(self) -> dict:
        count, test = len(self.dataset.x_train), len(self.dataset.x_test)
        experiments = [variant.experiment for variant in self.study.variants]
        return {e: (*e.data.split(count), test) for e in experiments}

    @property
    def seconds(self) -> float:
        """The estimated time until all missing runs are done."""
        return START + self.forecast.left(self.missing) if self.missing else 0.0


def make_plan(study: Study, dataset: Dataset, store: Store, jobs: int, retry_failed=False) -> Plan:
    """Look up each run of `study` in `store`.

    Args:
        retry_failed: count stored runs that did not complete as missing.

    Raises:
        ExperimentError: the study asks for more images than the data set has.
    """
    plan = Plan(study.on(dataset.name), dataset, store, jobs)
    for variant in plan.study.variants:
        for seed in plan.study.seeds:
            run = (variant.experiment, seed)
            record = store.load(variant.experiment, dataset.digest, seed)
            if record is None or (retry_failed and not record.completed):
                plan.missing.append(run)
            else:
                plan.stored[run] = record
                plan.forecast.learn(record)
    return plan
