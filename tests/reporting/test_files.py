"""Figures drawn by several processes are the files that one would write."""

import os
import subprocess
import sys

import pytest

from keras_mnist.base.errors import StoreError
from keras_mnist.reporting import files
from keras_mnist.reporting.figures import new_figure

SCRIPT = """
import os, sys
from pathlib import Path
from keras_mnist.reporting import files
from keras_mnist.reporting.figures import new_figure

def figure(number):
    made = new_figure((3, 2))
    made.subplots().plot([0, number, 1])
    return made

writers, write = set(), files._write
def told(figure, path):
    write(figure, path)
    Path(path.name + ".pid").write_text(str(os.getpid()))
files._write = told
paths = files.save({f"f{n}": figure(n) for n in range(3)}, Path(sys.argv[1]))
print(len(paths), os.getpid())
"""


def written(folder, cores):
    line = ["taskset", "-c", cores, sys.executable, "-c", SCRIPT, "out"]
    folder.mkdir()
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    count, main = done.stdout.split()
    assert count == "6"
    writers = {path.read_text() for path in folder.glob("*.pid")}
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}, writers, main


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core")
def test_several_processes_write_what_one_writes(tmp_path):
    first, second, *_ = sorted(os.sched_getaffinity(0))
    alone, by, main = written(tmp_path / "one", f"{first}")
    assert by == {main} and len(alone) == 6
    together, by, main = written(tmp_path / "two", f"{first},{second}")
    assert main not in by
    assert together == alone


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="must be writable"):
        files.save({"f": new_figure((2, 2))}, tmp_path / "file" / "out")


KILLED = """
import os, signal
from pathlib import Path
from keras_mnist.reporting import files
from keras_mnist.reporting.figures import new_figure

main, write = os.getpid(), files._write
def dying(figure, path):
    if os.getpid() != main:
        os.kill(os.getpid(), signal.SIGKILL)
    write(figure, path)
files._write = dying
print(len(files.save({f"f{n}": new_figure((2, 2)) for n in range(3)}, Path("out"))))
"""


def test_what_a_killed_process_left_is_drawn_by_the_first(tmp_path):
    line = [sys.executable, "-c", KILLED]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "6"), done.stderr
    assert all(path.stat().st_size for path in (tmp_path / "out").iterdir())
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_a_process_that_may_have_no_children_draws_by_itself(monkeypatch):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    daemon = type("P", (), {"daemon": True})()
    monkeypatch.setattr(files.multiprocessing, "current_process", lambda: daemon)
    assert not files._may_fork()
