"""The card that lies beside an exported network: what it is, as data."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from keras_mnist.base import checks
from keras_mnist.base.checksum import with_checksum, without_checksum
from keras_mnist.base.errors import StoreError, shown, stored_as
from keras_mnist.base.reading import read_json
from keras_mnist.runs import RunRecord
from keras_mnist.serving.formats import shows_digits
from keras_mnist.serving.parity import Parity

SCHEMA = 1
FILE = "card.json"
_LARGEST = 2**53  # of counts and bytes


@dataclass(frozen=True)
class Card:
    """What is known of an exported network.

    Attributes:
        record: of the run whose last weights it has.
        parities: of its formats, how well each agrees with the trained network.
        confusion: test examples by true class (rows) and class said (columns); as many are
            right as the record's test accuracy says.
        commands: that made it.
        note: what differs from the stored record of the same run; empty if nothing.
        files: bytes by name.
        columns: of the table it was trained on, in order, where they have names.
        seeds: test accuracies of the stored runs of the same experiment, by seed.
        license: under which it is passed on, as model hubs write it: `mit`; empty: none is named.
        sha256: of the files, by name; older cards have none.

    Raises:
        ExperimentError: a value of another type or out of its range.
        StoreError: a confusion matrix that contradicts the record.
    """

    record: RunRecord
    parities: list[Parity]
    confusion: list[list[int]]
    commands: list[str]
    note: str = ""
    files: dict[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    seeds: dict[int, float] = field(default_factory=dict)
    license: str = ""
    sha256: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        classes = self.record.experiment.data.classes
        for row in checks.listed("confusion", self.confusion, classes):
            for count in checks.listed("a row of the confusion matrix", row, len(self.confusion)):
                checks.integer("a count of the confusion matrix", count, 0, _LARGEST)
        for name, one in (("commands", self.commands), ("columns", self.columns)):
            for text in checks.listed(name, one):
                checks.text(f"each of {name}", text)
        for name, size in checks.by_name("files", self.files).items():
            checks.integer(f"the size of {shown(name, 40)}", size, 0, _LARGEST)
        for name, digest in checks.by_name("sha256", self.sha256).items():
            checks.text(f"the SHA-256 of {shown(name, 40)}", digest)
        for seed, accuracy in self.seeds.items():
            checks.number(f"the accuracy of seed {seed}", accuracy, 0, 1, "[]")
        checks.text("note", self.note, empty=True)
        images = sum(map(sum, self.confusion))
        right = sum(row[digit] for digit, row in enumerate(self.confusion))
        if right / max(images, 1) != self.accuracy:
            raise StoreError(
                "a card's confusion matrix must have the test accuracy of its run, "
                f"{100 * self.accuracy:.2f} %",
                f"{right:,} of {images:,} images right",
            )

    @property
    def accuracy(self) -> float:
        """On the test examples of its data set: a share in [0, 1]."""
        return self.record.metrics["test_accuracy"]

    @property
    def shows_digits(self) -> bool:
        """Whether its examples are digits of MNIST's form."""
        data = self.record.experiment.data
        return shows_digits(data.shape, data.classes, self.record.data)

    @property
    def things(self) -> str:
        """What its examples are called: `images`, `rows` or, of others, `examples`."""
        data = self.record.experiment.data
        if len(data.shape) == 1:
            return "rows"
        return "images" if data.dtype == "uint8" else "examples"

    @property
    def class_names(self) -> tuple[str, ...]:
        """What its classes are called, fit to be shown; empty where their numbers are all."""
        return tuple(shown(name, 60) for name in self.record.data.get("class_names") or ())

    @property
    def bytes(self) -> int:
        """Of all its formats' files."""
        return sum(self.files.values())

    def to_json(self) -> str:
        """Return the content of `FILE`."""
        content = {
            "schema": SCHEMA,
            "run": self.record.to_dict(),
            "formats": {parity.format: asdict(parity) for parity in self.parities},
            "confusion": self.confusion,
            "commands": self.commands,
            "note": self.note,
            "files": self.files,
            **({"columns": list(self.columns)} if self.columns else {}),
            **({"seeds": self.seeds} if self.seeds else {}),
            **({"license": self.license} if self.license else {}),
            **({"sha256": self.sha256} if self.sha256 else {}),
        }
        return json.dumps(with_checksum(content), indent=1, allow_nan=False) + "\n"

    @classmethod
    def read(cls, folder: Path) -> "Card":
        """Read the card of a version's folder.

        Raises:
            StoreError: there is none, or it is not one of this package's.
        """
        wanted = f"{folder} must be a network exported by this package, with its {FILE}"
        try:
            with stored_as("a card must have what a card has"):
                content = read_json(folder / FILE)
                content = without_checksum(content, "a card")  # older ones have none
                if content["schema"] != SCHEMA:
                    raise ValueError(f"schema {content['schema']!r}")
                return cls(
                    RunRecord.from_json(json.dumps(content["run"])),
                    [Parity(**parity) for parity in content["formats"].values()],
                    content["confusion"],
                    content["commands"],
                    content["note"],
                    content["files"],
                    # Cards of before 0.4 have none of these.
                    tuple(checks.listed("columns", content.get("columns", []))),
                    {int(seed): one for seed, one in content.get("seeds", {}).items()},
                    shown(content.get("license", ""), 60),
                    content.get("sha256", {}),
                )
        except (OSError, StoreError) as error:
            raise StoreError(wanted, error, "Export it anew") from None


def card_beside(path: Path) -> Card | None:
    """Return the card of a version's folder, or that beside one of its files; `None`: none is.

    Raises:
        StoreError: it is not one of this package's.
    """
    folder = path if path.is_dir() else path.parent
    return Card.read(folder) if (folder / FILE).exists() else None


def named(number: int, names: tuple[str, ...]) -> str:
    """Return what a class is called: `3: shirt`; where it has no name, its number."""
    return f"{number}: {names[number]}" if number < len(names) else str(number)


def confusion_of(truth: np.ndarray, said: np.ndarray, classes: int) -> list[list[int]]:
    """Return how many images of each class (rows) were called each class (columns).

    Args:
        truth, said: whole numbers (n,), below `classes`.
    """
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (truth, said), 1)
    return counts.tolist()


def network_files(folder: Path) -> dict[str, int]:
    """Return the bytes of each file below a version's folder, by its name there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}
