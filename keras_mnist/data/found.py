"""What a file was found to hold, before it is a data set."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.data.dataset import ARRAYS


@dataclass
class Found:
    """Arrays by name, of `ARRAYS`, and what is to be said of how they were read."""

    arrays: dict[str, np.ndarray]
    told: list[str] = field(default_factory=list)

    @property
    def parts(self) -> dict[str, Any]:
        """The arrays, as `Dataset` takes them by name beside what else it takes."""
        return dict(self.arrays)

    @property
    def missing(self) -> list[str]:
        """The arrays that are not there."""
        return [name for name in ARRAYS if name not in self.arrays]


def require_pairs(names, whose, there, remedy: str = "") -> None:
    """Check that examples have their labels, and that there are some to train on.

    Args:
        names: of the arrays that were found.
        whose: what they lie in, for messages.
        there: what lies there, by the names that it has.
        remedy: what to do.

    Raises:
        DataError: some are missing.
    """
    wanted = ARRAYS if any(name.endswith("test") for name in names) else ARRAYS[:2]
    if any(name not in names for name in wanted):
        lacking = ", ".join(name for name in wanted if name not in names)
        raise DataError(
            f"{whose} must hold the arrays {', '.join(ARRAYS)}, or others of names as clear",
            f"{', '.join(list(map(str, there))[:12]) or 'none'}: no {lacking}",
            remedy or "Save them so: np.savez('mine.npz', x_train=..., y_train=..., ...)",
        )
