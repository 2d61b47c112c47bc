"""A TOML file as it was written: its values, and the line that each stands in."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from keras_mnist.base.errors import DocumentError, ExperimentError
from keras_mnist.base.reading import read_text
from keras_mnist.base.toml import parse_toml
from keras_mnist.documents.file.lines import lines_of

LARGEST = 2**20  # bytes
DEEPEST = 8  # tables and lists in one another
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
Place = tuple[str | int, ...]  # the keys and numbers that lead to a value


@dataclass(frozen=True)
class Source:
    """A file that was read.

    Attributes:
        path: of the file.
        text: what stands in it.
    """

    path: Path
    text: str

    @cached_property
    def _lines(self) -> dict[Place, int]:
        return lines_of(self.text)

    def line(self, path: Place) -> int | None:
        """Return the line in which a value begins, or else that which it lies in; `None`: none."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path)


@dataclass(frozen=True)
class Node:
    """A value in a file, with its place there.

    Attributes:
        value: as TOML has it; numbers with a point are `Decimal`, as they were written.
        path: the keys and numbers that lead to it.
        source: the file.
    """

    value: Any
    path: Place
    source: Source

    def __getitem__(self, key: str | int) -> "Node":
        return Node(self.value[key], (*self.path, key), self.source)

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def items(self) -> list[tuple[str, "Node"]]:
        """Return what a table holds, by key, in the order in which it was written."""
        return [(key, self[key]) for key in self.value]

    def each(self, key: str) -> "list[Node]":
        """Return the nodes of a list that a table has under a key; none where it has no such."""
        return [self[key][i] for i in range(len(self.value.get(key, ())))]

    def get(self, key: str, otherwise=None) -> Any:
        """Return the value that a table has under a key, or another."""
        return self.value.get(key, otherwise)

    def part(self, key: str) -> "Node | None":
        """Return what a table has under a key, if anything."""
        if key not in self:
            return None
        return self[key]

    @property
    def where(self) -> str:
        """The file's name and the line, for messages."""
        line = self.source.line(self.path)
        name = self.source.path.name
        return f"{name}, line {line}" if line else name

    def error(self, requirement: str, received: object = None, remedy: str = "") -> DocumentError:
        """Return the error that this value is not what it must be."""
        return DocumentError(f"{self.where}: {requirement}", _short(received), remedy)

    def placed(self, error: ExperimentError) -> DocumentError:
        """Return an error about this value with its place in the file."""
        return self.error(error.requirement, error.received, error.remedy)


def _short(received: object) -> object:
    text = None if received is None else str(received)
    return text if text is None or len(text) <= 200 else f"{text[:200]}..."


def read_source(path: Path) -> Node:
    """Return what stands in a TOML file.

    Raises:
        DocumentError: it is no file, too large, no TOML, or has what no document needs.
    """
    text = _text(path)
    source = Source(path, text)
    if strange := _CONTROL.search(text):
        raise DocumentError(
            f"{path.name}, line {text.count(chr(10), 0, strange.start()) + 1}: a document must be "
            "text without control characters",
            f"{strange[0]!r}",
            "Take it out",
        )
    try:
        content = parse_toml(text, Decimal)
    except RecursionError:
        raise _too_deep(path) from None
    except (ValueError, ArithmeticError) as error:  # a number without end is the latter
        raise DocumentError(
            f"{path.name}{_line_told(error)}: a document must be TOML",
            _WHERE.sub("", str(error)) or type(error).__name__,
            "Texts stand in quotes, lists in brackets; new-document NAME writes one to begin with",
        ) from None
    top = Node(content, (), source)
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if len(node.path) > DEEPEST:
            raise _too_deep(path)
        if isinstance(node.value, dict):
            for key, inner in node.items():
                _require_plain(inner, key)
                waiting.append(inner)
        elif isinstance(node.value, list):
            waiting += [node[number] for number in range(len(node.value))]
        elif isinstance(node.value, str):
            _require_plain(node, node.value)
    return top


def _require_plain(node: Node, text: str) -> None:
    r"""Raise `DocumentError` where a text has control characters, written as `\u001b` or so."""
    if strange := _CONTROL.search(text):
        raise node.error(
            "texts of a document must be without control characters",
            f"{strange[0]!r}",
            "Leave it out",
        )


_WHERE = re.compile(r" ?\(at line (\d+), column \d+\)| ?\(at end of document\)")


def _line_told(error: Exception) -> str:
    found = _WHERE.search(str(error))
    return f", line {found[1]}" if found and found[1] else ""


def _too_deep(path: Path) -> DocumentError:
    return DocumentError(
        f"{path.name}: a document must have at most {DEEPEST} tables and lists in one another",
        "more",
    )


def _text(path: Path) -> str:
    try:
        return read_text(path, LARGEST).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"{path.name}, line {line}: a document must be text in UTF-8",
            f"the byte {error.object[error.start]:#04x}",
            "Save it as UTF-8",
        ) from None
    except (OSError, ValueError) as error:
        raise DocumentError(
            f"{path} must be a document: a TOML file",
            getattr(error, "strerror", None) or error,
            "Check the path; new-document NAME writes one to begin with",
        ) from None
