"""What experiments gave, without any verdict: for data that no document is about."""

from dataclasses import asdict
from pathlib import Path

from keras_mnist.analysis.intervals import summarize
from keras_mnist.base.files import finite, write_whole
from keras_mnist.base.metrics import LAST
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column, cells, headings
from keras_mnist.reporting.grids import markdown_table
from keras_mnist.reporting.measured import result_metrics
from keras_mnist.reporting.outputs import finish, wide_console
from keras_mnist.reporting.terminal import TerminalTable
from keras_mnist.runs.plan import Plan


def present_own_numbers(plan: Plan, records: list, folder: Path | str, json_path) -> None:
    """Print and write a row an experiment.

    Args:
        plan: what was run, on what.
        records: its run records.
        folder: for the table.
        json_path: for the same as data, with every metric, if wanted.
    """
    found = {}
    for experiment, label in plan.labels.items():
        runs = [r for r in records if r.experiment == experiment and r.completed]
        values = {m: [r.metrics[m] for r in runs if r.metrics.get(m) is not None] for m in LAST}
        found[label] = {metric: summarize(its) for metric, its in values.items()}
    columns = _columns(result_metrics(plan.labels))
    title = f"Data: {plan.dataset.name}, not the canonical MNIST: no verdicts"
    shown = TerminalTable.of(title, columns, found.items())
    text = markdown_table(title, headings(columns), cells(columns, found.items()))
    written = [write_whole(Path(folder) / "own.md", f"{text}\n")]
    plain = {
        label: {metric: asdict(summary) for metric, summary in by.items() if summary.n}
        for label, by in found.items()
    }
    content = finite({"claims": [], "own": plain, "data": plan.dataset.identity})
    finish(written, json_path, content, lambda: wide_console().print(shown))


def _columns(metrics: list[str]) -> list[Column]:
    """Return the table's columns; a row is a label and summaries by metric."""

    def measured(metric: str) -> Column:
        return Column(
            metric,
            wording.heading(metric),
            lambda row: wording.spread(metric, row[1][metric]),
            spare=metric != "test_accuracy",
        )

    return [
        Column("experiment", "experiment", lambda row: row[0]),
        Column("n", "n", lambda row: str(row[1]["test_accuracy"].n)),
        *map(measured, metrics),
    ]
