"""A column is one object: what is shown of a row, wherever a table of such rows is shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column of a table: on the terminal, in Markdown, LaTeX, CSV, JSON and on the page.

    Attributes:
        name: of the column in CSV, JSON and the page's data.
        heading: as people read it.
        cell: from a row, whatever rows are, to the text of its cell.
        value: from a row to what CSV and JSON hold, a number where there is one; `None`: the text.
        width: of the column in LaTeX, as a share of the line.
        spare: whether a terminal that is too narrow for all columns goes without it.
    """

    name: str
    heading: str
    cell: Callable[[Any], str]
    value: Callable[[Any], Any] | None = None
    width: float = 0.1
    spare: bool = False

    def plain(self, row):
        """Return what CSV and JSON hold of a row."""
        return self.cell(row) if self.value is None else self.value(row)


def headings(columns: Iterable[Column]) -> list[str]:
    """Return the columns' headings."""
    return [column.heading for column in columns]


def cells(columns: Sequence[Column], rows) -> list[list[str]]:
    """Return a list of texts for each row."""
    return [[column.cell(row) for column in columns] for row in rows]


def plain(columns: Sequence[Column], rows) -> list[dict]:
    """Return each row as plain data, by the columns' names."""
    return [{column.name: column.plain(row) for column in columns} for row in rows]
