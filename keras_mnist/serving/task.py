"""What a worker does for an export: train a run and write its network."""

from pathlib import Path

import numpy as np

from keras_mnist.experiment import Experiment
from keras_mnist.results import RunRecord

REFERENCE = "reference.npy"
_BATCH = 1000


def train_and_write(
    experiment: Experiment, seed: int, dataset, on_epoch, folder: Path, formats: list[str]
) -> RunRecord:
    """Train a run, write its network, and beside it what the trained network says of the test set.

    The latter, `REFERENCE`, float32 (n, 10), comes from the network as it was trained, by the
    path that measured its accuracy; every exported file must agree with it.

    Args:
        experiment, seed, dataset, on_epoch: as in `train_run`.
        folder: to be made and written.
        formats: from `checked_formats`.
    """
    from keras_mnist.serving.write import write
    from keras_mnist.training.run import run_and_weights

    record, weights = run_and_weights(experiment, seed, dataset, on_epoch)
    if record.completed:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / REFERENCE, _probabilities(experiment, weights, dataset.x_test))
        write(experiment, weights, folder, formats)
    return record


def _probabilities(experiment, weights, images) -> np.ndarray:
    from keras_mnist.models import build
    from keras_mnist.training.pixels import resized, to_inputs

    network = build(experiment, seed=0)
    network.set_weights(weights)
    parts = []
    for start in range(0, len(images), _BATCH):
        levels = resized(images[start : start + _BATCH], experiment.preprocessing.side)
        parts.append(network(to_inputs(experiment.preprocessing, levels), training=False).numpy())
    return np.concatenate(parts)
