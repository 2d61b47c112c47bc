"""Tables: a row an example, a column a number of it, and one column its class."""

import functools
import io
import re
from pathlib import Path

import numpy as np

from keras_mnist.base.errors import DataError, nearest, shown
from keras_mnist.data.found import Found, column_names
from keras_mnist.data.memory import require_room
from keras_mnist.data.stream import read_all, start_of, whole
from keras_mnist.data.texts import remedy_for_text, text_array

TARGETS = ("label", "labels", "target", "class", "y")  # taken for the classes where none is named
_SEPARATORS = ",\t;"
_LINE_ENDS = (b"\n", b"\r")
_START = 2**16  # bytes that tell how long a field is
_NUMBER = 8  # bytes of one in a frame
_SIDE = 28  # of images whose columns have no names
_PIXEL = re.compile(r"pixel_?(\d+)|\d+x\d+", re.IGNORECASE)


class ClassesUnknown(DataError):
    """A table of which it is not known what column holds the classes."""


def read_csv(path: Path, target: str | None) -> Found:
    """Read a table of text, with or without a line of column names.

    Args:
        path: of the file: fields separated by commas, tabs or semicolons.
        target: the column of the classes: its name or, where there are none, its number from 0.

    Raises:
        DataError: it is no such table.
    """
    import pandas

    _require_room(path, start_of(path, _START), path.stat().st_size)
    content = read_all(path)
    _require_room(path, content, len(content))  # of a packed one it is known now
    _require_frame(path, content)
    with whole(path, "a table of text in UTF-8", "Save it as CSV in UTF-8"):
        first = content.split(b"\n", 1)[0].decode("utf-8-sig").strip()
        separator = separator_of(first)
        fields = [field.strip().strip('"') for field in first.split(separator)]
        read = functools.partial(
            pandas.read_csv, sep=separator, encoding="utf-8-sig", low_memory=False
        )
        # Numbers from 0 on are names: those that pandas gives to columns without any.
        numbered = fields == [str(place) for place in range(len(fields))]
        bare = all(map(_is_number, fields)) and not numbered
        frame = read(io.BytesIO(content), header=None if bare else "infer")
        if not bare and _is_row(fields, frame):
            frame = read(io.BytesIO(content), header=None)
        if not isinstance(frame.index, pandas.RangeIndex):
            raise ValueError(f"rows of more fields than the first line's {len(fields)}")
    frame.columns = list(column_names(frame.columns))
    return from_frame(frame, target, str(path))


def _is_row(fields: list[str], frame) -> bool:
    """Return whether a first line is a row and no names: numbers, and texts that come again."""
    texts = {place: field for place, field in enumerate(fields) if not _is_number(field)}
    if not 0 < len(texts) < len(fields) == len(frame.columns):
        return False
    columns = ((frame.iloc[:, place].astype(str), field) for place, field in texts.items())
    return all((column.str.strip() == field).any() for column, field in columns)


def separator_of(line: str) -> str:
    """Return what separates the fields of a line: a comma, a tab or a semicolon."""
    return max(_SEPARATORS, key=line.count)


def _require_room(path: Path, start: bytes, size: int) -> None:
    """Check that a table has room as text and as the numbers that it holds.

    Args:
        path: of the file.
        start: of its text.
        size: of all of it, in bytes.
    """
    fields = 1 + max(start.count(mark.encode()) for mark in _SEPARATORS) + start.count(b"\n")
    numbers = _NUMBER * size * fields // max(len(start), 1)
    require_room(path, size + numbers, "as text and as numbers")


def _require_frame(path: Path, content: bytes) -> None:
    """Check that there is room for as many columns in every row as there are in the first.

    Fields that are left out take as much of a frame as those that are there.
    """
    place = found.start() if (found := re.search(rb"\S", content)) else 0
    begin = 1 + max(content.rfind(end, 0, place) for end in _LINE_ENDS)
    ends = [stop for end in _LINE_ENDS if (stop := content.find(end, place)) > 0]
    first = content[begin : min(ends, default=len(content))]
    columns = 1 + max(first.count(mark.encode()) for mark in _SEPARATORS)
    rows = 1 + max(content.count(end) for end in _LINE_ENDS)
    require_room(path, _NUMBER * columns * rows, f"as {rows:,} lines of {columns:,} columns")


