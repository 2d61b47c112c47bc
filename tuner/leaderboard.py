"""The leaderboard: trials from best to worst, in words and as data."""

from collections.abc import Callable
from dataclasses import asdict

from keras_mnist.base.files import finite
from keras_mnist.base.metrics import more_is_better
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column, cells
from keras_mnist.reporting.columns import headings as headings_of
from tuner.trials import Trial


def ranked(trials: list[Trial], objective: str) -> list[Trial]:
    """Return the trials from best to worst; those without scores last."""
    sign = -1 if more_is_better(objective) else 1

    def rank(trial):
        return (not trial.scores, sign * trial.summary.mean if trial.scores else 0, trial.number)

    return sorted(trials, key=rank)


def columns(trials: list[Trial], objective: str) -> list[Column]:
    """Return the leaderboard's columns; a row is a trial's rank and the trial."""

    def column(name: str, cell: Callable[[Trial], str], heading: str = "") -> Column:
        return Column(name, heading or name.replace("_", " "), lambda row: cell(row[1]))

    def searched(name: str) -> Column:
        return column(name, lambda trial: _in_words(trial.values[name]))

    def score(trial: Trial) -> str:
        return wording.spread(objective, trial.summary) if trial.scores else trial.reason

    epochs = column("epochs", lambda trial: str(trial.experiment.training.epochs))
    differ = len({trial.experiment.training.epochs for trial in trials}) > 1
    return [
        Column("rank", "rank", lambda row: str(row[0])),
        column("trial", lambda trial: str(trial.number)),
        *map(searched, trials[0].values if trials else ()),
        *differ * [epochs],
        column(objective, score, wording.heading(objective)),
        column("n", lambda trial: str(len(trial.scores))),
        column("parameters", lambda trial: f"{trial.parameters:,}"),
        column("seconds", lambda trial: f"{trial.seconds:.0f}", "s"),
    ]


def headings(trials: list[Trial], objective: str) -> list[str]:
    """Return the leaderboard's headings."""
    return headings_of(columns(trials, objective))


def rows(trials: list[Trial], objective: str) -> list[list[str]]:
    """Return a row a trial, in the order given."""
    return cells(columns(trials, objective), enumerate(trials, 1))


def _in_words(value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def as_data(trials: list[Trial]) -> list[dict]:
    """Return the trials as plain data, in the order given."""
    return [
        {
            "trial": trial.number,
            "values": trial.values,
            "experiment": trial.experiment.to_dict(),
            "scores": {str(seed): score for seed, score in trial.scores.items()},
            **finite(asdict(trial.summary)),
            "parameters": trial.parameters,
            "seconds": round(trial.seconds, 3),
            "reason": trial.reason,
        }
        for trial in trials
    ]
