"""What the driver, the plan, the store and the report cost with up to 100,000 runs.

No network is trained: in place of the workers, an executor in the driver's own process returns a
stored record of the same experiment with its numbers shaken, so what is measured is this package
without TensorFlow. Records are synced one by one, as ever. Each part runs in a fresh process, on
the store that the parts before it left, and says the most memory that it held.

The study has ten experiments of the ablation of file 001, the runs being its seeds; `report` also
judges that document's claims by all of them.
"""

import argparse
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, Future
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from keras_mnist import report
from keras_mnist.data import Dataset, find_data
from keras_mnist.execution.plan import make_plan
from keras_mnist.execution.run_all import run_all
from keras_mnist.published import chosen
from keras_mnist.reporting.outputs import present
from keras_mnist.reporting.progress import progress_for
from keras_mnist.results import Store
from keras_mnist.study import Study
from keras_mnist.workbench import carry_out

EXPERIMENTS = 10
TEMPLATES = Path(__file__).parents[1] / "results" / "runs"


class InProcess(Executor):
    """Does each task when it is submitted."""

    def __init__(self, jobs, initializer, initargs, on_event):
        self._on_event = on_event

    def submit(self, function, /, *args) -> Future:
        """Return a future that is done."""
        self._on_event(args, None)
        future = Future()
        future.set_result(function(*args))
        return future


@cache
def mnist() -> Dataset:
    """Return the data, read once."""
    return find_data("mnist")


def study_of(runs: int) -> Study:
    """Return the study of so many runs."""
    (source,) = chosen(["mlp_ablation"], None)
    combinations = source.combinations[: EXPERIMENTS - 1]
    return Study(source.baseline, combinations, tuple(range(runs // EXPERIMENTS)))


def planned(study: Study, store: Path):
    """Return the study's plan on MNIST."""
    dataset = mnist()
    wanted = {experiment: (label, study.seeds) for experiment, label in study.labels.items()}
    return make_plan(wanted, dataset, Store(store), 1, executor=InProcess)


def stub():
    """Return what takes the place of training: (experiment, seed) -> record, in microseconds."""
    templates, digest = Store(TEMPLATES), mnist().digest
    known = {e: templates.load(e, digest, 0) for e in study_of(EXPERIMENTS).labels}

    def train(experiment, seed):
        chance, record = Random(seed), known[experiment]
        factors = [1 + 0.01 * chance.gauss(0, 1) for _ in range(2)]
        metrics = {
            name: value * factors[name.endswith("accuracy")] if "epoch" not in name else value
            for name, value in record.metrics.items()
        }
        return replace(record, seed=seed, metrics=metrics)

    return train


def quiet_console() -> Console:
    """Return a console that nobody sees."""
    return Console(file=open(os.devnull, "w"))


def plan_empty(runs: int, folder: Path) -> dict:
    """Plan, where nothing is stored."""
    plan = planned(study_of(runs), folder / "runs")
    return {"missing": len(plan.missing), "estimate": plan.seconds}


def drive(runs: int, folder: Path) -> dict:
    """Hand out, store and show all runs."""
    plan, train, synced, fsync = planned(study_of(runs), folder / "runs"), stub(), 0.0, os.fsync

    def timed(descriptor):
        nonlocal synced
        begin = time.perf_counter()
        fsync(descriptor)
        synced += time.perf_counter() - begin

    os.fsync = timed
    begin = time.perf_counter()
    with progress_for(plan, quiet_console(), quiet=False) as progress:
        run_all(plan, progress, task=train)
    return {"seconds": time.perf_counter() - begin, "synced": synced}


def resume(runs: int, folder: Path) -> dict:
    """Plan, where everything is stored."""
    plan = planned(study_of(runs), folder / "runs")
    if plan.missing:
        raise SystemExit(f"all runs must be stored. Received: {len(plan.missing)} missing.")
    return {}


def table(runs: int, folder: Path) -> dict:
    """Do what `ablate` does with a study that is stored."""
    study = study_of(runs)
    plan = planned(study, folder / "runs")
    begin = time.perf_counter()
    present(carry_out(study, plan, quiet_console(), quiet=True), folder / "out", None)
    return {"seconds": time.perf_counter() - begin}


def claims(runs: int, folder: Path) -> dict:
    """Run the command `report`."""
    report.main(["mlp_ablation", "--runs", str(folder / "runs"), "--out", str(folder / "report")])
    return {}


PARTS = {
    "plan, nothing stored": plan_empty,
    "driver": drive,
    "plan, all stored": resume,
    "tables and figures": table,
    "report": claims,
}


def measured(part: str, runs: int, folder: str) -> None:
    """Do one part in this process and print what it took, as JSON."""
    mnist()  # before the clock runs
    begin = time.perf_counter()
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        found = PARTS[part](runs, Path(folder))
    found = {"seconds": time.perf_counter() - begin} | found
    found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def all_parts(runs: int) -> dict[str, dict]:
    """Do all parts, each in a process of its own, on a fresh store."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            line = [sys.executable, __file__, str(runs), "--part", part, "--folder", folder]
            done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
            found[part] = json.loads(done.stdout)
            print(f"{runs} runs, {part}: {found[part]['seconds']:.1f} s", file=sys.stderr)
    return found


def growth(before: float, after: float, factor: float) -> float:
    """Return the exponent with which a time grew while the runs grew by `factor`."""
    return math.log(after / before) / math.log(factor)


def show(raw: dict[int, dict]) -> None:
    """Print the table, then the share of the driver's time that is the disk's."""
    sizes = list(raw)
    grid = Table("part", *(f"{n:,} runs" for n in sizes), "µs a run, at most", "growth")
    for part in PARTS:
        seconds = [raw[n][part]["seconds"] for n in sizes]
        cells = [f"{raw[n][part]['seconds']:.2f} s, {raw[n][part]['mib']:.0f} MiB" for n in sizes]
        a_run = 1e6 * max(s / n for s, n in zip(seconds, sizes, strict=True))
        steps = [
            f"{growth(seconds[i], seconds[i + 1], sizes[i + 1] / sizes[i]):.2f}"
            for i in range(len(sizes) - 1)
        ]
        grid.add_row(part, *cells, f"{a_run:.0f}", ", ".join(steps))
    Console(width=140).print(grid)
    last = raw[sizes[-1]]["driver"]
    print(
        f"growth: the exponent from one size to the next; 1 is linear.\n"
        f"Of the driver's {1e6 * last['seconds'] / sizes[-1]:.0f} µs a run, "
        f"{1e6 * last['synced'] / sizes[-1]:.0f} are waiting for the disk (fsync)."
    )


def main() -> None:
    """Measure every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = [1_000, 10_000, 100_000]
    parser.add_argument("runs", nargs="*", type=int, default=sizes, metavar="N", help="how many")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if min(options.runs) < 2 * EXPERIMENTS:
        parser.error(f"there must be at least {2 * EXPERIMENTS} runs")
    if options.part:
        measured(options.part, options.runs[0], options.folder)
        return
    load = os.getloadavg()[0]
    raw = {runs: all_parts(runs) for runs in options.runs}
    show(raw)
    print(f"Python {platform.python_version()}; load before: {load:.1f}")
    if options.json:
        options.json.write_text(json.dumps(raw, indent=1))


if __name__ == "__main__":
    main()
