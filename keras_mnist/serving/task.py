"""What a worker does for an export: train a run and write its network."""

from pathlib import Path

import numpy as np

from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord

REFERENCE = "reference.npy"


def train_and_write(
    experiment: Experiment, seed: int, dataset, on_epoch, folder: Path, formats: list[str]
) -> RunRecord:
    """Train a run, write its network, and beside it what the trained network says of the test set.

    The latter, `REFERENCE`, float32 (n, classes), is what the run's test accuracy was counted from.
    Its network is written as Keras builds it, which need not be the function that was trained;
    every exported file must agree with the reference.

    Args:
        experiment, seed, dataset, on_epoch: as in `train_run`.
        folder: to be made and written.
        formats: from `checked_formats`.
    """
    from keras_mnist.serving.write import write
    from keras_mnist.training.run import run_and_outcome

    record, outcome = run_and_outcome(experiment, seed, dataset, on_epoch)
    if record.completed:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / REFERENCE, outcome.probabilities)
        write(experiment, outcome.weights, folder, formats)
    return record
