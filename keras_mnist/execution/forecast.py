"""How long runs will take: a cost model, corrected by the runs that have finished."""

import math
import statistics

from keras_mnist.experiment import Experiment
from keras_mnist.results import RunRecord

# One core of a recent server, in round numbers; only the first guess rests on them. The products
# of convolutions with few channels do not fill the processor's lanes.
_FLOPS = {"mlp": 1.3e11, "custom_mlp": 3e10, "lenet": 4e10, "conv1x1": 6e10}
_BYTES = 2.5e10  # a second, for the optimizer's passes over the weights
_STEP = 3e-4  # seconds of overhead
START = 5.0  # seconds until the first worker trains
_COMPILE = 2.0  # seconds, once for each experiment and worker


def predicted_seconds(experiment: Experiment, train: int, held_out: int, test: int) -> float:
    """Return the seconds that one run should take on one core, before any correction.

    Args:
        train, held_out, test: how many images each part has.
    """
    training, work, rate = experiment.training, experiment.multiply_adds, _FLOPS[experiment.kind]
    steps = math.ceil(train / training.batch_size)
    epoch = work * (6 * train + 2 * (held_out or test)) / rate
    epoch += steps * (experiment.parameters * 24 / _BYTES + _STEP)
    return training.epochs * epoch + 4 * work * test / rate


class Forecast:
    """The time that is left, by the cost model times what finished runs took of theirs.

    Runs of one kind of model correct each other; a kind without any is corrected by all.

    Args:
        sizes: how many images train, validate and test, by experiment.
        jobs: workers side by side.
    """

    def __init__(self, sizes: dict[Experiment, tuple[int, int, int]], jobs: int):
        self._predicted = {e: predicted_seconds(e, *parts) for e, parts in sizes.items()}
        self._jobs = jobs
        self._ratios: dict[str, list[float]] = {}

    def learn(self, record: RunRecord) -> None:
        """Correct the model by a completed run."""
        if record.completed and record.seconds > 0:
            ratio = record.seconds / self._predicted[record.experiment]
            self._ratios.setdefault(record.experiment.kind, []).append(ratio)

    def left(self, runs: list[tuple[Experiment, int]]) -> float:
        """Return the seconds that `runs`, none begun, will keep the workers busy."""
        if not runs:
            return 0.0
        work = sum(self._ratio(e.kind) * self._predicted[e] for e, _ in runs)
        return (work + _COMPILE * len({e for e, _ in runs})) / self._jobs

    def _ratio(self, kind: str) -> float:
        everything = [ratio for ratios in self._ratios.values() for ratio in ratios]
        ratios = self._ratios.get(kind, everything)
        return statistics.median(ratios) if ratios else 1.0
