"""The search as the page shows it: from the `result.json` in its folder."""

import json
from pathlib import Path

from keras_mnist.analysis.intervals import Summary
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.experiment import Experiment
from keras_mnist.reporting import wording
from keras_mnist.site.experiments import short

RESULT = "result.json"
DEFAULT = "search"  # where `search` puts it


def search(folder: Path | str | None) -> dict | None:
    """Return a search's map, leaderboard and answer; `None` where there is none.

    Args:
        folder: of the search; `None`: the default one, if it is there.

    Raises:
        StoreError: the folder that was named holds no finished search.
    """
    path = Path(folder or DEFAULT) / RESULT
    if folder is None and not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _shown(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ExperimentError) as error:
        raise StoreError(
            f"--search must name the folder of a finished search, with its {RESULT}",
            f"{path}: {type(error).__name__}: {error}",
            "Finish it with the same `keras-mnist search` command",
        ) from None


def _shown(content: dict) -> dict:
    asked, trials = content["search"], content["trials"]
    objective = asked["objective"]
    names = list(asked["space"]["fields"])
    scored = [trial for trial in trials if trial["n"]]
    if not scored:
        raise ValueError("no trial completed")
    baseline = _experiment(asked["baseline"])
    return {
        "objective": wording.heading(objective),
        "axis": wording.axis(objective),
        "fields": [name.replace("_", " ") for name in names],
        "x": names[0].replace("_", " "),
        "seeds": len(asked["seeds"]),
        "oracle": str(asked["oracle"]),
        "answer": content["answer"],
        "points": [
            {
                "x": trial["values"][names[0]],
                "y": trial["values"]["dropout"],
                "value": short(wording.in_units(objective, trial["mean"])),
                "words": _spread(objective, trial),
                "trial": trial["trial"],
            }
            for trial in scored
        ],
        "baseline": {"x": baseline.value(names[0]), "y": baseline.value("dropout")},
        "rows": [
            {
                "trial": trial["trial"],
                "values": [
                    f"{value:.4g}" if isinstance(value, float) else str(value)
                    for value in trial["values"].values()
                ],
                "score": _spread(objective, trial) if trial["n"] else str(trial["reason"]),
                "n": trial["n"],
                "parameters": trial["parameters"],
                "seconds": round(trial["seconds"]),
            }
            for trial in trials
        ],
    }


def _experiment(decisive: dict) -> Experiment:
    """Return the experiment of that decisive form, which leaves defaults out."""
    parts = ("data", "preprocessing", "augmentation", "training")
    return Experiment.from_dict({part: {} for part in parts} | decisive)


def _spread(objective: str, trial: dict) -> str:
    sd = float("nan") if trial["sd"] is None else trial["sd"]
    return wording.spread(objective, Summary(trial["mean"], sd, trial["n"]))
