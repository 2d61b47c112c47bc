"""What a page shows: its commands, and the tables after them as they were printed."""

import re
import shlex
from pathlib import Path

_BASH = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)


def tables_in(text: str) -> list[list[list[str]]]:
    """The Markdown tables of a text: the heading, then the rows."""
    found = []
    for table in _TABLE.findall(text):
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
        found.append([rows[0], *rows[2:]])
    return found


def shown_after_commands(page: Path) -> dict[str, list[list[str]]]:
    """By command, the table that stands between it and the next one; others are left out."""
    parts = _BASH.split(page.read_text().replace("\\\n", ""))
    blocks = zip(parts[1::2], parts[2::2], strict=True)
    return {block.strip(): found[0] for block, after in blocks if (found := tables_in(after))}


def of_example(name: str, page: Path) -> tuple[list[str], list[list[str]]]:
    """The words of the command that a page gives of an example, and the table after it."""
    ((command, table),) = (
        (command, table)
        for command, table in shown_after_commands(page).items()
        if f"examples/{name}" in command and "\n" not in command
    )
    words = shlex.split(command.replace("examples/", f"{page.parents[1]}/examples/"))
    return words, table
