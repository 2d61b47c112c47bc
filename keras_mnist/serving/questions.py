"""What a person asks a network about, as the examples that it takes: pictures, rows, arrays."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.base.reading import regular
from keras_mnist.reporting import wording
from keras_mnist.serving import images
from keras_mnist.serving.arrays import read_array
from keras_mnist.serving.formats import shows_digits
from keras_mnist.serving.rows import lines_of, read_rows

_ARRAYS, _TABLES = (".npy", ".npz"), (".csv", ".tsv", ".txt")
_INPUT = "standard input"


class Question(NamedTuple):
    """An example with where it is from, or what is wrong with it.

    Attributes:
        text: what a person calls it: a picture's path, `row 3 of rows.csv`.
        place: the same as data: `image`, or `file` with its `row` or `example`.
        examples: as the network takes it, (n, *shape); of a picture with several digits, each in
            the order in which they are read; else one.
        error: what is wrong with it.
    """

    text: str
    place: dict[str, Any]
    examples: Any
    error: DataError | None = None


class Questions:
    """What a network can be asked, and how it is brought to the network's form.

    Args:
        classifier: that is asked.
        card: of it, if there is one: what its examples show, its columns.
        as_is: whether pictures must have the size that it takes, and are not changed.
    """

    def __init__(self, classifier, card=None, as_is: bool = False):
        self.shape, self.dtype, self._as_is = classifier.shape, classifier.dtype, as_is
        data = card.record.data if card else {}
        self._columns = card.columns if card else ()
        self.digits = shows_digits(self.shape, classifier.classes, data)
        self.pictures = self.dtype == "uint8" and (
            len(self.shape) == 2 or (len(self.shape) == 3 and self.shape[2] <= 4)
        )

    def told(self, paths: list[str]) -> Iterator[str]:
        """Yield what to know before these are asked about: what happens to them, what is not."""
        if not self.pictures:
            return
        if not self.digits and not self._as_is:
            height, width, *channels = self.shape
            kinds = {(3,): " in colours", (4,): " in colours with opacity"}
            colours, size = kinds.get(tuple(channels), ""), f"{width} x {height}"
            yield f"pictures are taken{colours} at {size}, resized where they are of another size"
        for path in paths:
            if inner := images.folders_within(path):
                folders = wording.count(inner, "folder")
                yield f"not searched: {folders} within {path}; name each, too"

    def of(self, paths: list[str]) -> Iterator[Question]:
        """Yield what is to be asked, in order; a bad one does not keep others from being asked.

        Raises:
            DataError: the network does not take what a path names, or there is none.
        """
        for path in paths:
            self._require_taken(path)
        for path in paths:
            suffix = Path(path).suffix.lower()
            if suffix in _ARRAYS:
                place = {"file": path}
                found = read_array(Path(path), self.shape, self.dtype)
                yield from _numbered(place, "example", found, 0)
            elif len(self.shape) == 1:
                yield from _numbered({"file": _name(path)}, "row", self._rows(path), 1)
            else:
                yield from self._pictures(path)

    def _require_taken(self, path: str) -> None:
        """Check that the network takes what a path names."""
        suffix = Path(path).suffix.lower()
        if suffix in _ARRAYS or (self.pictures and suffix not in _TABLES):
            if suffix not in _ARRAYS and path != "-":
                next(images.find_images([path]))
            return
        if len(self.shape) == 1 and (suffix in _TABLES or path == "-"):
            return
        shape = ", ".join(map(str, self.shape))
        ways = [f"a .npy or .npz file of {self.dtype} (n, {shape})"]
        if self.pictures:
            ways.insert(0, "pictures")
        elif len(self.shape) == 1:
            ways.insert(0, f"a .csv file of {shape} columns")
        raise DataError(f"this network must be asked about {' or '.join(ways)}", path)

    def _rows(self, path: str):
        count, name = self.shape[0], _name(path)
        try:
            raw = sys.stdin.buffer if path == "-" else open(regular(path), "rb")  # noqa: SIM115
        except OSError as error:
            raise DataError(f"{name} must be a readable file", error.strerror or error) from None
        with raw, io.TextIOWrapper(raw, "utf-8", newline="") as lines:
            yield from read_rows(lines_of(lines), name, count, self.dtype, self._columns)

    def _pictures(self, path: str) -> Iterator[Question]:
        stream = [(_INPUT, _piped())] if path == "-" else images.find_images([path])
        for name, source in stream:
            try:
                yield Question(name, {"image": name}, self._seen(source, name))
            except DataError as error:
                yield Question(name, {"image": name}, None, error)

    def _seen(self, source, name: str) -> np.ndarray:
        if not self.digits:
            return images.read_as(source, name, self.shape, self._as_is)[None]
        grey = images.read_image(source, name)
        return images.as_is(grey, name)[None] if self._as_is else images.to_mnist_forms(grey, name)


def _piped() -> bytes:
    """Return the picture on standard input.

    Raises:
        DataError: it is larger than any that is read.
    """
    content = sys.stdin.buffer.read(images.LARGEST_FILE + 1)
    if len(content) > images.LARGEST_FILE:
        most = images.LARGEST_FILE // 2**20
        raise DataError(f"{_INPUT} must be a picture of at most {most} MiB", "more", "")
    return content


def _name(path: str) -> str:
    return _INPUT if path == "-" else path


def _numbered(place: dict, kind: str, found, first: int) -> Iterator[Question]:
    """Yield what is in a file one after another; what is wrong with all of it, as one error."""
    number = first - 1
    try:
        for number, one in enumerate(found, first):
            text = f"{kind} {number} of {place['file']}"
            whole, bad = (None, one) if isinstance(one, DataError) else (one[None], None)
            yield Question(text, {**place, kind: number}, whole, bad)
    except DataError as error:
        yield Question(place["file"], place, None, error)
