"""Rows of a table to be asked about, one after another: each is an example, or says why not."""

import csv
import math
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TextIO

import numpy as np

from keras_mnist.base.errors import DataError, shown
from keras_mnist.data.found import column_names

_TRUTH = {"true": 1.0, "false": 0.0}
LONGEST = 2**23  # letters of a row
_SEPARATORS = ",\t;"
_LIMITS = {"uint8": (0, 255), "int32": (-(2**31), 2**31 - 1)}  # of whole numbers


def lines_of(stream: TextIO) -> Iterator[str]:
    """Yield the lines of a stream, one without end no further than a row may be long, and more."""
    while line := stream.readline(LONGEST + 1):
        yield line


def read_rows(
    lines: Iterable[str], name: str, count: int, dtype: str, columns: tuple[str, ...] = ()
) -> Iterator[np.ndarray | DataError]:
    """Yield the rows of a table of text.

    The first line may name the columns. Where those of the network are known, they are found by
    their names, and others are left out, as that of the classes in the table it was trained on;
    else they are taken in order.

    Args:
        lines: of the file, as `lines_of` yields them; fields are separated by commas, tabs or
            semicolons.
        name: what messages call it.
        count: columns that the network takes.
        dtype: of its examples.
        columns: their names, if they are known.

    Yields:
        dtype (count,) of each row, or what is wrong with it.

    Raises:
        DataError: the names of the columns are others, or nothing can be read.
    """
    fields = _fields(iter(lines), name)
    number = 0
    order, headed, width = _places(columns), False, count
    names: list[str] = list(columns) or [str(place + 1) for place in range(count)]
    for first, row in enumerate(fields):
        if not first and _names_columns(row, columns):
            order, headed = _order(row, name, columns), True
            names, width = names if order else row, len(row)
            continue
        number += 1
        if headed and len(row) > width:
            yield DataError(
                f"row {number} of {name} must have the {width} columns of the first line",
                len(row),
                "Leave out the column of the classes, if that is one, and quote commas in a field",
            )
            continue
        ordered = order if headed or len(row) > count else None
        yield _example(row, f"row {number} of {name}", ordered, names, count, dtype)
    if not number:
        raise DataError(f"{name} must hold a row for each example", "none")


def _fields(lines: Iterator[str], name: str) -> Iterator[list[str]]:
    letters = 0

    def counted(line: str) -> str:
        nonlocal letters
        if (letters := letters + len(line)) > LONGEST:
            raise DataError(
                f"a row of {name} must have at most {LONGEST:,} letters", "more", "Save it as CSV"
            )
        return line

    try:
        first = next((line for line in lines if line.strip()), "").removeprefix("\ufeff")
        separator = max(_SEPARATORS, key=first.count)
        for row in csv.reader(map(counted, chain([first], lines)), delimiter=separator):
            letters = 0
            if row:
                yield row
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(
            f"{name} must be a table of text in UTF-8", error, "Save it as CSV"
        ) from None


def _names_columns(row: list[str], columns: tuple[str, ...]) -> bool:
    """Return whether a first line is one of names, some of which may be numbers, such as years."""
    numbers = [_number(field) is not None for field in row]
    named = column_names(row)
    return (
        not any(numbers)
        or bool(columns and {*columns} <= {*named})
        or any(not number and name in columns for number, name in zip(numbers, named, strict=True))
    )


def _places(columns: tuple[str, ...]) -> list[int] | None:
    """Return where the columns stood in a table without names, whose columns are numbered."""
    return list(map(int, columns)) if columns and all(map(str.isdecimal, columns)) else None


def _order(fields: list[str], name: str, columns: tuple[str, ...]) -> list[int] | None:
    """Return where the network's columns stand in a line of names; `None`: they are not known."""
    row = column_names(fields)
    if not columns:
        return None
    missing = [column for column in columns if column not in row]
    if missing:
        raise DataError(
            f"{name} must have the columns that the network takes: "
            + ", ".join(shown(column, 40) for column in columns[:12]),
            f"none called {', '.join(shown(column, 40) for column in missing[:6])}",
            "Name them so in the first line, or leave that line out to give them in this order",
        )
    return [row.index(column) for column in columns]


def _example(row, whose: str, order, names: list[str], count: int, dtype: str):
    if order and len(row) > max(order):
        row = [row[place] for place in order]
    if len(row) != count:
        return DataError(
            f"{whose} must have {count} columns, those that the network takes",
            len(row),
            "Leave out the column of the classes, if that is one" if len(row) > count else "",
        )
    values = np.empty(count, np.float64)
    for place, field in enumerate(row):
        value = _number(field)
        if value is None or not _fits(value, dtype):
            column = names[place] if place < len(names) else str(place + 1)
            return DataError(
                f"column {shown(column, 40)} in {whose} must be {_wanted(dtype)}",
                repr(shown(field, 40)),
            )
        values[place] = value
    return values.astype(dtype)


def _number(field: str) -> float | None:
    truth = field.strip().lower()
    if truth in _TRUTH:  # as pandas takes them
        return _TRUTH[truth]
    try:
        return None if "_" in field else float(field)
    except ValueError:
        return None


def _fits(value: float, dtype: str) -> bool:
    if dtype not in _LIMITS:
        return abs(value) <= float(np.finfo(np.float32).max)  # not a number is not
    low, high = _LIMITS[dtype]
    return math.isfinite(value) and value == int(value) and low <= value <= high


def _wanted(dtype: str) -> str:
    if dtype not in _LIMITS:
        return "a finite number"
    low, high = _LIMITS[dtype]
    return f"a whole number from {low} to {high}"
