"""How long runs will take: a cost model, corrected by the runs that have finished."""

import heapq
import math
from collections import Counter, defaultdict

from keras_mnist.experiment import Experiment
from keras_mnist.networks.layers import Size
from keras_mnist.runs import RunRecord

# One core of a recent server, in round numbers; only the first guess rests on them. Products with
# few units do not fill the processor's lanes.
_DENSE_FLOPS, _UNIT_FLOPS = 1.3e11, 5e8  # at most; for each unit
_CONV_FLOPS, _FEW_FILTERS, _FEW_FLOPS = 6e10, 64, 4e10
_BYTES = 2.5e10  # a second, for the optimizer's passes over the weights
_STEP = 3e-4  # seconds of overhead
START = 5.0  # seconds until the first worker trains
_COMPILE = 2.0  # seconds, once for each experiment and worker


def predicted_seconds(experiment: Experiment, train: int, held_out: int, test: int) -> float:
    """Return the seconds that one run should take on one core, before any correction.

    With patience, at most: as if all epochs were trained.

    Args:
        train, held_out, test: how many images each part has.
    """
    fit = experiment.fit
    work = sum(size.multiply_adds / _rate(size) for size in experiment.sizes)  # of one image
    steps = math.ceil(train / fit.batch_size)
    epoch = work * (6 * train + 2 * (held_out or test))
    epoch += steps * (experiment.parameters * 24 / _BYTES + _STEP)
    return fit.epochs * epoch + 4 * work * test


def _rate(size: Size) -> float:
    """Return how many operations a second a layer's products are done at."""
    units = size.outputs[-1]
    if len(size.outputs) == 1:
        return min(_DENSE_FLOPS, units * _UNIT_FLOPS)
    return _FEW_FLOPS if units < _FEW_FILTERS else _CONV_FLOPS


class Forecast:
    """The time that is left, by the cost model times what finished runs took of theirs.

    Runs of one kind of network correct each other; a kind without any is corrected by all. Each
    call takes as long for a hundred thousand runs as for ten, but for a logarithm.

    Args:
        sizes: how many images train, validate and test, by experiment.
        jobs: workers side by side.
    """

    def __init__(self, sizes: dict[Experiment, tuple[int, int, int]], jobs: int):
        self._predicted: dict[Experiment, float] = {}
        self._jobs = jobs
        self._ratios: dict[str, _Median] = defaultdict(_Median)
        self._all_ratios = _Median()
        self._work: dict[str, float] = defaultdict(float)  # seconds by kind, uncorrected
        self._expected: Counter[Experiment] = Counter()
        for experiment, parts in sizes.items():
            self.know(experiment, parts)

    def know(self, experiment: Experiment, parts: tuple[int, int, int]) -> None:
        """Take in an experiment and how many of its images train, validate and test."""
        self._predicted[experiment] = predicted_seconds(experiment, *parts)

    def learn(self, record: RunRecord) -> None:
        """Correct the model by a completed run of an experiment that is known."""
        predicted = self._predicted.get(record.experiment)
        if predicted and record.completed and record.seconds > 0:
            ratio = record.seconds / (predicted * record.share)
            self._ratios[record.experiment.kind].add(ratio)
            self._all_ratios.add(ratio)

    def expect(self, experiment: Experiment) -> None:
        """Count a run of `experiment` as one that is to be done."""
        self._work[experiment.kind] += self._predicted[experiment]
        self._expected[experiment] += 1

    def strike(self, experiment: Experiment) -> None:
        """Count an expected run as done."""
        self._work[experiment.kind] -= self._predicted[experiment]
        self._expected[experiment] -= 1
        if not self._expected[experiment]:
            del self._expected[experiment]

    def epoch(self, experiment: Experiment) -> float:
        """The seconds that an epoch of an experiment that is known should take."""
        return self._ratio(experiment.kind) * self._predicted[experiment] / experiment.fit.epochs

    @property
    def left(self) -> float:
        """The seconds that the expected runs, none of them begun, will keep the workers busy."""
        if not self._expected:
            return 0.0
        work = sum(self._ratio(kind) * seconds for kind, seconds in self._work.items())
        return (work + _COMPILE * len(self._expected)) / self._jobs

    def _ratio(self, kind: str) -> float:
        ratios = self._ratios.get(kind, self._all_ratios)
        return ratios.value if ratios else 1.0


class _Median:
    """The median of numbers that come one by one: two heaps, the lower half negated."""

    def __init__(self):
        self._low, self._high = [], []

    def add(self, number: float) -> None:
        """Take a number in."""
        heapq.heappush(self._high, -heapq.heappushpop(self._low, -number))
        if len(self._high) > len(self._low):
            heapq.heappush(self._low, -heapq.heappop(self._high))

    def __bool__(self) -> bool:
        return bool(self._low)

    @property
    def value(self) -> float:
        """The median of all so far."""
        if len(self._low) > len(self._high):
            return -self._low[0]
        return (self._high[0] - self._low[0]) / 2
