"""(experiment, seed) -> run record, in a process that trains on one thread."""

from datetime import UTC, datetime

from keras_mnist.base.backend import tf
from keras_mnist.data import Dataset
from keras_mnist.experiment import Experiment
from keras_mnist.runs.record import SCHEMA, RunRecord
from keras_mnist.runs.said import packed
from keras_mnist.training.environment import environment
from keras_mnist.training.trainer import Trainer

_latest: dict = {}  # the last trainer: seeds of one experiment come one after another


def use_one_thread() -> None:
    """Keep TensorFlow to one thread, so that a run's bits do not depend on the core count.

    To be called before TensorFlow's first operation.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def train_run(experiment: Experiment, seed: int, dataset: Dataset, on_epoch) -> RunRecord:
    """Train one run and return its record; a run that diverges says so in its status.

    Args:
        on_epoch: called after each epoch with its number, from 1, and its metrics.
    """
    return run_and_outcome(experiment, seed, dataset, on_epoch)[0]


def run_and_outcome(experiment: Experiment, seed: int, dataset: Dataset, on_epoch) -> tuple:
    """Train as `train_run` does and return the record and the outcome it tells of."""
    outcome = _trainer(experiment, dataset).run(seed, on_epoch)
    diverged = outcome.diverged
    record = RunRecord(
        experiment=experiment,
        seed=seed,
        data=dataset.identity,
        status="diverged" if diverged else "completed",
        reason=f"the training loss was not finite in epoch {diverged}" if diverged else "",
        metrics=outcome.metrics,
        history=outcome.history,
        weights_sha256=outcome.weights_sha256,
        parameters=outcome.parameters,
        seconds=round(outcome.seconds, 3),
        environment=environment(),
        said="" if diverged else _said(outcome, dataset),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return record, outcome


def _said(outcome, dataset: Dataset) -> str:
    """Return what was said of the test images, packed."""
    said = outcome.probabilities.argmax(-1)
    return packed(said, dataset.y_test, outcome.probabilities.shape[-1])


def _trainer(experiment: Experiment, dataset: Dataset) -> Trainer:
    """Return the last trainer, if it is of that experiment.

    Code of a person's own may keep what it likes from run to run, so each run compiles it anew.
    """
    key = (experiment, experiment.key(dataset.digest, SCHEMA))
    if key not in _latest or experiment.network.keeps_state(experiment.shape, dataset.classes):
        _latest.clear()
        _latest[key] = Trainer(experiment, dataset)
    return _latest[key]
