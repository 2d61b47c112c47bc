"""Reading files that anybody may have put there: regular ones alone, and no more than is allowed.

A pipe in a file's place would be waited for for ever, and a device never ends.
"""

import json
import math
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_mnist.base.errors import DataError

DEEPEST = 100  # of lists and tables in one another in JSON: readers follow them by recursion
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # a drive is one letter
LARGEST = 2**26  # bytes of what the package writes as text: of a record, there are some thousand


def typed(text: str | os.PathLike) -> Path:
    """Return the path that a person wrote.

    A shell does not expand every `~`, and a file of variables keeps quotes and blanks.

    Raises:
        DataError: it is an address.
    """
    if os.path.exists(text):
        return Path(text)
    meant = os.fspath(text).strip(" \t\r\n'\"")
    if _ADDRESS.match(meant):
        raise DataError("a path must lead to a file of this machine", meant, "Fetch it first")
    return Path(os.path.expanduser(meant))


def regular(path: Path | str, most: int | None = None) -> Path:
    """Return the path of a regular file, for what opens it by its name.

    Args:
        path: of the file; it may be a link to one.
        most: how many bytes it may have; `None`: any number.

    Raises:
        OSError: there is none, it is something else, or it is larger.
    """
    found = os.stat(path)
    _require(found, most)
    return Path(path)


def read_bytes(path: Path | str, most: int = LARGEST) -> bytes:
    """Return a file's content; arguments and errors as in `regular`."""
    with open(path, "rb", opener=_unwaited) as file:
        _require(os.fstat(file.fileno()), most)
        content = file.read(most + 1)
    if len(content) > most:  # it grew meanwhile
        raise _too_large(len(content), most)
    return content


def read_text(path: Path | str, most: int = LARGEST) -> str:
    """Return a file's text, which is UTF-8, with or without a byte order mark before it.

    Args:
        path, most: as in `regular`.

    Raises:
        OSError: as in `regular`.
        UnicodeDecodeError: it is not UTF-8.
    """
    return read_bytes(path, most).decode("utf-8-sig")


def read_json(path: Path | str, most: int = LARGEST) -> Any:
    """Return what stands in a file of JSON.

    Args:
        path, most: as in `regular`.

    Raises:
        OSError: as in `regular`.
        ValueError: it is no JSON.
    """
    return parse_json(read_text(path, most))


def finite_number(text: str) -> float:
    """Return the number that a text names, which must be finite, or `ValueError` is raised."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]}, a number that is not finite")
    return number


def parse_json(text: str | bytes, number: Callable[[str], float] = finite_number) -> Any:
    """Return what a text of JSON says.

    Args:
        text: UTF-8, where it is bytes.
        number: makes a number of what is not a whole one. `float` lets through what JSON does not
            have: Python also reads NaN, and 1e999 as infinity.

    Raises:
        ValueError: it is none, or lists are in lists beyond all measure.
    """
    try:
        value = json.loads(text, parse_float=number, parse_constant=number)
    except RecursionError:
        raise _too_deep() from None
    if _brackets(text) > DEEPEST:  # else it need not be looked through
        _require_flat(value)
    return value


def _brackets(text: str | bytes) -> int:
    if isinstance(text, bytes):
        return text.count(b"[") + text.count(b"{")
    return text.count("[") + text.count("{")


def _require_flat(value: Any) -> None:
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, (dict, list))]:
        if (depth := depth + 1) > DEEPEST:
            raise _too_deep()
        lists = (one.values() if isinstance(one, dict) else one for one in level)
        level = [inner for one in lists for inner in one]


def _too_deep() -> ValueError:
    return ValueError(f"too deep, more than {DEEPEST} lists or tables in one another")


def _unwaited(path, flags: int) -> int:
    """Open a file; should it be a pipe that nobody writes to, at once."""
    return os.open(path, flags | os.O_NONBLOCK)


def _require(found: os.stat_result, most: int | None) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError("a folder, not a file")
    if not stat.S_ISREG(found.st_mode):
        raise OSError("no regular file")
    if most is not None and found.st_size > most:
        raise _too_large(found.st_size, most)


def _too_large(size: int, most: int) -> OSError:
    return OSError(f"{size:,} bytes, more than the {most:,} that it may have")
