"""The one function that workers run, wherever they are, and what they need before it."""

from keras_mnist.data import Dataset
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord

_state: dict = {}


def prepare(dataset: Dataset, place: int, emit) -> None:
    """Make this process ready to train on `dataset`, with one thread; once a process.

    Args:
        dataset: to train on.
        place: of this process among those that train side by side: which GPU, if there are any.
        emit: called with (epoch, metrics) after each epoch of a run.
    """
    from keras_mnist.training.devices import use_device
    from keras_mnist.training.run import use_one_thread

    use_one_thread()
    use_device(place)
    _state.update(dataset=dataset, emit=emit)


def train_here(experiment: Experiment, seed: int, train=None) -> RunRecord:
    """Train one run in this prepared process.

    Args:
        experiment: what to train.
        seed: of the run.
        train: takes the place of `train_run`.
    """
    if train is None:
        from keras_mnist.training.run import train_run as train

    emit = _state["emit"]
    return train(experiment, seed, _state["dataset"], lambda epoch, values: emit((epoch, values)))
