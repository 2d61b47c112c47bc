"""What becomes of results when nobody takes the output: all is written before it is printed."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

from keras_mnist.base.errors import StoreError
from keras_mnist.base.files import write_whole

JSON = ("--json", "all.json")
SMALL = ("--data", "digits", "--train-size", "64", "--epochs", "1", "--seeds", "2", "--width", "8")
COMMANDS = {
    "ablate": ("--no-relu", *SMALL, "--quiet", *JSON),
    "report": ("conv1x1_report", "--runs", str(ROOT / "results/runs"), *JSON),
    "compare": ("rows.csv", "--by", "v", "--metric", "m", "--out", "made", *JSON),
}
ROWS = "v,m\nbaseline,1\nbaseline,2\nbaseline,4\nother,5\nother,7\nother,6\n"


def started(command: str, folder, stdout) -> subprocess.Popen:
    (folder / "rows.csv").write_text(ROWS)
    line = [sys.executable, "-m", f"keras_mnist.{command}", *COMMANDS[command]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        line, cwd=folder, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_leaves_costs_no_result(command, tmp_path):
    running = started(command, tmp_path, subprocess.PIPE)
    running.stdout.close()
    _, told = running.communicate(timeout=120)
    assert (running.returncode, (tmp_path / "all.json").is_file()) == (0, True)
    assert list(tmp_path.rglob("*.md")) and list(tmp_path.rglob("*.png"))
    assert "Traceback" not in told and "Exception" not in told


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("command", ["report", "compare"])
def test_a_full_output_is_told_and_costs_no_result(command, tmp_path):
    with open("/dev/full", "w") as full:
        running = started(command, tmp_path, full)
        _, told = running.communicate(timeout=120)
    assert running.returncode == 2 and (tmp_path / "all.json").is_file()
    assert "error: the output must have somewhere to go: No space left on device" in told
    assert "Traceback" not in told and "Exception" not in told


@pytest.mark.parametrize("line", [["-h"], ["--version"], ["ablate", "--help"]])
def test_what_the_command_says_of_itself_may_go_nowhere(line, tmp_path):
    command = [sys.executable, "-m", "keras_mnist", *line]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2 and done.stderr.startswith("error: the output must have somewhere")


def test_a_pipe_is_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreError, match=r"must be written.*no file"):
        write_whole(tmp_path / "pipe", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
