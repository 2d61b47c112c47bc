"""The readers under bad input: no exception but the package's own, and memory bounded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from counts import Counts
from fuzz import TARGETS, Trial, by_changes, target_named

from keras_mnist.base import extras

SLOWEST = 20  # seconds of processor time for one input
FEW = 40  # inputs of each in the suite
BY_SEARCH = ("idx", "npz", "record", "claim", "document")  # whose inputs were found so, too
EXTRAS = {"parquet": ("parquet", "pyarrow")}  # what a target takes beside what the package does


def require_installed(name: str) -> None:
    extra, module = EXTRAS.get(name, ("", "keras_mnist"))
    if not extras.installed(module):
        pytest.skip(f"{module} is not installed: {extras.remedy(extra, module)}")


def fuzz(reader: str, engine: str, inputs: int, seed: int) -> dict:
    """Run the fuzzer in a process of its own and return its counts."""
    script = Path(__file__).with_name("fuzz.py")
    line = [sys.executable, str(script), reader, "--engine", engine]
    line += ["--inputs", str(inputs), "--seed", str(seed)]
    done = subprocess.run(line, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stderr[-4000:]
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["inputs"] >= inputs
    assert counts["accepted"] > 0 and counts["refused"] > 0, "a fuzzer that never gets in"
    assert counts["largest processor time in s"] < SLOWEST
    assert counts["largest growth of memory in MiB"] <= target_named(reader).most_memory
    return counts


@pytest.mark.parametrize("reader", BY_SEARCH)
def test_a_hundred_inputs(reader):
    print(fuzz(reader, "hypothesis", 100, seed=0))


@pytest.mark.parametrize("reader", TARGETS)
def test_a_few_changed_files(reader, tmp_path, monkeypatch):
    """In this process, which has loaded what readers load."""
    require_installed(reader)
    monkeypatch.chdir(tmp_path)
    target = target_named(reader)(tmp_path / "files")
    trial = Trial(target)
    by_changes(trial, target, FEW, seed=1)
    assert trial.counts["inputs"] == FEW and trial.counts["refused"] > 0


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("engine", ["changes", "hypothesis", "atheris"])
@pytest.mark.parametrize("reader", TARGETS)
def test_many_inputs(reader, engine, request):
    if engine != "changes" and reader not in BY_SEARCH:
        pytest.skip("by changes alone")
    if engine != "changes" and not extras.installed(engine):
        pytest.skip(f"{engine} is not installed: {extras.remedy('fuzz', engine)}")
    require_installed(reader)
    option = request.config.getoption
    counts = Counts(f"{reader} reader, inputs by {engine}", option("--counts"))
    found = fuzz(reader, engine, option("--inputs"), option("--fault-seed"))
    for name, number in found.items():
        (counts.largest if name.startswith("largest") else counts.add)(name, number)
    counts.finish()
