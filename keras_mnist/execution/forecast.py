"""How long runs will take: a cost model, corrected by the runs that have finished."""

import math
import statistics

from keras_mnist.experiment import Experiment
from keras_mnist.results import RunRecord

# One core of a recent server, in round numbers; only the first guess rests on them.
_FLOPS = 1.3e11
_BYTES = 2.5e10  # a second, for the optimizer's passes over the weights
_STEP = 3e-4  # seconds of overhead
START = 5.0  # seconds until the first worker trains
_COMPILE = 2.0  # seconds, once for each experiment and worker


def predicted_seconds(experiment: Experiment, train: int, held_out: int, test: int) -> float:
    """Return the seconds that one run should take on one core, before any correction.

    Args:
        train, held_out, test: how many images each part has.
    """
    training, model = experiment.training, experiment.model
    steps = math.ceil(train / training.batch_size)
    flops = model.multiply_adds * (6 * train + 2 * held_out)
    epoch = flops / _FLOPS + steps * (model.parameters * 24 / _BYTES + _STEP)
    return training.epochs * epoch + 4 * model.multiply_adds * test / _FLOPS


class Forecast:
    """The time that is left, by the cost model times what finished runs took of theirs.

    Args:
        sizes: how many images train, validate and test, by experiment.
        jobs: workers side by side.
    """

    def __init__(self, sizes: dict[Experiment, tuple[int, int, int]], jobs: int):
        self._predicted = {e: predicted_seconds(e, *parts) for e, parts in sizes.items()}
        self._jobs = jobs
        self._ratios: list[float] = []

    def learn(self, record: RunRecord) -> None:
        """Correct the model by a completed run."""
        if record.completed and record.seconds > 0:
            self._ratios.append(record.seconds / self._predicted[record.experiment])

    def left(self, runs: list[tuple[Experiment, int]]) -> float:
        """Return the seconds that `runs`, none begun, will keep the workers busy."""
        if not runs:
            return 0.0
        ratio = statistics.median(self._ratios) if self._ratios else 1.0
        work = ratio * sum(self._predicted[experiment] for experiment, _ in runs)
        return (work + _COMPILE * len({e for e, _ in runs})) / self._jobs
