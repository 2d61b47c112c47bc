"""What arguments of a person's function may be, checked as far as their defaults tell."""

import math
from dataclasses import dataclass
from typing import Any

from keras_mnist.base import checks
from keras_mnist.base.errors import ExperimentError

KINDS = ("bool", "int", "float", "str", "tuple")
_LARGEST = 2**53  # beyond it, JSON's numbers are not whole ones any more


@dataclass(frozen=True)
class Number:
    """A whole number or any finite one, or `None` where that is the default."""

    whole: bool
    optional: bool = False

    @property
    def parse(self):
        """What makes one of a flag's text."""
        return int if self.whole else float

    @property
    def metavar(self) -> str:
        """Of a flag's value."""
        return "N" if self.whole else "X"

    def __call__(self, name: str, value) -> Any:
        """Return the value as it is kept; errors as in `base.checks`."""
        if value is None and self.optional:
            return None
        if self.whole:
            checks.integer(name, value, -_LARGEST, _LARGEST)
            return value
        checks.number(name, value, -math.inf, math.inf, "()")
        return float(value)  # pyright: ignore[reportArgumentType] - a number, as was checked


@dataclass(frozen=True)
class Text:
    """A text, or `None` where that is the default."""

    optional: bool = False

    parse, metavar = str, "TEXT"

    def __call__(self, name: str, value) -> Any:
        """Return the value as it is kept; errors as in `base.checks`."""
        if not (value is None and self.optional) and not isinstance(value, str):
            raise ExperimentError(f"{name} must be a text", repr(value))
        return value


@dataclass(frozen=True)
class Listed:
    """A tuple of numbers or texts; on the command line, with commas between."""

    metavar = "A,B,..."

    @staticmethod
    def parse(text: str) -> tuple:
        """Return what a flag's text lists."""
        return tuple(_parsed(part.strip()) for part in text.split(",") if part.strip())

    def __call__(self, name: str, value) -> Any:
        """Return the value as it is kept; errors as in `base.checks`."""
        if not isinstance(value, (list, tuple)):
            raise ExperimentError(f"{name} must be listed, as in (64, 32)", repr(value))
        for item in value:
            if not isinstance(item, (int, float, str)) or item != item:
                raise ExperimentError(f"each of {name} must be a number or a text", repr(item))
        return tuple(value)


def _parsed(text: str):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
