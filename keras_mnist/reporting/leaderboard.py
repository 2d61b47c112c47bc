"""The leaderboard of a search: its columns, wherever trials are shown, from best to worst."""

from collections.abc import Callable, Sequence

from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column, cells, headings
from keras_mnist.reporting.grids import markdown_table
from keras_mnist.runs.trial import Trial

TITLE = "Leaderboard"


def rows(trials: Sequence[Trial]) -> list[tuple[int, Trial]]:
    """Return the rows that the columns are of: each trial after its rank."""
    return list(enumerate(trials, 1))


def columns(trials: Sequence[Trial], objective: str) -> list[Column]:
    """Return the leaderboard's columns; a row is of `rows`."""

    def column(name: str, cell: Callable[[Trial], str], value=None, heading="", **how) -> Column:
        return Column(
            name,
            heading or name.replace("_", " "),
            lambda row: cell(row[1]),
            value and (lambda row: value(row[1])),
            **how,
        )

    def searched(name: str) -> Column:
        return column(name, lambda t: in_words(t.values[name]) if name in t.values else "")

    epochs = column("epochs", lambda trial: str(trial.experiment.fit.epochs))
    differ = len({trial.experiment.fit.epochs for trial in trials}) > 1
    return [
        Column("rank", "rank", lambda row: str(row[0]), lambda row: row[0]),
        column("trial", lambda trial: str(trial.number), lambda trial: trial.number),
        *map(searched, dict.fromkeys(name for trial in trials for name in trial.values)),
        *differ * [epochs],
        column(objective, lambda t: score(t, objective), heading=wording.heading(objective)),
        column("n", lambda trial: str(len(trial.scores)), lambda trial: len(trial.scores)),
        column("parameters", lambda t: f"{t.parameters:,}", lambda t: t.parameters, spare=True),
        column("seconds", lambda t: f"{t.seconds:.0f}", lambda t: round(t.seconds), spare=True),
    ]


def score(trial: Trial, objective: str) -> str:
    """Return a trial's scores as mean ± sd, or why it has none."""
    return wording.spread(objective, trial.summary) if trial.scores else trial.reason


def in_words(value) -> str:
    """Return the value of a field searched."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def as_markdown(trials: Sequence[Trial], objective: str) -> str:
    """Return the whole leaderboard as Markdown."""
    shown = columns(trials, objective)
    return markdown_table(TITLE, headings(shown), cells(shown, rows(trials)))
