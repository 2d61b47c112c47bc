"""What experiments gave, without any verdict: for data that no document is about."""

from dataclasses import asdict
from pathlib import Path

from keras_mnist.analysis.intervals import summarize
from keras_mnist.base.files import finite, write_whole
from keras_mnist.reporting import wording
from keras_mnist.reporting.grids import markdown_table, terminal_table
from keras_mnist.reporting.outputs import finish, wide_console
from keras_mnist.runs.plan import Plan

METRICS = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")
HEADINGS = ["experiment", "n", *(wording.heading(metric) for metric in METRICS)]


def present_own_numbers(plan: Plan, records: list, folder: Path | str, json_path) -> None:
    """Print and write a row an experiment.

    Args:
        plan: what was run, on what.
        records: its run records.
        folder: for the table.
        json_path: for the same as data, if wanted.
    """
    found = {}
    for experiment, label in plan.labels.items():
        runs = [r for r in records if r.experiment == experiment and r.completed]
        values = {m: [r.metrics[m] for r in runs if r.metrics.get(m) is not None] for m in METRICS}
        found[label] = {metric: summarize(its) for metric, its in values.items()}
    rows = [
        [label, str(by["test_accuracy"].n), *(wording.spread(m, by[m]) for m in METRICS)]
        for label, by in found.items()
    ]
    heading = f"Data: {plan.dataset.name}, not the canonical MNIST: no verdicts"
    wide_console().print(terminal_table(heading, HEADINGS, rows))
    written = [write_whole(Path(folder) / "own.md", markdown_table(heading, HEADINGS, rows) + "\n")]
    plain = {label: {m: finite(asdict(s)) for m, s in by.items()} for label, by in found.items()}
    finish(written, json_path, {"claims": [], "own": plain, "data": plan.dataset.identity})
