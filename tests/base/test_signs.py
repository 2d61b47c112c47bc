import io
import sys

import pytest

from keras_mnist.command import guarded

TEXT = "97.97 ± 0.05 – 3 × 3, Glück, 数, −0.2, \ud800"


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("ascii", "97.97 +- 0.05 - 3 x 3, Gluck, ?, -0.2, ?"),
        ("latin-1", "97.97 ± 0.05 - 3 × 3, Glück, ?, -0.2, ?"),
        ("utf-8", TEXT.replace("\ud800", "?")),
    ],
)
@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_any_text_can_be_written(name, encoding, written, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, name, stream)

    def command(arguments):
        print(TEXT, file=getattr(sys, name))
        return 0

    assert guarded(command, []) == 0
    stream.flush()
    assert stream.buffer.getvalue().decode(encoding).strip() == written
