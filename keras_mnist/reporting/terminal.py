"""A table that fits its terminal: words wrap, then columns go, then it turns into a list."""

import textwrap
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.table import Table
from rich.text import Text

from keras_mnist.base.errors import printable
from keras_mnist.base.signs import in_signs_of
from keras_mnist.reporting.columns import Column, cells, headings
from keras_mnist.reporting.unbroken import unbroken

_JOINED = "\ue000"  # stands for a space within such, so that no line ends there
_FRAME = 3  # columns that a cell's margins and its rule take


class TerminalTable:
    """A table for a terminal of any width; no text in it is taken for markup.

    Where its longest words do not fit side by side, its spare columns go, from the right, and are
    named below it; where the others do not fit either, it is a list of all. Elsewhere than on a
    terminal, where nobody can widen a window, no column goes.

    Args:
        title: above it.
        headings: of the columns.
        rows: a text for each column; a text may have several lines.
        spare: the numbers of the columns, from 0, that may go.
    """

    def __init__(
        self, title: str, headings: Sequence[str], rows: list[list[str]], spare: Iterable[int] = ()
    ):
        self._title, self._spare = title, sorted(spare)
        self._said = list(headings), rows

    @classmethod
    def of(cls, title: str, columns: Sequence[Column], rows: Iterable) -> "TerminalTable":
        """Return the table of rows, whatever they are, as its columns show them."""
        spare = [number for number, column in enumerate(columns) if column.spare]
        return cls(title, headings(columns), cells(columns, rows), spare)

    def __rich_console__(self, console: Console, options: ConsoleOptions):
        """Yield what `console.print` shows."""
        headings, rows = self._said
        self._headings = [_joined(heading, options.encoding) for heading in headings]
        self._rows = [[_joined(cell, options.encoding) for cell in row] for row in rows]
        yield Text(self._title, style="bold")
        shown, spare = list(range(len(self._headings))), list(self._spare)
        while console.is_terminal and spare and not self._fits(shown, options.max_width):
            shown.remove(spare.pop())
        if self._fits(shown, options.max_width):
            yield self._table(shown, console, options.max_width)
            gone = dict.fromkeys(h for n, h in enumerate(self._headings) if n not in shown)
            if gone:
                left_out = _plain(f"Too narrow for: {', '.join(gone)}. A wider window shows it.")
                yield Text(left_out, style="dim")
        else:
            yield from self._list(console, options.max_width)

    def _columns(self, shown: list[int]) -> list[list[str]]:
        return [[self._headings[n], *(row[n] for row in self._rows)] for n in shown]

    def _fits(self, shown: list[int], width: int) -> bool:
        return sum(map(_least, self._columns(shown))) + _FRAME * len(shown) + 1 <= width

    def _table(self, shown: list[int], console: Console, width: int) -> Table:
        columns = self._columns(shown)
        widths = _shared(
            [(_least(column), _most(column)) for column in columns],
            width - _FRAME * len(shown) - 1,
        )
        table = Table()
        for column, room in zip(columns, widths, strict=True):
            table.add_column(_wrapped(column[0], room, console), width=room, no_wrap=True)
        for row in zip(*(column[1:] for column in columns), strict=True):
            cells = zip(row, widths, strict=True)
            table.add_row(*(_wrapped(cell, room, console) for cell, room in cells))
        return table

    def _list(self, console: Console, width: int):
        """Yield each row as lines: what its first column says, then a heading and a text each."""
        names = [_plain(heading) for heading in self._headings]
        longest = max(map(cell_len, names[1:]), default=0)
        beside = longest < width // 2  # else below
        indent = longest + 4 if beside else 4
        for row in self._rows:
            yield Text(f"\n{_plain(row[0])}", style="bold")
            for name, cell in zip(names[1:], row[1:], strict=True):
                if not cell.strip("–"):
                    continue
                first, *rest = _wrapped(cell, width - indent, console).plain.split("\n")
                if beside:
                    yield Text(f"  {name:{longest}}  {first}")
                else:
                    yield from [Text(f"  {name}"), Text(" " * indent + first)]
                for line in rest:
                    yield Text(" " * indent + line)


def in_lines(line: str, console: Console) -> str:
    """Return a line as a terminal's width takes it: it ends between words, what follows is set in.

    No word is parted, so that a path or a command can be copied.
    """
    filled = textwrap.fill(
        _joined(line, console.encoding),
        max(console.width, 3),
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return _plain(filled)


def _joined(text: str, encoding: str) -> str:
    """Return a text in the signs that the stream has, with what must hold together joined."""
    parts = unbroken(printable(text), _JOINED).split(_JOINED)
    return _JOINED.join(in_signs_of(encoding, part) for part in parts)


def _plain(text: str) -> str:
    return text.replace(_JOINED, " ")


def _least(column: list[str]) -> int:
    """Return how wide a column's longest word is."""
    return max((cell_len(word) for text in column for word in text.split()), default=1)


def _most(column: list[str]) -> int:
    """Return how wide a column's longest line is."""
    return max((cell_len(line) for text in column for line in text.split("\n")), default=1)


def _shared(bounds: list[tuple[int, int]], width: int) -> list[int]:
    """Return how wide each column is: as wide as it would be, or else as the others that are cut.

    Args:
        bounds: its least and its most, by column.
        width: for all of them, not below their least.
    """

    def cut(at: int) -> list[int]:
        return [min(most, max(least, at)) for least, most in bounds]

    return max((cut(at) for at in range(width + 1)), key=lambda w: (sum(w) <= width) * sum(w))


def _wrapped(text: str, width: int, console: Console) -> Text:
    """Return a text with line ends where it must be wrapped."""
    lines = [part for line in text.split("\n") for part in Text(line).wrap(console, width)]
    return Text("\n".join(_plain(line.plain.rstrip()) for line in lines))
