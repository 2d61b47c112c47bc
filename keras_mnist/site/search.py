"""The search as the page shows it: from the record in its folder."""

from pathlib import Path

from keras_mnist.base.errors import StoreError
from keras_mnist.reporting import leaderboard, wording
from keras_mnist.reporting.columns import cells, headings
from keras_mnist.runs.search_record import RESULT, SearchRecord
from keras_mnist.runs.trial import Trial
from keras_mnist.site.experiments import short

DEFAULT = "search"  # where `search` puts it


def search(folder: Path | str | None) -> SearchRecord | None:
    """Return the record of a search; `None` where there is none.

    Args:
        folder: of the search; `None`: the default one, if it is there.

    Raises:
        StoreError: the folder that was named holds no finished search.
    """
    path = Path(folder or DEFAULT)
    if folder is None and not (path / RESULT).exists():
        return None
    try:
        return SearchRecord.read(path)
    except StoreError as error:
        raise StoreError(
            f"--search must name the folder of a finished search, with its {RESULT}",
            f"{error.requirement}: {error.received}",
            error.remedy,
        ) from None


def board(record: SearchRecord) -> dict:
    """Return what the page says of a search: its leaderboard and answer."""
    columns = leaderboard.columns(record.trials, record.question.objective)
    rows = leaderboard.rows(record.trials)
    return {**_shown(record), "headings": headings(columns), "rows": cells(columns, rows)}


def landscape(record: SearchRecord) -> dict:
    """Return what the page draws of a search: its map."""
    question = record.question
    columns = {c.name: c for c in leaderboard.columns(record.trials, question.objective)}
    rows = [
        {
            "trial": columns["trial"].plain(row),
            "values": [columns[n].cell(row) if n in columns else "" for n in question.searched],
            "score": columns[question.objective].cell(row),
            **{name: columns[name].plain(row) for name in ("n", "parameters", "seconds")},
        }
        for row in leaderboard.rows(record.trials)
    ]
    return {**_shown(record), "rows": rows}


def _shown(record: SearchRecord) -> dict:
    question = record.question
    objective, axes = question.objective, question.axes

    def point(trial: Trial) -> dict:
        value = short(wording.in_units(objective, trial.summary.mean))
        across, *upward = (trial.values[axis.name] for axis in axes)
        return {
            "x": across,
            "y": upward[0] if upward else value,
            "value": value,
            "words": leaderboard.score(trial, objective),
            "trial": trial.number,
        }

    was = [question.baseline.value(axis.name) for axis in axes]
    shown = [trial for trial in record.trials if trial.scores] if axes else []

    return {
        "objective": wording.heading(objective),
        "axis": wording.axis(objective),
        "fields": [name.replace("_", " ") for name in question.searched],
        "axes": [{"label": axis.label, "log": axis.log} for axis in axes],
        "names": [axis.name.replace("_", " ") for axis in axes],
        "seeds": len(question.seeds),
        "oracle": question.oracle,
        "answer": record.answer,
        "trials": sum(bool(trial.scores) for trial in record.trials),
        "points": [point(trial) for trial in shown],
        # Of a map with one axis, or where it has no number, the baseline has no place.
        "baseline": {"x": was[0], "y": was[1]} if len(was) == 2 and None not in was else None,
    }
