"""Small studies through the real command, and what must hold of them whatever happened."""

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conftest import Command
from stores import contents

from keras_mnist import Experiment, ablate
from keras_mnist.base.errors import StoreError
from keras_mnist.command import guarded
from keras_mnist.runs import RunRecord

SMALL = ("--data", "digits", "--train-size", 256, "--epochs", 2, "--quiet", "--retry-failed")
BASELINE = Experiment().change(train_size=256, epochs=2)
VARIANTS = {  # flags: what they change
    ("--width", 16): {"width": 16},
    ("--no-relu",): {"activation": "linear"},
    ("--dropout", 0.5): {"dropout": 0.5},
    ("--optimizer", "sgd"): {"optimizer": "sgd"},
}
FEW = tuple(VARIANTS)[:1]
SEEDS = 6  # of which a study takes some
COUNTS = re.compile(r"runs: (\d+) trained, (\d+) stored before, (\d+) failed")


@dataclass(frozen=True)
class Study:
    """The arguments of an `ablate` command.

    Attributes:
        variant: the flags of its variant.
        seeds: which.
        jobs: worker processes.
    """

    variant: tuple
    seeds: tuple[int, ...]
    jobs: int = 2

    @property
    def arguments(self) -> list[str]:
        seeds = ",".join(map(str, self.seeds)) + ","
        return list(map(str, (*SMALL, *self.variant, "--seeds", seeds, "--jobs", self.jobs)))

    @property
    def runs(self) -> int:
        return 2 * len(self.seeds)

    @classmethod
    def drawn(cls, random, variants: tuple = tuple(VARIANTS)) -> "Study":
        """Return a study of a random variant and three random seeds."""
        seeds = tuple(sorted(random.sample(range(SEEDS), 3)))
        return cls(random.choice(variants), seeds, random.choice((1, 2)))


@cache
def reference(variants: tuple = tuple(VARIANTS)) -> dict[str, dict]:
    """Return the records of every run of any study of these variants, from quiet commands."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for variant in variants:  # in this process, whose fork server has TensorFlow already
            assert guarded(ablate.main, Study(variant, tuple(range(SEEDS))).arguments) == 0
        return contents(Path("runs"))


def in_folder(folder: Path) -> Command:
    """Return what starts commands in `folder`, with a folder of their own for temporary files."""
    folder.mkdir(parents=True, exist_ok=True)
    command = Command(folder, "no-file-is-needed")
    # Not below `folder`: the names of sockets must be short.
    command.temporary = Path(tempfile.mkdtemp(prefix="faults-"))
    command.environment["TMPDIR"] = str(command.temporary)
    return command


def expected(study: Study, reference: dict[str, dict]) -> dict[str, dict]:
    """Return the records of `reference` that the study's uninterrupted run would have left."""
    names = {BASELINE.name, BASELINE.change(**VARIANTS[study.variant]).name}
    return {
        path: content
        for path, content in reference.items()
        if content["seed"] in study.seeds and Path(path).parent.name.rpartition("-")[0] in names
    }


def records(runs: Path) -> set[Path]:
    """Return the paths of a store's records."""
    return set(runs.glob("*/seed-*.json"))


def partials(runs: Path) -> set[Path]:
    """Return the folders in which somebody is writing a record, or was when he was killed."""
    return set(runs.glob("*/.seed-*.partial"))


class Watch:
    """Remembers each completed record of a store, to tell if one is ever written again."""

    def __init__(self, runs: Path):
        self._runs, self._seen = runs, {}

    def look(self) -> int:
        """Look at the store; return how many records are completed."""
        completed = 0
        for path in records(self._runs):
            with contextlib.suppress(StoreError):  # torn, perhaps on purpose
                if RunRecord.from_json(path.read_text(errors="replace")).completed:
                    completed += 1
                    self._seen.setdefault(path, self._identity(path))
        return completed

    @property
    def trained_again(self) -> int:
        """How many records that were completed once have been written again, or are gone."""
        return sum(self._identity(path) != first for path, first in self._seen.items())

    @staticmethod
    def _identity(path: Path):
        found = path.stat() if path.exists() else None
        return found and (found.st_ino, found.st_mtime_ns)


def strays(command: Command) -> list[str]:
    """Return the files that commands in a folder have no business to leave there."""
    folder = command.folder
    found = [*folder.rglob(".*"), *folder.rglob("*.set-aside-*"), *command.temporary.iterdir()]
    return sorted(map(str, found))


def remove_sockets(command: Command) -> int:
    """Remove the folders of sockets in the folder of temporary files; return how many."""
    folders = list(command.temporary.glob("pymp-*"))
    for folder in folders:
        shutil.rmtree(folder)
    return len(folders)


def conclude(study: Study, command: Command, counts, reference: dict, watch=None) -> None:
    """Check the store and the folders of a study that has ended, and count.

    Args:
        study, command: which, and where.
        counts: to be added to.
        reference: the records of uninterrupted studies, by path.
        watch: of its store; none where two drivers may both have planned a run.
    """
    if watch:
        counts.add("finished runs trained again", watch.trained_again)
        assert watch.trained_again == 0
    assert contents(command.folder / "runs") == expected(study, reference)
    assert list(command.folder.glob("studies/*/table.md"))
    assert not (left := strays(command)), left
    command.temporary.rmdir()
    counts.add("records, each the same as an uninterrupted study's", study.runs)


# Processes


def ended(process: subprocess.Popen, seconds: float = 600.0) -> tuple[int, str]:
    """Wait for a command and return its exit code and what it said to people."""
    _, said = process.communicate(timeout=seconds)
    assert "Traceback" not in said, said
    return process.returncode, said


def counted(said: str) -> Counter:
    """Return how many runs a command that ended well says it trained, found, and saw fail."""
    numbers = COUNTS.search(said)
    assert numbers, said
    return Counter(
        dict(zip(("trained", "stored", "failed"), map(int, numbers.groups()), strict=True))
    )
