"""The readers under bad input: no exception but the package's own, and memory bounded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from counts import Counts

from keras_mnist.base import extras

MOST_MEMORY = 128  # MiB, the fuzzer's own included
READERS = ("idx", "npz", "record", "claim", "document")


def fuzz(reader: str, engine: str, inputs: int, seed: int) -> dict:
    """Run the fuzzer in a process of its own and return its counts."""
    script = Path(__file__).with_name("fuzz.py")
    line = [sys.executable, str(script), reader, "--engine", engine]
    line += ["--inputs", str(inputs), "--seed", str(seed)]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["inputs"] >= inputs
    assert counts["accepted"] > 0 and counts["refused"] > 0, "a fuzzer that never gets in"
    assert counts["largest growth of memory in MiB"] <= MOST_MEMORY
    return counts


@pytest.mark.parametrize("reader", READERS)
def test_a_hundred_inputs(reader):
    print(fuzz(reader, "hypothesis", 100, seed=0))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine", ["hypothesis", "atheris"])
@pytest.mark.parametrize("reader", READERS)
def test_many_inputs(reader, engine, request):
    if not extras.installed(engine):
        pytest.skip(f"{engine} is not installed: {extras.remedy('fuzz', engine)}")
    option = request.config.getoption
    counts = Counts(f"{reader} reader, inputs by {engine}", option("--counts"))
    found = fuzz(reader, engine, option("--inputs"), option("--fault-seed"))
    for name, number in found.items():
        (counts.largest if name.startswith("largest") else counts.add)(name, number)
    counts.finish()
