"""The parts of `scale.py`, each to be measured in a process of its own.

In place of the workers, an executor in the driver's own process returns a stored record of the same
experiment with its numbers shaken, so what is measured is this package without TensorFlow. The
study has ten experiments of the ablation of file 001, the runs being its seeds; `report` also
judges that document's claims by all of them.
"""

import json
import os
import resource
import sys
import time
from concurrent.futures import Executor, Future
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from rich.console import Console

from keras_mnist import report
from keras_mnist.data import Dataset, find_data
from keras_mnist.documents import chosen
from keras_mnist.experiment.study import Study
from keras_mnist.reporting.outputs import present
from keras_mnist.reporting.progress import progress_for
from keras_mnist.runs import Store
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import run_all
from keras_mnist.runs.workbench import carry_out

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
    (document,) = chosen(["mlp_ablation"], None)
    combinations = document.combinations[: EXPERIMENTS - 1]
    return Study(document.baseline, combinations, tuple(range(runs // EXPERIMENTS)))


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
        # Losses alone: what was said of each image is in the record, and accuracies count it.
        record, factor = known[experiment], 1 + 0.01 * Random(seed).gauss(0, 1)
        metrics = {
            name: value * factor if name.endswith("loss") else value
            for name, value in record.metrics.items()
        }
        for best in ("", "best_"):
            metrics[f"{best}gap"] = metrics[f"{best}val_loss"] - metrics[f"{best}train_loss"]
        history = {
            name: [value * factor for value in values] if name.endswith("loss") else values
            for name, values in record.history.items()
        }
        return replace(record, seed=seed, metrics=metrics, history=history)

    return train


def quiet_console() -> Console:
    """Return a console that nobody sees."""
    return Console(file=open(os.devnull, "w"))


def plan_empty(runs: int, folder: Path) -> dict:
    """Plan, where nothing is stored."""
    plan = planned(study_of(runs), folder / "runs")
    return {"missing": len(plan.missing), "estimate": plan.seconds}


def drive(runs: int, folder: Path) -> dict:
    """Hand out, store and show all runs; `synced` is the time spent waiting for the disk."""
    plan, train, synced, fsync = planned(study_of(runs), folder / "runs"), stub(), 0.0, os.fsync

    def timed(descriptor):
        nonlocal synced
        begin = time.perf_counter()
        fsync(descriptor)
        synced += time.perf_counter() - begin

    os.fsync = timed
    begin = time.process_time()
    with progress_for(plan, quiet_console(), quiet=False) as progress:
        run_all(plan, progress, task=train)
    return {"seconds": time.process_time() - begin, "synced": synced}


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
    begin = time.process_time()
    present(carry_out(study, plan, quiet_console(), quiet=True), folder / "out", None)
    return {"seconds": time.process_time() - begin}


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


def measured(part: str, runs: int, folder: Path) -> None:
    """Do one part in this process and print what it took, as JSON."""
    mnist()  # before the clock runs
    begin = time.process_time()
    with (
        open(os.devnull, "w") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        found = PARTS[part](runs, folder)
    found = {"seconds": time.process_time() - begin} | found
    found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


if __name__ == "__main__":
    measured(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
