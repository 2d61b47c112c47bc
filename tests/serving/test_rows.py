"""Rows of a table that is asked about: none is read further than a row may be long."""

import io

import pytest

from keras_mnist.base.errors import DataError
from keras_mnist.serving import rows
from keras_mnist.serving.rows import lines_of, read_rows

MOST = 1000


class Endless(io.RawIOBase):
    """The same bytes again and again, as a pipe may give them."""

    given = 0

    def __init__(self, text: bytes):
        self.text = text

    def readable(self):
        return True

    def readinto(self, buffer):
        if self.given > 50 * MOST:
            pytest.fail("it is read on and on")
        self.given += len(self.text)
        buffer[: len(self.text)] = self.text
        return len(self.text)


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(rows, "LONGEST", MOST)


@pytest.mark.parametrize("text", [b"x", b"1,", b'"', b'"a\n",'])
def test_a_row_without_end_is_refused(text):
    stream = io.TextIOWrapper(Endless(text), "utf-8", newline="")
    with pytest.raises(DataError, match=r"a row of it must have at most 1,000 letters"):
        list(read_rows(lines_of(stream), "it", 2, "float32"))


def test_a_long_row_is_named():
    text = "1,2\n" * MOST + "1," + "2" * MOST + "\n"
    found = read_rows(lines_of(io.StringIO(text)), "it", 2, "float32")
    assert [next(found).tolist() for _ in range(MOST)] == [[1, 2]] * MOST
    with pytest.raises(DataError, match=r"a row of it must have at most 1,000 letters"):
        next(found)


def test_lines_are_those_of_the_stream():
    text = "a,b\r\n1,2\n\n" + "3," + "4" * (MOST - 10)
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")
    assert "".join(lines_of(stream)) == text
