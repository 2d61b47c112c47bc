"""Parquet files: tables, and the pictures that data sets of the hub keep in them."""

from collections.abc import Iterator
from pathlib import Path

from keras_mnist.base import extras
from keras_mnist.base.errors import DataError
from keras_mnist.data.found import Found
from keras_mnist.data.memory import require_room, room
from keras_mnist.data.pictures import stacked
from keras_mnist.data.stream import seekable, whole
from keras_mnist.data.table import TARGETS, classes_of, from_frame

_FORM = "a whole Parquet file"
_NUMBER = 8  # bytes of one in a frame
_ROWS, _PIECE = 2**16, 2**28  # rows and bytes that are read at once, at most


def read_parquet(path: Path, target: str | None) -> Found:
    """Read a Parquet file: a table of numbers, or a column of pictures beside one of classes.

    Raises:
        DataError: it is neither.
        ExperimentError: the package that reads Parquet is not installed.
    """
    parquet = extras.load("pyarrow.parquet", "parquet", "a Parquet file")
    pyarrow = extras.load("pyarrow", "parquet", "a Parquet file")
    with whole(path, _FORM):
        file = parquet.ParquetFile(seekable(path))
        about = file.metadata
        groups = (about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        numbers = _NUMBER * about.num_rows * about.num_columns  # which may lie there by reference
        require_room(path, max(sum(groups), numbers), "by its metadata")
        table = pyarrow.Table.from_batches(_batches(file, path), file.schema_arrow)
        pictures = [f.name for f in table.schema if str(f.type).startswith("struct<bytes: binary")]
    if not pictures:
        with whole(path, _FORM):
            frame = table.to_pandas()
        return from_frame(frame, target, str(path))
    wanted = _classes_among(table.column_names, pictures, target, path)
    with whole(path, _FORM):  # a name of a picture may be no text
        cells = table.column(pictures[0]).to_pylist()
        classes = table.column(wanted).to_pandas()
    named = [
        (f"row {i} of {path}", (cell or {}).get("bytes") or b"") for i, cell in enumerate(cells)
    ]
    images, told = stacked(named)
    labels = classes_of(classes, wanted, str(path))
    return Found({"x_train": images, "y_train": labels}, [f"classes: column {wanted}", *told])


def _classes_among(names: list[str], pictures: list[str], target: str | None, path: Path) -> str:
    """Return the column of the classes beside that of the pictures."""
    others = [name for name in names if name not in pictures]
    wanted = target or next((name for name in others if name.lower() in TARGETS), None)
    if len(pictures) != 1 or wanted not in others:
        raise DataError(
            f"{path} must hold one column of pictures and one of classes",
            ", ".join(names),
            "Name that of the classes with --target COLUMN",
        )
    return wanted


def _batches(file, path: Path) -> Iterator:
    """Yield the rows in pieces, and count them: what lies there once may stand in every row.

    A value is no longer than its column is in the file; so a piece is not large, whatever it holds.
    """
    about, size, most = file.metadata, 0, room()
    columns, places = range(about.num_columns), range(about.num_row_groups)
    for place in places:  # what is wrong with a column is an error here; asked below, it aborts
        next(file.iter_batches(1, [place]), None)
    groups = [about.row_group(place) for place in places]
    longest = max((g.column(c).total_uncompressed_size for g in groups for c in columns), default=0)
    for batch in file.iter_batches(max(1, min(_ROWS, _PIECE // max(longest, 1)))):
        size += batch.nbytes
        require_room(path, size, "of rows at least", most)
        yield batch
