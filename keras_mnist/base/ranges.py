"""What a search goes through: ranges of numbers, a few values, and when these count."""

import math
from dataclasses import dataclass

When = tuple[tuple[str, tuple], ...]  # other choices, each with some of its values


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included.

    Attributes:
        low, high: whole numbers or reals, both of one kind.
        step: between values; `None`: every value (whole numbers: every one).
        log: as many values below the geometric middle as above it.
    """

    low: float
    high: float
    step: float | None = None
    log: bool = False

    def points(self) -> list:
        """Return the values of a grid: doubling or half decades (log), else ones or tenths."""
        if self.log:
            factor = 2 if isinstance(self.low, int) else math.sqrt(10)
            count = math.floor(math.log(self.high / self.low) / math.log(factor) + 1e-9) + 1
            return [type(self.low)(self.low * factor**i) for i in range(count)]
        step = 1 if isinstance(self.low, int) else 0.1
        count = math.floor((self.high - self.low) / step + 1e-9) + 1
        return [type(self.low)(round(self.low + i * step, 9)) for i in range(count)]


@dataclass(frozen=True)
class Values:
    """A few values."""

    values: tuple

    def points(self) -> list:
        """Return all of them."""
        return list(self.values)


def counts(when: When, values: dict) -> bool:
    """Return whether what needs those values of others counts beside the others' values."""
    return all(name in values and values[name] in among for name, among in when)
