"""The store: a folder of run records, one file a run, never half written."""

import glob
import os
from dataclasses import replace
from pathlib import Path

from keras_mnist.base.errors import StoreError
from keras_mnist.base.files import write_whole
from keras_mnist.base.reading import read_text
from keras_mnist.experiment import Experiment
from keras_mnist.runs.record import SCHEMA, RunRecord


def place(experiment: Experiment, digest: str, seed: int) -> str:
    """Return where a run's record lies in any store: what names it wherever that is."""
    key = experiment.key(digest, SCHEMA)
    return f"{experiment.name}-{key[:10]}/seed-{seed}.json"


class Store:
    """Keeps run records under `root` as `<readable name>-<short hash>/seed-<n>.json`.

    Any number of commands may use one store at once: a file appears whole or not at all, and
    two commands that train the same run write the same record.

    Attributes:
        set_aside: a message for each file that could not be read as the record it should be;
            such a file is renamed, never deleted, and its run counts as not done.
    """

    def __init__(self, root: Path | str):
        self.root = Path(root)
        self.set_aside: list[str] = []

    def path(self, experiment: Experiment, digest: str, seed: int) -> Path:
        """Return where the run's record lies, or would."""
        return self.root / place(experiment, digest, seed)

    def load(self, experiment: Experiment, digest: str, seed: int) -> RunRecord | None:
        """Return the stored record of a run, or `None` where there is none to be trusted.

        It is of the experiment as it is asked for: what was stored may differ in what decides
        nothing, such as the momentum of an optimizer that has none.
        """
        path = self.path(experiment, digest, seed)
        record = self._read(path)
        if record is None:
            return None
        if (record.key, record.seed) != (experiment.key(digest, SCHEMA), seed):
            self._set_aside(path, "it is the record of another run")
            return None
        return record if record.experiment == experiment else replace(record, experiment=experiment)

    def holds(self, experiment: Experiment, digest: str, seed: int) -> bool:
        """Return whether there is a file where the run's record lies."""
        return self.path(experiment, digest, seed).exists()

    @property
    def is_empty(self) -> bool:
        """Whether no record lies in the folder."""
        return next(self.root.glob("*/seed-*.json"), None) is None

    def records(self):
        """Yield every readable record in the store, in order of path."""
        yield from self._records("*/seed-*.json")

    def seeds(self, experiment: Experiment, digest: str):
        """Yield the readable records of an experiment, whatever their seeds."""
        key, folder = experiment.key(digest, SCHEMA), place(experiment, digest, 0).split("/")[0]
        found = self._records(f"{glob.escape(folder)}/seed-*.json")
        yield from (record for record in found if record.key == key)

    def _records(self, pattern: str):
        for path in sorted(self.root.glob(pattern)):
            record = self._read(path)
            if record is not None:
                yield record

    def save(self, record: RunRecord) -> Path:
        """Write a record, whole or not at all, and return its path.

        Raises:
            StoreError: it could not be written; an earlier record is still there.
        """
        path = self.path(record.experiment, record.data["digest"], record.seed)
        return write_whole(
            path,
            record.to_json(),
            "Make room or choose another folder with --runs, then run the same command again: "
            "stored runs are kept",
        )

    def _read(self, path: Path) -> RunRecord | None:
        try:
            return RunRecord.from_json(read_text(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except UnicodeDecodeError:
            self._set_aside(path, "it is not text")
        except StoreError as error:
            self._set_aside(path, str(error))
        except OSError as error:
            raise StoreError(f"the record {path} must be readable", error) from None
        return None

    def _set_aside(self, path: Path, reason: str) -> None:
        number = 1
        while (aside := path.with_name(f"{path.stem}.set-aside-{number}")).exists():
            number += 1
        try:
            os.replace(path, aside)
        except FileNotFoundError:
            return  # another command on this store was faster
        except OSError as error:
            raise StoreError(f"{path} must be renamed, for {reason}", error) from None
        self.set_aside.append(f"{path} was set aside as {aside.name}: {reason}")
