"""What all that `reproduce` trains would take: run-epochs, by the seconds of measured networks.

An experiment that was not measured counts as the measured one nearest to it, its seconds in the
proportion in which the package's cost model has the two. So both sides are weighted alike.
"""

import math
from collections import Counter

from cases import CASES
from peers import OURS

from keras_mnist.documents import documents
from keras_mnist.runs.forecast import predicted_seconds

_IMAGES, _TEST = 60_000, 10_000
_OTHER_PARTS = 3.0  # how far apart networks with and without augmentation are


def _epoch_seconds(experiment) -> float:
    """Return what the cost model says of one epoch."""
    train, held_out = experiment.data.split(_IMAGES)
    return predicted_seconds(experiment.change(epochs=1), train, held_out, _TEST)


def _apart(experiment, other) -> float:
    """Return how unlike two networks and their batches are; infinite for another kind."""
    if ("mlp" in experiment.kind, "lenet" in experiment.kind) != (
        "mlp" in other.kind,
        "lenet" in other.kind,
    ):
        return math.inf
    sizes = [one.value("batch_size") for one in (experiment, other)]
    augmented = experiment.augmentation.shift > 0, other.augmentation.shift > 0
    return (
        abs(math.log(experiment.multiply_adds / other.multiply_adds))
        + abs(math.log(sizes[0] / sizes[1]))
        + _OTHER_PARTS * (augmented[0] != augmented[1])
    )


def run_epochs() -> Counter:
    """Return how many run-epochs each measured network stands for."""
    found, own = Counter(), {n: case.experiment for n, case in CASES.items() if not case.ordinary}
    needed = {}
    for document in documents():
        for experiment, (_, seeds) in document.needed().items():
            needed.setdefault(experiment, seeds)
    for experiment, seeds in needed.items():
        nearest = min(own, key=lambda name: _apart(experiment, own[name]))
        weight = _epoch_seconds(experiment) / _epoch_seconds(own[nearest])
        found[nearest] += seeds * experiment.value("epochs") * weight
    return found


def reproduction(measured: dict, peer: str = "PyTorch") -> dict | None:
    """Return core-seconds of all that `reproduce` trains, ours and a peer's at its best.

    Args:
        measured: by network, `Measured`.
        peer: of them.

    Returns:
        By side, the seconds with all cores busy; `None` where a network has no figure.
    """
    totals = dict.fromkeys((OURS, peer), 0.0)
    for name, count in run_epochs().items():
        for side in totals:
            seconds = measured[name].full_seconds(side) if name in measured else None
            if seconds is None:
                return None
            totals[side] += count * seconds
    return totals | {"ratio": totals[OURS] / totals[peer], "run_epochs": dict(run_epochs())}
