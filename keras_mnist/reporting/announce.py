"""What is said before anything is trained: the data, the runs, the time."""

from collections.abc import Iterable

from keras_mnist.data import Dataset
from keras_mnist.reporting import wording
from keras_mnist.reporting.console import told_aside
from keras_mnist.reporting.terminal import in_lines
from keras_mnist.runs.plan import Plan


def announce(plan: Plan, what: str, console) -> None:
    """Print which data was found and where, how many runs are stored, and the estimate.

    Args:
        what: what the runs are made of: `the baseline and 1 variant, 5 seeds each`.
    """
    total = len(plan.stored) + len(plan.missing)
    runs = f"runs: {total} ({what}), {len(plan.stored)} stored"
    if plan.missing:
        jobs = wording.count(plan.jobs, "worker")
        runs += f", {len(plan.missing)} to train"
        lines = [runs, f"time: {plan.roughly} {wording.duration(plan.seconds)} with {jobs}"]
    else:
        lines = [runs]
    say([*about_data(plan.dataset), *lines], console)
    tell_notes(plan.store.set_aside, console)


def about_data(dataset: Dataset) -> list[str]:
    """Return the lines that say which data was found, and what a reader must know about it."""
    where = f", from {dataset.path}" if dataset.path else ""
    kind = "canonical MNIST" if dataset.canonical else dataset.name
    note = [f"note: {dataset.note}"] if dataset.note else []
    return [f"data: {kind}{where} (digest {dataset.digest[:12]})", *note]


def tell_notes(notes: Iterable[str], console=None) -> None:
    """Print what a reader of the results must know, on standard error if nowhere else."""
    say([f"note: {note}" for note in notes], console or told_aside())


def say(lines: list[str], console) -> None:
    """Print lines: as they are or, on a terminal, as its width takes them."""
    for line in lines:
        shown = in_lines(line, console) if console.is_terminal else line
        console.print(shown, markup=False, highlight=False, soft_wrap=True)
