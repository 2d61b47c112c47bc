"""Experiments in files: one of its own, a run's record, or a search's best."""

import json
from pathlib import Path

from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment.experiment import Experiment


def read_experiment(path: Path | str) -> Experiment:
    """Return the experiment in a JSON file: its own, a run record, or a search's best.

    Raises:
        ExperimentError: the file cannot be read, or holds no experiment.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ExperimentError(f"{path} must be a readable JSON file", error) from None
    if isinstance(content, dict) and "experiment" in content:
        content = content["experiment"]
    return Experiment.from_dict(content)
