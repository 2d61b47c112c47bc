"""The folder of a search: what was asked, what happened, what came of it."""

import json
import shutil
from pathlib import Path

from keras_mnist.errors import ExperimentError, StoreError
from keras_mnist.files import write_whole
from tuner.journal import Journal
from tuner.quietly import kt
from tuner.trials import Setting

ASKED, HAPPENED = "search.json", "journal.jsonl"


def asked(setting: Setting, oracle: str, seed: int) -> dict:
    """Return all that decides which trials there are and what they score, as plain data."""
    return {
        "oracle": oracle,
        "seed": seed,
        "objective": setting.objective,
        "seeds": list(setting.seeds),
        "space": setting.space.to_dict(),
        "baseline": json.loads(json.dumps(setting.baseline.decisive())),
        "data": setting.dataset.digest,
        "keras_tuner": kt.__version__,
    }


def open_folder(path: Path | str, wanted: dict, fresh: bool = False) -> Journal:
    """Return the journal of the search in `path`, which goes on, or of a new one.

    Args:
        path: the folder.
        wanted: from `asked`.
        fresh: forget the search that is there; its runs are in the store, not here.

    Raises:
        ExperimentError: the folder holds another search; what differs is told.
        StoreError: it holds something else, or cannot be read or written.
    """
    path = Path(path)
    if fresh and (path / ASKED).exists():
        shutil.rmtree(path)
    if not (path / ASKED).exists():
        if path.is_dir() and any(path.iterdir()):
            raise StoreError(
                f"{path} must be empty or hold a search", "other files", "Name another folder"
            )
        write_whole(path / ASKED, json.dumps(wanted, indent=1) + "\n")
    there = _read(path / ASKED)
    if there != wanted:
        raise ExperimentError(
            f"the search in {path} must be asked for as it was begun",
            "; ".join(_differences(there, wanted)),
            "Start anew with --fresh (stored runs are kept), or name another --directory",
        )
    return Journal(path / HAPPENED)


def _read(path: Path) -> dict:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} must be readable", error, "Start anew with --fresh") from None
    return content if isinstance(content, dict) else {}


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
