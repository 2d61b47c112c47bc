"""Where results go: the terminal, a folder of tables and figures, a JSON file."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from keras_mnist.base.errors import StoreError
from keras_mnist.base.files import require_writable, write_whole
from keras_mnist.reporting.console import Screen
from keras_mnist.reporting.files import KINDS
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.reporting.tables import as_markdown, print_tables

DATA = "study.json"  # of a study, in its folder
FIGURES = ("curves", "forest", "images", "shares")  # of a study
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


def wide_console() -> Console:
    """Return a console on standard output, wide enough for tables where no terminal limits it."""
    console = _Output()
    return console if console.is_terminal else _Output(width=max(console.width, _NARROWEST))


class _Output(Screen):
    """Leaves a reader's end, as of `| head`, to those who handle it for every command."""

    def on_broken_pipe(self) -> None:
        raise


def present(result: StudyResult, folder: Path | str, json_path) -> None:
    """Write table, data and figures, print the tables, and the paths of what was written.

    Args:
        result: of the study.
        folder: for all of it, the data as `DATA`.
        json_path: where else the data are wanted.

    Raises:
        StoreError: it cannot be written.
    """
    folder = Path(folder)
    figures = result.draw(folder)
    for name in FIGURES:  # of another study that was written here
        for old in {folder / f"{name}.{kind}" for kind in KINDS} - {*figures}:
            old.unlink(missing_ok=True)
    table = write_whole(folder / "table.md", as_markdown(result))
    content = result.to_dict()
    paths = dict.fromkeys(filter(None, (folder / DATA, json_path and Path(json_path))))
    written = [table, *figures, *(write_data(path, content) for path in paths)]
    finish(written, None, content, lambda: print_tables(result, wide_console()))
    counts = f"{result.trained} trained, {result.cached} stored before, {len(result.failed)} failed"
    print(f"runs: {counts}", file=sys.stderr)


def finish(
    written: list[Path], json_path, content: dict, tables: Callable[[], None] = lambda: None
) -> None:
    """Write the data if a path was named for it, then print the tables and all paths.

    What is printed comes last, as nobody may read on: `| head -2` ends a command there.
    """
    if json_path:
        written = [*written, write_data(json_path, content)]
    tables()
    for path in written:
        print(path)


def write_data(path: Path | str, content: dict) -> Path:
    """Write data as JSON; errors as in `write_whole`."""
    return write_whole(path, json.dumps(content, indent=1, allow_nan=False) + "\n")
