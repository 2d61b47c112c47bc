import shutil

import pytest

from keras_mnist.base.files import unfinished, write_whole


def test_a_signal_while_the_way_is_cleared_leaves_nothing(tmp_path, monkeypatch):
    """The file is there by then; what ends the command comes while its folder is removed."""
    remove, calls = shutil.rmtree, []

    def interrupted(folder, **options):
        calls.append(folder)
        if len(calls) == 1:
            raise KeyboardInterrupt
        remove(folder, **options)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    path = tmp_path / "record.json"
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "whole")
    assert path.read_text() == "whole"
    assert not unfinished(path).exists() and calls == [unfinished(path)] * 2
