"""What a worker does for an export: see that the network can leave, train it, write it."""

import json
import tempfile
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import ExperimentError, KerasMnistError
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord

REFERENCE = "reference.npy"
LEFT_OUT = "left-out.json"  # by format that cannot hold the network: an error's three texts


def train_and_write(
    experiment: Experiment,
    seed: int,
    dataset,
    on_epoch,
    folder: Path,
    formats: list[str],
    spared: bool = False,
) -> RunRecord:
    """Train a run, write its network, and beside it what the trained network says of the test set.

    The latter, `REFERENCE`, float32 (n, classes), is what the run's test accuracy was counted from.
    Its network is written as Keras builds it, which need not be the function that was trained;
    every exported file must agree with the reference.

    Args:
        experiment, seed, dataset, on_epoch: as in `train_run`.
        folder: to be made and written.
        formats: from `checked_formats`.
        spared: leave out a format besides the SavedModel that cannot hold the network. Why, is
            said in `LEFT_OUT`.

    Raises:
        ExperimentError: a format cannot hold the network; nothing has been trained.
    """
    from keras_mnist.serving.write import write
    from keras_mnist.training.run import run_and_outcome

    folder.mkdir(parents=True, exist_ok=True)
    found = unfit_formats(experiment, formats)
    if found:
        told = {name: (e.requirement, e.received, e.remedy) for name, e in found.items()}
        (folder / LEFT_OUT).write_text(json.dumps(told))
    for name, error in found.items():
        if name == "saved_model" or not spared:
            raise error
    record, outcome = run_and_outcome(experiment, seed, dataset, on_epoch)
    if record.completed:
        np.save(folder / REFERENCE, outcome.probabilities)
        kept = [name for name in formats if name not in found]
        write(experiment, outcome.weights, folder, kept, dataset.identity)
    return record


def unfit_formats(experiment: Experiment, formats: list[str]) -> dict[str, ExperimentError]:
    """Return by format why it cannot hold the network, found with first weights, untrained.

    A network of plain steps fits into every format. Another is written, loaded and asked about a
    blank: some converters say nothing of what they leave out.
    """
    from keras_mnist.serving.simplify import cannot_hold
    from keras_mnist.serving.write import unfit
    from keras_mnist.training.build import build

    network = build(experiment, seed=0)
    why = cannot_hold("numpy", network)
    if not why:
        return {}
    found = {"numpy": unfit("numpy", why)} if "numpy" in formats else {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in (name for name in formats if name != "numpy"):
            try:
                _try(experiment, network.get_weights(), Path(scratch), name)
            except ExperimentError as error:
                found[name] = error
            except KerasMnistError as error:
                found[name] = unfit(name, str(error.received))
    return found


def _try(experiment: Experiment, weights: list, folder: Path, name: str) -> None:
    from keras_mnist.serving.classifier import load_classifier
    from keras_mnist.serving.write import write

    write(experiment, weights, folder, [name])
    load_classifier(folder, name)
