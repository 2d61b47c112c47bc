"""Streams that were closed or full before a command began."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

LINE = [sys.executable, "-m", "keras_mnist"]
PLAN = ("ablate", "--no-relu", "--plan", "--data", "digits")


def ended(folder, shell: str, *words: str):
    """Run a line whose streams a shell closes or fills."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = ["sh", "-c", f'exec "$@" {shell}', "sh", *LINE, *words]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True)


def test_errors_that_nobody_hears_are_printed_nowhere_else(tmp_path):
    """What is opened next has not their number: it was the network, which was called damaged."""
    done = ended(tmp_path, "2>&-", "predict", "none.png")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "shell, words, code",
    [
        (">&-", ("table", "--runs", str(ROOT / "results" / "bits")), 0),
        (">&- 2>&- <&-", PLAN, 0),
        ("2>/dev/full", ("ablat",), 2),
    ],
)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_no_traceback_where_nothing_can_be_printed(tmp_path, shell, words, code):
    done = ended(tmp_path, shell, *words)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
