"""Tables of runs for people: a row an experiment on a terminal, a row a run on paper."""

from collections.abc import Sequence

from rich.console import Console

from keras_mnist.analysis.intervals import Summary, summarize
from keras_mnist.base.metrics import BY_EPOCH
from keras_mnist.experiment.study import name_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column, cells, headings
from keras_mnist.reporting.grids import print_notes
from keras_mnist.reporting.run_frame import EPOCH, FIRST, LAST, MEASURED
from keras_mnist.reporting.terminal import TerminalTable
from keras_mnist.runs import RunRecord

_SHOWN = 40  # experiments on the terminal
# Of the columns that say which run it is, those that people read; of what was measured as well.
_WHICH = ("variant", "network", "data", "status")
_READ = (*BY_EPOCH, "gap", "best_epoch", "seconds")


def print_runs(records: Sequence[RunRecord], console: Console) -> None:
    """Print a row an experiment, and how to have a row a run."""
    groups: dict[str, list[RunRecord]] = {}
    for record in records:
        groups.setdefault(record.key, []).append(record)
    columns, rows = _experiment_columns(records), list(groups.values())
    console.print(TerminalTable.of("Runs", columns, rows[:_SHOWN]))
    notes = [f"and {wording.count(len(rows) - _SHOWN, 'experiment')} more"] if rows[_SHOWN:] else []
    runs = f"{wording.count(len(records), 'run')} of {wording.count(len(rows), 'experiment')}"
    notes += [f"{runs}; mean ± standard deviation. A row each, with all choices: --out runs.csv"]
    print_notes(notes, console)


def _experiment_columns(records: Sequence[RunRecord]) -> list[Column]:
    """Return the columns of experiments; a row is the records of one."""

    def name(runs) -> str:
        experiment = runs[0].experiment
        changes = tuple((name, value) for _, name, value in experiment.departures)
        return ": ".join(filter(None, (experiment.kind, name_of(changes, experiment))))

    def done(runs) -> str:
        completed = sum(record.completed for record in runs)
        return str(completed) if completed == len(runs) else f"{completed} of {len(runs)}"

    def summary(runs, of) -> Summary:
        values = [of(record) for record in runs if record.completed]
        return summarize([value for value in values if value is not None])

    def accuracy(runs) -> str:
        found = summary(runs, lambda record: record.metrics["test_accuracy"])
        return wording.spread("test_accuracy", found)

    def seconds(runs) -> str:
        return wording.spread("seconds", summary(runs, lambda record: record.seconds))

    several = len({record.data["digest"] for record in records}) > 1
    data = Column("data", "data", lambda runs: runs[0].data["name"])
    return [
        Column("experiment", "experiment", name),
        *([data] if several else []),
        Column("n", "n", done),
        Column("test_accuracy", wording.heading("test_accuracy"), accuracy),
        Column("seconds", "seconds", seconds, spare=True),
    ]


def texts(frame) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of a frame of runs: what tells its runs apart, what was measured.

    Args:
        frame: from `run_frame`; of what was measured, the end and the best epoch are left.
    """
    others = {*FIRST, *MEASURED, *LAST, EPOCH, "variant"}
    there = list(frame.columns)
    before = there[: there.index(EPOCH if EPOCH in there else LAST[0])]
    told = [name for name in before if name in _WHICH or name not in others]
    told = [name for name in told if frame[name].nunique(dropna=False) > 1]
    read = [name for name in ("seed", EPOCH, *_READ) if name in there and frame[name].count()]
    columns = [_column(name) for name in (*told, *read)]
    return headings(columns), cells(columns, frame.to_dict("records"))


def _column(name: str) -> Column:
    measured = name in (*BY_EPOCH, "gap")

    def cell(row) -> str:
        value = row[name]
        if value is None or str(value) in ("nan", "<NA>"):
            return "–"
        if measured or name == "seconds":
            return wording.number(name, value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    return Column(name, wording.heading(name) if measured else name.replace("_", " "), cell)
