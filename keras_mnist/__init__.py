"""Change one choice of a small MNIST network, train many seeds, learn what changed.

The names below load on first use, so that `--help` and plans stay instant and never
import TensorFlow.
"""

from typing import TYPE_CHECKING

from keras_mnist.base.named import load
from keras_mnist.start.keras_mnist_start import leave_folder

leave_folder()

if TYPE_CHECKING:
    from keras_mnist.analysis.answers import Question
    from keras_mnist.data import find_data
    from keras_mnist.experiment import Experiment, Study
    from keras_mnist.runs.workbench import run_study

__version__ = "0.3.0.dev0"

_HOME = {
    "Question": "keras_mnist.analysis.answers.Question",
    "Experiment": "keras_mnist.experiment.Experiment",
    "Study": "keras_mnist.experiment.Study",
    "find_data": "keras_mnist.data.find_data",
    "run_study": "keras_mnist.runs.workbench.run_study",
}

__all__ = ["Experiment", "Question", "Study", "__version__", "find_data", "run_study"]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'keras_mnist' has no attribute {name!r}")
    return load(_HOME[name])