def from_frame(frame, target: str | None, origin: str) -> Found:
    """Return the examples and classes of a pandas frame.

    Args:
        frame: a row an example.
        target: the column of the classes; `None`: that called `label` or the like.
        origin: whose it is, for messages.

    Raises:
        DataError: there is no such column, or others hold no numbers.
    """
    names = list(column_names(frame.columns))
    column = names.index(_target(names, target, origin))
    labels, inputs = frame.iloc[:, column], frame.iloc[:, [i != column for i in range(len(names))]]
    told = [f"classes: column {shown(names[column], 40)}"]
    names.pop(column)
    numbered = bool(names) and names[0].startswith("Unnamed")
    if numbered and (inputs.iloc[:, 0] == np.arange(len(inputs))).all():
        inputs, names = inputs.iloc[:, 1:], names[1:]
        told.append("the column of row numbers is left out")
    if not len(frame) or not len(inputs.columns):
        raise DataError(
            f"{origin} must hold a row for each example, with columns beside the classes",
            f"rows: {len(frame)}, columns beside the classes: {len(inputs.columns)}",
        )
    y = classes_of(labels, frame.columns[column], origin)
    x = _numbers(inputs, origin, told)
    return Found({"x_train": x, "y_train": y}, told, tuple(names) if x.ndim == 2 else ())


def classes_of(labels, column, origin: str) -> np.ndarray:
    """Return the classes in a pandas column, numbers or texts.

    Args:
        labels: the column.
        column: its name.
        origin: whose it is, for messages.

    Raises:
        DataError: a row has none, or one that is too long for a name.
    """
    if labels.isna().any():
        raise DataError(
            f"column {shown(column, 40)} of {origin} must name a class in every row",
            f"{int(labels.isna().sum()):,} of {len(labels):,} without one",
            "Leave them out: frame.dropna(subset=[...])",
        )
    if labels.dtype.kind in "biuf":
        return labels.to_numpy()
    return text_array(labels.astype(str), f"the classes in column {shown(column, 40)} of {origin}")


def _target(names: list[str], target: str | None, origin: str) -> str:
    if target is not None:
        if target not in names:
            raise ClassesUnknown(
                f"--target must be a column of {origin}",
                shown(target),
                nearest(target, names),
            )
        return target
    found = [name for name in names if name.lower() in TARGETS]
    if len(found) != 1:
        raise ClassesUnknown(
            f"{origin} must say which of its columns holds the classes",
            ", ".join(shown(name, 40) for name in names[:12])
            + (", ..." if len(names) > 12 else ""),
            "Name it with --target COLUMN",
        )
    return found[0]


def _numbers(inputs, origin: str, told: list[str]) -> np.ndarray:
    """Return the columns beside the classes as an array; of pixels, as images."""
    texts = [str(n) for n, kind in inputs.dtypes.items() if kind.kind not in "biuf"]
    if texts:
        raise DataError(
            f"the columns of {origin} beside the classes must be numbers",
            f"texts in {', '.join(shown(name, 40) for name in texts[:6])}",
            remedy_for_text(str(inputs[texts[0]].dropna().iloc[0])),
        )
    empty = inputs.isna()
    if empty.to_numpy().any():
        columns = [str(name) for name in inputs.columns[empty.any()]]
        raise DataError(
            f"{origin} must have a number in every field",
            f"{int(empty.any(axis=1).sum()):,} of {len(inputs):,} rows without, in "
            + ", ".join(shown(name, 40) for name in columns[:6]),
            "Leave them out or fill them: frame.dropna() or frame.fillna(...)",
        )
    side = round(len(inputs.columns) ** 0.5)
    values = inputs.to_numpy()
    names = [str(name) for name in inputs.columns]
    pixels = (side**2 == len(names) and all(map(_PIXEL.fullmatch, names))) or (
        side == _SIDE and len(names) == side**2 and all(map(str.isdigit, names))
    )
    if pixels and values.dtype.kind in "iu" and values.min() >= 0 and values.max() <= 255:
        told.append(f"{side**2} columns of pixels taken as images of {side} x {side}")
        return values.astype(np.uint8).reshape(-1, side, side)
    return values.astype(np.float64)  # float32 is made where it is known what that rounds


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True
