"""Where a study's result goes: the terminal, a folder of table and figures, a JSON file."""

import json
import sys
from pathlib import Path

from rich.console import Console

from keras_mnist.errors import StoreError
from keras_mnist.files import require_writable, write_whole
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.reporting.tables import as_markdown, print_tables

_NARROWEST = 132  # columns that the tables want where no terminal sets a width


def check_writable(folder: Path | str, json_path: Path | str | None) -> None:
    """Check, before hours of training, that the results can be kept.

    Raises:
        StoreError: they cannot.
    """
    require_writable(folder, "--out")
    if json_path:
        require_writable(Path(json_path).parent, "--json")
        if Path(json_path).is_dir():
            raise StoreError("--json must name a file", f"the folder {json_path}")


def present(result: StudyResult, folder: Path | str, json_path) -> None:
    """Print the tables, write table, data and figures, and print their paths."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=max(console.width, _NARROWEST))
    print_tables(result, console)
    folder = Path(folder)
    paths = result.draw(folder)
    written = [write_whole(folder / "table.md", as_markdown(result)), *paths]
    if json_path:
        content = json.dumps(result.to_dict(), indent=1, allow_nan=False) + "\n"
        written.append(write_whole(json_path, content))
    for path in written:
        print(path)
    counts = f"{result.trained} trained, {result.cached} stored before, {len(result.failed)} failed"
    print(f"runs: {counts}", file=sys.stderr)
