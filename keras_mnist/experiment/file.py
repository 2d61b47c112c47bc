"""Experiments in files: one of its own, a run's record, or a search's best."""

from pathlib import Path

from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.reading import read_json
from keras_mnist.experiment.experiment import Experiment


def read_experiment(path: Path | str) -> Experiment:
    """Return the experiment in a JSON file: its own, a run record, or a search's best.

    Raises:
        ExperimentError: the file cannot be read, or holds no experiment.
    """
    try:
        content = read_json(path)
    except (OSError, ValueError) as error:
        raise ExperimentError(f"{path} must be a readable JSON file", error) from None
    if isinstance(content, dict) and "experiment" in content:
        content = content["experiment"]
    return Experiment.from_dict(content)
