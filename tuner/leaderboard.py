"""The leaderboard: trials from best to worst, in words and as data."""

from dataclasses import asdict

from keras_mnist.base.files import finite
from keras_mnist.base.metrics import more_is_better
from keras_mnist.reporting import wording
from tuner.trials import Trial


def ranked(trials: list[Trial], objective: str) -> list[Trial]:
    """Return the trials from best to worst; those without scores last."""
    sign = -1 if more_is_better(objective) else 1

    def rank(trial):
        return (not trial.scores, sign * trial.summary.mean if trial.scores else 0, trial.number)

    return sorted(trials, key=rank)


def headings(trials: list[Trial], objective: str) -> list[str]:
    """Return the leaderboard's headings."""
    fields = [name.replace("_", " ") for name in trials[0].values] if trials else []
    epochs = ["epochs"] if _epochs_differ(trials) else []
    return ["rank", "trial", *fields, *epochs, wording.heading(objective), "n", "parameters", "s"]


def rows(trials: list[Trial], objective: str) -> list[list[str]]:
    """Return a row a trial, in the order given."""
    found = []
    for rank, trial in enumerate(trials, 1):
        values = [f"{v:.4g}" if isinstance(v, float) else str(v) for v in trial.values.values()]
        epochs = [str(trial.experiment.training.epochs)] if _epochs_differ(trials) else []
        score = wording.spread(objective, trial.summary) if trial.scores else trial.reason
        size, seconds = f"{trial.parameters:,}", f"{trial.seconds:.0f}"
        shown = [str(rank), str(trial.number), *values, *epochs, score]
        found.append([*shown, str(len(trial.scores)), size, seconds])
    return found


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


def _epochs_differ(trials: list[Trial]) -> bool:
    return len({trial.experiment.training.epochs for trial in trials}) > 1
