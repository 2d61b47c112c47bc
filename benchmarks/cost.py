"""Whether the cost model holds: what a plan says of a study's time, and what the study takes.

Twice the same study of two networks on MNIST: from an empty store, where the plan knows no more
than round numbers of one core, then with more seeds, where it has learnt from the finished runs.
Beside it the plain formula, runs x seconds / workers, with the seconds that the records say.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from keras_mnist.runs import Store
from keras_mnist.runs.executors.local import checked_jobs

_UNITS = {"s": 1, "min": 60, "h": 3600}


def planned(line: list[str]) -> float:
    """Return the seconds that the command's `--plan` says."""
    said = subprocess.run([*line, "--plan"], check=True, capture_output=True, text=True).stderr
    spans = re.search(r"^time: about (.+) with", said, re.MULTILINE)[1]
    return sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+) (s|min|h)\b", spans))


def taken(line: list[str]) -> float:
    """Run the command and return the seconds that it took."""
    begin = time.perf_counter()
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    """Carry the study out twice and print estimate, formula and truth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=2, metavar="N", help="default %(default)s")
    parser.add_argument("--seeds", type=int, default=2, metavar="N", help="of the first study")
    parser.add_argument("--jobs", type=int, metavar="N", help="default: usable cores")
    options = parser.parse_args()
    if min(options.epochs, options.seeds) < 1:
        parser.error("--epochs and --seeds must be at least 1")
    jobs, load = checked_jobs(options.jobs), os.getloadavg()[0]
    study = ["--no-relu", "--data", "mnist", "--epochs", str(options.epochs), "--jobs", str(jobs)]
    with tempfile.TemporaryDirectory() as folder:
        where = ["--runs", f"{folder}/runs", "--out", f"{folder}/out"]
        stored = 0
        for seeds in (options.seeds, 3 * options.seeds):
            line = [sys.executable, "-m", "keras_mnist.ablate", *study, *where]
            line += ["--seeds", str(seeds)]
            plan, took = planned(line), taken(line)
            records = sorted(Store(Path(folder) / "runs").records(), key=lambda r: r.created)
            new = records[stored:]
            seconds = sum(record.seconds for record in new)
            print(
                f"{len(new)} runs, {stored} stored before: planned {plan:.0f} s; "
                f"{len(new)} runs x {seconds / len(new):.2f} s / {jobs} workers = "
                f"{seconds / jobs:.1f} s; took {took:.1f} s; planned / took {plan / took:.2f}"
            )
            stored = len(records)
    print(
        f"{options.epochs} epochs of the MLP, with and without ReLU; {jobs} workers; "
        f"Python {platform.python_version()}; load before: {load:.1f}"
    )


if __name__ == "__main__":
    main()
