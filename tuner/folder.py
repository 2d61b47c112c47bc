"""The folder of a search: what was asked, what happened, what came of it."""

import json
from pathlib import Path

from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.base.files import finite, unfinished, write_whole
from keras_mnist.base.reading import read_json
from keras_mnist.reporting.files import KINDS
from keras_mnist.runs.search_record import ASKED, RESULT, Question
from tuner.figures import FIGURES
from tuner.journal import Journal
from tuner.quietly import kt
from tuner.trials import Setting

HAPPENED, LEADERBOARD, BEST = "journal.jsonl", "leaderboard.md", "best.json"
# All that a search writes here, and so all that `--fresh` removes, in this order: first what can
# be made again, then what happened. What was asked is replaced. So a search that is forgotten by
# halves is a whole one, or one that has not begun.
_MADE = (LEADERBOARD, BEST, RESULT, *(f"{name}.{kind}" for name in FIGURES for kind in KINDS))
OWN = (*_MADE, HAPPENED, ASKED)


def asked(setting: Setting, oracle: str, seed: int) -> Question:
    """Return all that decides which trials there are and what they score."""
    return Question(
        oracle,
        seed,
        setting.objective,
        setting.seeds,
        setting.space.to_dict(),
        setting.baseline,
        setting.dataset.digest,
        kt.__version__,
    )


def open_folder(
    path: Path | str, wanted: Question, fresh: bool = False, store: Path | str | None = None
) -> Journal:
    """Return the journal of the search in `path`, which goes on, or of a new one.

    Args:
        path: the folder.
        wanted: from `asked`.
        fresh: forget the search that is there; its runs are in the store, not here. Whatever
            else lies in the folder stays.
        store: of the runs; it may lie in the folder.

    Raises:
        ExperimentError: the folder holds another search; what differs is told.
        StoreError: it holds something else, or cannot be read or written.
    """
    path = Path(path)
    there = _read(path)
    if there is None:
        _require_empty(path, store)
    elif fresh:
        _forget(path)
    elif there != wanted.to_dict():
        raise ExperimentError(
            f"the search in {path} must be asked for as it was begun",
            "; ".join(_differences(there, wanted.to_dict())),
            "Start anew with --fresh (stored runs are kept), or name another --directory",
        )
    if there is None or fresh:
        write(path, ASKED, wanted.to_dict())
    return Journal(path / HAPPENED)


def write(folder: Path | str, name: str, content: str | dict) -> Path:
    """Write a file of the search, one of `OWN`; a dict as JSON.

    Raises:
        StoreError: it could not be written.
    """
    if name not in OWN:
        raise ValueError(f"{name} must be in OWN, or --fresh would leave it behind")
    if isinstance(content, dict):
        content = json.dumps(finite(content), indent=1, allow_nan=False) + "\n"
    return write_whole(Path(folder) / name, content)


def _read(path: Path) -> dict | None:
    """Return what was asked of the search in a folder; `None` where no search is."""
    place = path / ASKED
    try:
        content = read_json(place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{place} must be readable", error, "Name another --directory") from None
    try:
        Question.from_dict(content)
    except StoreError as error:
        raise StoreError(
            f"{place} must say what a search was asked", error.received, "Name another --directory"
        ) from None
    return content  # and what else it may hold: a search of another version is another


def _require_empty(path: Path, store: Path | str | None) -> None:
    ours = {unfinished(path / ASKED).name}  # left where a first start was killed while it wrote
    try:
        if store is not None and path.resolve() in Path(store).resolve().parents:
            ours.add(Path(store).resolve().relative_to(path.resolve()).parts[0])
        names = [entry.name for entry in path.iterdir()] if path.is_dir() else []
    except OSError as error:
        raise StoreError(f"{path} must be readable", error, "Name another --directory") from None
    others = sorted(set(names) - ours)
    if others:
        raise StoreError(
            f"{path} must be empty or hold a search", ", ".join(others[:3]), "Name another folder"
        )


def _forget(path: Path) -> None:
    for name in (*_MADE, HAPPENED):
        try:
            (path / name).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{path / name} must be removable", error) from None


def _differences(there: dict, wanted: dict, name: str = "") -> list[str]:
    """Return `seeds [0, 1] then, [0, 1, 2] now` for each leaf that differs."""
    found = []
    for key in sorted(there.keys() | wanted.keys()):
        then, now = there.get(key, "none"), wanted.get(key, "none")
        label = f"{name} {key}".strip()
        if isinstance(then, dict) and isinstance(now, dict):
            found += _differences(then, now, label)
        elif then != now:
            found.append(f"{label} {then} then, {now} now")
    return found
