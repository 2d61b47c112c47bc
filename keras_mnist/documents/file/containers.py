"""Kinds of lists and tables in a file, of which each says what may be in it."""

from dataclasses import dataclass
from typing import Any

from keras_mnist.base.errors import nearest
from keras_mnist.documents.file.kinds import Kind
from keras_mnist.documents.file.source import Node

TOP = "a document"  # what messages call a whole file


@dataclass(frozen=True)
class Either(Kind):
    """One of several kinds; the first that has a value checks what is in it."""

    kinds: tuple[Kind, ...]

    @property
    def words(self) -> str:
        """All of them."""
        return ", or ".join(kind.words for kind in self.kinds)

    @property
    def schema(self) -> dict:
        """All of them."""
        return {"anyOf": [kind.schema for kind in self.kinds]}

    def has(self, value: Any) -> bool:
        """Return whether one of them has it."""
        return any(kind.has(value) for kind in self.kinds)

    def check(self, node: Node, called: str) -> None:
        """Check as the first of them that has it; errors as in `Kind`."""
        super().check(node, called)
        next(kind for kind in self.kinds if kind.has(node.value)).check(node, called)


@dataclass(frozen=True)
class ListOf(Kind):
    """A list with at least `least` values of one kind."""

    kind: Kind
    least: int = 0

    @property
    def words(self) -> str:
        """What it is, in words."""
        return f"a list, each {self.kind.words}"

    @property
    def schema(self) -> dict:
        """The same."""
        return {"type": "array", "items": self.kind.schema, "minItems": self.least}

    def has(self, value: Any) -> bool:
        """Return whether it is a list that is long enough."""
        return isinstance(value, list) and len(value) >= self.least

    def check(self, node: Node, called: str) -> None:
        """Check it and what is in it; errors as in `Kind`."""
        super().check(node, called)
        for number in range(len(node.value)):
            inner = called if isinstance(self.kind, (Table, ListOf)) else f"each of {called}"
            self.kind.check(node[number], inner)


@dataclass(frozen=True)
class MapOf(Kind):
    """A table whose keys are anything, and whose values are of one kind."""

    kind: Kind

    @property
    def words(self) -> str:
        """What it is, in words."""
        return f"a table, each value {self.kind.words}"

    @property
    def schema(self) -> dict:
        """The same."""
        return {"type": "object", "additionalProperties": self.kind.schema}

    def has(self, value: Any) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def check(self, node: Node, called: str) -> None:
        """Check it and what is in it; errors as in `Kind`."""
        super().check(node, called)
        for key, value in node.items():
            if not key.strip():
                raise value.error(f"each key of {called} must have a letter", repr(key))
            self.kind.check(value, f"{called}: {key}")


@dataclass(frozen=True)
class Table(Kind):
    """A table with keys that are known.

    Attributes:
        keys: by name, what a value is, and what it means.
        required: those that must be there.
        others: what a value under any other key is; `None`: there is none.
    """

    keys: dict[str, tuple[Kind, str]]
    required: tuple[str, ...] = ()
    others: Kind | None = None

    @property
    def words(self) -> str:
        """What it is, in words."""
        return "a table"

    @property
    def schema(self) -> dict:
        """The same."""
        keys = {
            name: kind.schema | {"description": help} for name, (kind, help) in self.keys.items()
        }
        others = False if self.others is None else self.others.schema
        about = {"required": list(self.required)} if self.required else {}
        return {"type": "object", "properties": keys, "additionalProperties": others, **about}

    def has(self, value: Any) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def check(self, node: Node, called: str) -> None:
        """Check it, its keys and what is under them; errors as in `Kind`."""
        super().check(node, called)
        for key, value in node.items():
            kind, _ = self.keys.get(key, (self.others, ""))
            if kind is None:
                known = nearest(key, self.keys)
                raise value.error(f"{called} must not have the key {key!r}", None, known)
            kind.check(value, key)
        for key in self.required:
            if key not in node:
                about = f"{key}: {self.keys[key][1]}"
                raise node.error(f"{called} must have the key {key}", None, about)
