"""The lines in which the values of a TOML text stand, which Python's own reader does not tell.

The text has been read before: what stands here is TOML, and only places are looked for.
"""

import re
import tomllib

from keras_mnist.base.toml import TEXTS

# Texts; comments; ends of lines; signs; all else up to any of these.
_TOKEN = re.compile(
    rf"{TEXTS}|\#[^\n]*|\n|[\[\]{{}}=,.]|[^\s\[\]{{}}=,.\"'\#]+",
    re.DOTALL,
)


def lines_of(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the line, from 1, in which each value begins, by the keys and numbers to it."""
    return _Lines(text).found


class _Lines:
    """One pass over the tokens of a text."""

    def __init__(self, text: str):
        self._tokens = list(_numbered(text))
        self._next = 0
        self._counts: dict[tuple, int] = {}  # of tables in lists of tables
        self.found: dict[tuple, int] = {}
        table: tuple = ()
        while self._skipped():
            line, token = self._tokens[self._next]
            if token == "[":
                table = self._header(line)
            else:
                self._pair(table)

    def _skipped(self, *also: str) -> bool:
        """Pass over ends of lines and comments; return whether there is more."""
        while self._next < len(self._tokens):
            token = self._tokens[self._next][1]
            if token != "\n" and not token.startswith("#") and token not in also:
                return True
            self._next += 1
        return False

    def _peek(self) -> str:
        return self._tokens[self._next][1] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        self._next += 1
        return self._tokens[self._next - 1][1]

    def _header(self, line: int) -> tuple:
        self._take()
        many = self._peek() == "["
        if many:
            self._take()
        *above, last = self._key()
        while self._peek() == "]":
            self._take()
        table: tuple = ()
        for part in above:
            table = self._inside((*table, part))
        table = (*table, last)
        if many:
            self._counts[table] = self._counts.get(table, -1) + 1
        self.found.setdefault(table, line)
        table = self._inside(table)
        self.found.setdefault(table, line)
        return table

    def _inside(self, table: tuple) -> tuple:
        """Return the table that a name means: of a list of tables, the last so far."""
        return (*table, self._counts[table]) if table in self._counts else table

    def _key(self) -> list[str]:
        parts = [_plain(self._take())]
        while self._peek() == ".":
            self._take()
            parts.append(_plain(self._take()))
        return parts

    def _pair(self, table: tuple) -> None:
        line = self._tokens[self._next][0]
        for part in self._key():
            table = (*table, part)
            self.found.setdefault(table, line)
        self._take()  # =
        self._value(table)

    def _value(self, place: tuple) -> None:
        opening = self._peek()
        if opening not in ("[", "{"):
            while self._peek() not in ("", ",", "]", "}", "\n") and self._peek()[0] != "#":
                self._take()
            return
        self._take()
        number = 0
        while self._skipped(",") and self._peek() not in ("]", "}"):
            if opening == "{":
                self._pair(place)
            else:
                self.found[(*place, number)] = self._tokens[self._next][0]
                self._value((*place, number))
                number += 1
        if self._peek():
            self._take()


def _numbered(text: str):
    line, end = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", end, found.start())
        yield line, found[0]
        line += found[0].count("\n")
        end = found.end()


def _plain(token: str) -> str:
    return tomllib.loads(f"key = {token}")["key"] if token[0] in "\"'" else token
