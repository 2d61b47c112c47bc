"""Headings and rows as a table, on the terminal or as Markdown; a cell may have several lines."""

from rich.console import Console
from rich.table import Table
from rich.text import Text


def terminal_table(title: str, headings: list[str], rows: list[list[str]], whole=None) -> Table:
    """Return the table for a terminal; no text in it is taken for markup.

    Args:
        whole: the number of the column, from 0, that is never wrapped.
    """
    table = Table(title=Text(title), title_justify="left", title_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", no_wrap=number == whole)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def markdown_table(title: str, headings: list[str], rows: list[list[str]]) -> str:
    """Return the table as Markdown under its title."""
    lines = [headings, ["---"] * len(headings), *rows]
    cells = ("| " + " | ".join(line).replace("\n", "<br>") + " |" for line in lines)
    return f"### {title}\n\n" + "\n".join(cells)


def print_notes(lines: list[str], console: Console) -> None:
    """Print what a reader must know, under a table."""
    for line in lines:
        console.print(line, style="dim", highlight=False, markup=False)
