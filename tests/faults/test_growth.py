"""Hundreds of networks in one command: memory, open files and what is left stay bounded."""

import sys
import threading
import time
from pathlib import Path

import living
import pytest
import studies
from conftest import Command
from counts import Counts

from keras_mnist.commands import home

NETWORKS = 300
WIDTHS = [word for width in range(2, NETWORKS + 1) for word in ("--width", width)]
TINY = ("--data", "digits", "--train-size", 64, "--epochs", 1, "--quiet", "--jobs", 2)
MANY = {
    f"{NETWORKS} networks in one command": (
        *("ablate", *WIDTHS, "--seeds", "0,", *TINY),
        *("--baseline", "width=600"),  # one more
    ),
    "a search of 100 trials": (
        *("search", "--trials", 100, "--seeds", 1, "--width", "2:512", *TINY),
    ),
}
# MiB and open files: by how much a driver may grow while others train. Tables and figures of
# hundreds, and the libraries that draw them, take theirs once, at the end.
MOST_MEMORY, MOST_FILES, MOST_DRAWN = 50, 16, 400


def held(pid: int) -> tuple[float, int]:
    """Return the memory of a process in MiB, and how many files it has open."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    resident = next(line for line in lines if line.startswith("VmRSS:"))
    return int(resident.split()[1]) / 1024, len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("name", MANY)
def test_what_a_command_holds_and_leaves(name, tmp_path, request):
    counts = Counts(name, request.config.getoption("--counts"))
    command = studies.in_folder(tmp_path / "here")
    first, last, drawn, most = watched(command, MANY[name], counts)
    stored = studies.records(command.folder / "runs")
    counts.add("records", len(stored))
    counts.add("MiB of the driver after its tenth record", round(first[0]))
    counts.add("MiB of the driver at its last", round(last[0]))
    counts.add("MiB of the driver at most, as it writes results", round(drawn))
    counts.add("files open in the driver after its tenth record", first[1])
    counts.add("files open in the driver at its last", last[1])
    counts.largest("largest memory of a worker in MiB", round(most))
    counts.add("left in the folder of temporary files", len(list(command.temporary.iterdir())))
    counts.add("unfinished files left", len(list(command.folder.rglob("*.partial"))))
    counts.finish()
    assert last[0] - first[0] < MOST_MEMORY and last[1] - first[1] < MOST_FILES
    assert drawn - first[0] < MOST_DRAWN


def watched(command: Command, asked: tuple, counts: Counts):
    """Run a command and return what is held.

    Returns:
        What its driver holds after ten records, and while the last worker lives; the most that it
        holds from then on, and the most of a worker, both in MiB.
    """
    name, *arguments = map(str, asked)
    process = command.start_line([sys.executable, "-m", home(name), *arguments])
    said = []  # read meanwhile: a table of hundreds fills a pipe, which its writer then waits for
    reader = threading.Thread(target=lambda: said.extend(process.communicate()))
    reader.start()
    runs, first, last, drawn, most = command.folder / "runs", None, None, 0.0, 0.0
    workers: set[int] = set()
    while reader.is_alive():
        if len(studies.records(runs)) >= 10:
            try:
                now, there = held(process.pid), living.workers(process.pid)
                for pid in there:
                    workers.add(pid)
                    most = max(most, held(pid)[0])
                last, drawn = (now, drawn) if there else (last, max(drawn, now[0]))
            except (OSError, StopIteration):  # it has just ended
                continue
            first = first or last
        time.sleep(0.2)
    reader.join()
    assert process.returncode == 0, said[1][-2000:]
    assert first and last
    counts.add("workers that were started", len(workers))
    return first, last, drawn, most
