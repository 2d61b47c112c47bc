"""A table of runs as a file: CSV, Parquet, Excel, LaTeX, by the name's ending."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_mnist.base import extras
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.files import write_whole
from keras_mnist.reporting.grids import latex_table
from keras_mnist.reporting.run_columns import texts

_MOST = 1_048_575  # rows of a sheet, below the line of names


def as_csv(frame) -> str:
    """Return a frame as CSV; read back, numbers are the same to the last digit."""
    return frame.to_csv(index=False, lineterminator="\n")


def _csv(frame) -> bytes:
    return as_csv(frame).encode()


def _parquet(frame) -> bytes:
    content = io.BytesIO()
    frame.to_parquet(content, engine="pyarrow", index=False)
    return content.getvalue()


def _excel(frame) -> bytes:
    import pandas

    if len(frame) > _MOST:
        raise ExperimentError(
            f"an Excel sheet must have at most {_MOST:,} rows",
            f"{len(frame):,}",
            "Write .parquet or .csv",
        )
    content = io.BytesIO()
    with pandas.ExcelWriter(content, engine="openpyxl") as writer:
        frame.to_excel(writer, sheet_name="runs", index=False, freeze_panes=(1, 0))
        cells: Any = writer.sheets["runs"].iter_rows()
        for cell in (cell for row in cells for cell in row if cell.data_type == "f"):
            cell.data_type = "s"  # a text stays one, also where it begins like a formula
    return content.getvalue()


def _latex(frame) -> bytes:
    return (latex_table("Runs", *texts(frame)) + "\n").encode()


# How each kind is written, the package that it takes, and the extra that brings that.
KINDS: dict[str, tuple[Callable, str, str]] = {
    ".csv": (_csv, "", ""),
    ".parquet": (_parquet, "pyarrow", "parquet"),
    ".xlsx": (_excel, "openpyxl", "excel"),
    ".tex": (_latex, "", ""),
}


def require_kind(path: Path | str) -> None:
    """Check, before anything is read, that a table can be written to a file of this name.

    Raises:
        ExperimentError: its ending is of no kind that is written, or a package is missing.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in KINDS:
        raise ExperimentError(f"--out must end in {', '.join(KINDS)}", path)
    _, module, extra = KINDS[suffix]
    if module:
        extras.require((module,), extra, f"a file {suffix}")


def write_table(frame, path: Path | str) -> Path:
    """Write a frame of runs, whole or not at all.

    Raises:
        ExperimentError: as in `require_kind`; more rows than its kind has.
        StoreError: it cannot be written.
    """
    require_kind(path)
    write = KINDS[Path(path).suffix.lower()][0]
    return write_whole(path, write(frame), "Name another with --out")
