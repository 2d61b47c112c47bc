"""What a run measures: what a metric is a number of, in which unit, and which way is better.

A metric's name ends with its quantity: `best_val_accuracy` is an accuracy.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """What metrics are numbers of.

    Attributes:
        unit: in which people read it.
        decimals: how many they are shown.
        factor: from the record's unit to that one.
        written: whether the unit is written after a number, not only along an axis.
        apart: the unit of a difference, where it is another.
        more_is_better: whether it is; `None` where that is no question.
        most_apart: the largest difference that two can have, in the record's unit, if there is one.
    """

    unit: str
    decimals: int
    factor: float = 1
    written: bool = True
    apart: str = ""
    more_is_better: bool | None = None
    most_apart: float = math.inf

    def unit_of(self, difference: bool) -> str:
        """Return the unit of a value, or of a difference of two."""
        return (difference and self.apart) or self.unit


_NATS = Quantity("nats", 4, written=False, more_is_better=False)
QUANTITIES = {
    "loss": _NATS,
    "accuracy": Quantity("%", 2, 100, apart="pp", more_is_better=True, most_apart=1),
    "gap": _NATS,
    "seconds": Quantity("s", 1),
    "ratio": Quantity("", 2),  # of two times
    "share": Quantity("%", 0, 100, apart="pp", most_apart=1),  # of runs
    "epochs": Quantity("", 1),
}
# The images that something is measured on, and what people call them.
SPLITS = {"train": "training", "val": "validation", "test": "test"}

BY_EPOCH = tuple(f"{split}_{what}" for split in SPLITS for what in ("loss", "accuracy"))
LAST = (*BY_EPOCH, "gap")  # after the last epoch
# Of the training images once the training has ended, measured as test images are: all that dropout
# and augmentation hold back in training is there, and the weights are those of the end.
PLAIN = tuple(f"plain_train_{what}" for what in ("loss", "accuracy"))
# And after the epoch of least validation loss.
METRICS = (*LAST, *PLAIN, *(f"best_{metric}" for metric in LAST))

# On which experiments are compared, by what was measured after every epoch; and on test accuracy.
COMPARED = {"val": "gap", "test": "test_loss"}


def quantity_of(metric: str) -> str:
    """Return the name of what a metric is a number of: `loss` of `val_loss`."""
    return metric.rsplit("_", 1)[-1]


def quantity(metric: str) -> Quantity:
    """Return what a metric is a number of."""
    return QUANTITIES[quantity_of(metric)]


def more_is_better(metric: str) -> bool:
    """Return whether more of a metric is better than less."""
    return bool(quantity(metric).more_is_better)


def compared_among(watched: Sequence[str]) -> list[str]:
    """Return the metrics on which experiments are compared: none that no pair of runs has.

    Args:
        watched: of each, the baseline first, which images were looked at after every epoch.
    """
    baseline, *others = watched
    pairs = {baseline if one == baseline else "test" for one in others}
    return ["test_accuracy", *(COMPARED[split] for split in SPLITS if split in pairs)]
