"""Kinds of values in a file: each says what is one, and so says it in a JSON Schema too."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keras_mnist.documents.file.source import Node

LARGEST = 10**15  # a number, and
MOST_DECIMALS = 15  # its decimals


class Kind(ABC):
    """A kind of value."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What a value of it is, after *must be*."""

    @abstractmethod
    def has(self, value: Any) -> bool:
        """Return whether a value is of it, all that it holds aside."""

    @property
    @abstractmethod
    def schema(self) -> dict:
        """The same as JSON Schema."""

    def check(self, node: Node, called: str) -> None:
        """Raise `DocumentError` unless a node's value is of this kind.

        Args:
            node: of a file.
            called: what messages call it.
        """
        if not self.has(node.value):
            raise node.error(f"{called} must be {self.words}", _typed(node.value))


def _typed(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value}"
    return "a table" if isinstance(value, dict) else repr(value)


@dataclass(frozen=True)
class Text(Kind):
    """A text with something in it."""

    @property
    def words(self) -> str:
        """What it is, in words."""
        return "a text in quotes"

    @property
    def schema(self) -> dict:
        """The same."""
        return {"type": "string", "pattern": r"\S"}

    def has(self, value: Any) -> bool:
        """Return whether it is one."""
        return isinstance(value, str) and bool(value.strip())


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few texts."""

    known: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of them."""
        return f"one of {', '.join(self.known)}"

    @property
    def schema(self) -> dict:
        """All of them."""
        return {"enum": list(self.known)}

    def has(self, value: Any) -> bool:
        """Return whether it is one."""
        return isinstance(value, str) and value in self.known


@dataclass(frozen=True)
class Number(Kind):
    """A finite number."""

    @property
    def words(self) -> str:
        """What it is, in words."""
        return "a number"

    @property
    def schema(self) -> dict:
        """The same."""
        return {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}

    def has(self, value: Any) -> bool:
        """Return whether it is one, of a size and with decimals that anybody prints."""
        if isinstance(value, Decimal):
            if not value.is_finite() or (value and value.adjusted() > MOST_DECIMALS):
                return False
            return decimals(value) <= MOST_DECIMALS and abs(value) <= LARGEST
        return type(value) is int and abs(value) <= LARGEST


def decimals(value: int | Decimal) -> int:
    """Return how many decimals a number was written with."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return max(0, -int(exponent))


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number, from `low` on."""

    low: int = 1

    @property
    def words(self) -> str:
        """What it is, in words."""
        return f"a whole number from {self.low}"

    @property
    def schema(self) -> dict:
        """The same."""
        return {"type": "integer", "minimum": self.low, "maximum": LARGEST}

    def has(self, value: Any) -> bool:
        """Return whether it is one."""
        return type(value) is int and self.low <= value <= LARGEST


@dataclass(frozen=True)
class Plain(Kind):
    """What a choice may be given: a number, a text, true or false, or a list of them."""

    @property
    def words(self) -> str:
        """What it is, in words."""
        return "a number, a text, true or false, or a list of them"

    _one = ({"type": ["number", "string", "boolean"]},)

    @property
    def schema(self) -> dict:
        """The same."""
        return {"type": ["number", "string", "boolean", "array"], "items": self._one[0]}

    def has(self, value: Any) -> bool:
        """Return whether it is one."""
        values = value if isinstance(value, list) else [value]
        return all(isinstance(v, (bool, str)) or Number().has(v) for v in values)
