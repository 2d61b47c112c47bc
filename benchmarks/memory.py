"""How much 100 runs in one worker add to its memory: the same experiment, then 100 different.

What counts is resident memory while runs are trained. A worker that has grown too much is
replaced (keras_mnist/execution/worker.py); the number of processes says how often.
"""

import argparse
import json
import multiprocessing
import sys
import time
from concurrent.futures import wait
from pathlib import Path

from keras_mnist.data import find_data
from keras_mnist.experiment import Experiment
from keras_mnist.runs.executors.local import LocalExecutor
from keras_mnist.runs.executors.task import prepare, train_here

LIMIT = 100.0  # MiB
EVERY = 0.005  # seconds between samples
FIRST_WIDTH = 32


def resident(pid: int) -> float:
    """Return a process's resident memory in MiB; 0 if it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def watch(future) -> tuple[float, set[int]]:
    """Return the most MiB that all workers held at one time until `future` is done; their ids."""
    most, seen = 0.0, set()
    while not future.done():
        pids = [process.pid for process in multiprocessing.active_children()]
        most, seen = max(most, sum(map(resident, pids))), seen | set(pids)
        wait([future], timeout=EVERY)
    return most, seen


def measure(runs: list[tuple]) -> tuple[list[float], set[int]]:
    """Train (experiment, seed) pairs one after another; return each one's MiB and all ids."""
    executor = LocalExecutor(1, prepare, (find_data("digits"),), lambda args, event: None)
    peaks, processes = [], set()
    with executor:
        for run in runs:
            future = executor.submit(train_here, *run)
            most, pids = watch(future)
            if not future.result().completed:
                raise SystemExit(f"a run must be completed. Received: {future.result().reason}.")
            peaks.append(most)
            processes |= pids
    return peaks, processes


def main() -> int:
    """Measure both, print, and return 1 if memory grew beyond the limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100, metavar="N", help="default %(default)s")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every run's memory")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    one = Experiment().change(epochs=1)
    widths = range(FIRST_WIDTH, FIRST_WIDTH + options.runs)
    cases = {
        "seeds of one experiment": [(one, seed) for seed in range(options.runs)],
        "different experiments": [(one.change(width=width), 0) for width in widths],
    }
    raw, within = {}, True
    for name, runs in cases.items():
        begin = time.perf_counter()
        peaks, processes = measure(runs)
        growth = max(peaks) - peaks[0]
        within &= growth < LIMIT
        raw[name] = {"mib": peaks, "processes": len(processes)}
        print(
            f"{len(runs)} {name}: first {peaks[0]:.0f} MiB, last {peaks[-1]:.0f}, largest "
            f"{max(peaks):.0f}, growth {growth:.0f}; {len(processes)} processes, "
            f"{time.perf_counter() - begin:.0f} s"
        )
    print(f"growth, largest minus first, {'is' if within else 'IS NOT'} below {LIMIT:.0f} MiB")
    if options.json:
        options.json.write_text(json.dumps(raw, indent=1))
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
