"""Headings and rows as a table: Markdown, LaTeX; a cell may have several lines."""

import re

from rich.console import Console


def markdown_table(title: str, headings: list[str], rows: list[list[str]]) -> str:
    """Return the table as Markdown under its title."""
    lines = [headings, ["---"] * len(headings), *rows]
    cells = (markdown_text(" | ".join(line)).replace("\n", "<br>") for line in lines)
    return f"### {markdown_text(title)}\n\n" + "\n".join(f"| {line} |" for line in cells)


def markdown_text(text: str) -> str:
    """Return a text in which Markdown finds no HTML and no link; signs as in `a < b` stay."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text).replace("](", r"]\(")


_LATEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "±": r"$\pm$",
    "×": r"$\times$",
    "−": "$-$",
    "–": "--",
    "\n": r"\newline ",
}


def latex_text(text: str) -> str:
    """Return text with LaTeX's special characters escaped."""
    return "".join(_LATEX.get(character, character) for character in text)


def latex_table(title: str, headings: list[str], rows: list[list[str]], widths=()) -> str:
    """Return the table as a LaTeX `longtable` under its title.

    Args:
        title, headings, rows: as elsewhere here.
        widths: of the columns, as shares of the line; by default all alike.
    """

    def line(cells):
        return " & ".join(map(latex_text, cells)) + r" \\"

    shares = widths or [0.9 / len(headings)] * len(headings)
    columns = "".join(rf"p{{{share:.3f}\linewidth}}" for share in shares)
    return "\n".join(
        [
            r"\begingroup\tiny\setlength{\tabcolsep}{2pt}",
            rf"\begin{{longtable}}{{{columns}}}",
            rf"\caption{{{latex_text(title)}}}\\",
            r"\hline",
            line(headings),
            r"\hline",
            r"\endhead",
            *map(line, rows),
            r"\hline",
            r"\end{longtable}",
            r"\endgroup",
        ]
    )


def print_notes(lines: list[str], console: Console) -> None:
    """Print what a reader must know, under a table."""
    for line in lines:
        console.print(line, style="dim", highlight=False, markup=False)
