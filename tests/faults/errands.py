"""Commands that are killed and started again: what each is asked, and what must come of it."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from conftest import ROOT, Command
from stores import contents

from keras_mnist import Experiment
from keras_mnist.base.errors import StoreError
from keras_mnist.commands import home
from keras_mnist.serving.card import Card

DOCUMENT = """\
title = "A paper on digits"
data = "digits"
[baseline]
network = "mlp"
width = 16
epochs = 2
train_size = 256
validation_split = 0.0
[experiments]
plain = {}
wide = {width = 32}
[[numbers]]
where = "table 1"
unit = "%"
columns = ["experiment", "test_accuracy"]
rows = [["plain", 30.1], ["wide", 40.2]]
"""
FEW = ("--data", "digits", "--quiet")
SMALL = (*FEW, "--train-size", 256, "--epochs", 2, "--jobs", 2)
TINY = (*SMALL, "--retry-failed")
SEARCH = (*SMALL, "--trials", 4, "--seeds", 2, "--width", "8:32")
EXPERIMENT = Experiment().change(width=16, train_size=256, epochs=2)


@dataclass(frozen=True)
class Errand:
    """A command, and what it leaves in its folder.

    Attributes:
        command: of the package, with its arguments.
        files: that it needs, by name.
        victims: who is killed, as often as each is named.
        runs: how many it trains, at least.
    """

    command: tuple
    files: dict[str, str] = field(default_factory=dict)
    victims: tuple[str, ...] = ("driver", "driver", "driver", "worker", "fork server")
    runs: int = 4

    def start(self, command: Command):
        """Start it as a person does, in the command's folder."""
        for name, text in self.files.items():
            (command.folder / name).write_text(text)
        name, *arguments = map(str, self.command)
        return command.start_line([sys.executable, "-m", home(name), *arguments])


ERRANDS = {
    "reproduce": Errand(
        ("reproduce", "mine.toml", "--seeds", 3, "--quiet", "--retry-failed", "--jobs", 2),
        {"mine.toml": DOCUMENT},
        runs=6,
    ),
    "search": Errand(("search", *SEARCH), runs=8),
    "search by two workers": Errand(
        ("search", *SEARCH, "--workers", 2),
        victims=("driver", "chief", "tuner0", "tuner1", "worker"),
        runs=8,
    ),
    "export": Errand(
        ("export", "best.json", "--name", "mine", *FEW, "--format", "numpy"),
        {"best.json": json.dumps(EXPERIMENT.to_dict())},
        runs=1,
    ),
    "a study of an own network": Errand(
        ("ablate", "--model", "digits_convnet.py", "--no-second", "--seeds", 2, *TINY),
        {"digits_convnet.py": (ROOT / "examples" / "digits_convnet.py").read_text()},
    ),
    "a study until it is told": Errand(
        ("ablate", "--no-relu", "--until-told", "--at-most", 4, "--margin", 99, *TINY), runs=6
    ),
}


def left(folder: Path) -> dict:
    """Return what a command has left: records, trials, networks, but for dates and durations."""
    networks = [Card.read(path.parent) for path in folder.glob("saved_models/*/*/card.json")]
    result = folder / "search" / "result.json"
    trials = json.loads(result.read_text())["trials"] if result.exists() else []
    return {
        "records": contents(folder / "runs"),
        "trials": sorted(json.dumps([one["values"], one["scores"]]) for one in trials),
        # A second version, where the first was whole when its command was killed, says the same.
        "networks": sorted(
            {f"{c.record.weights_sha256} {c.confusion} {[*c.files]}" for c in networks}
        ),
    }


def ended_trials(folder: Path) -> list[int]:
    """Return the trials that a search's journal says have ended, as often as it says so."""
    journal = folder / "search" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True) if journal.exists() else []
    events = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return [event["trial"] for event in events if event["event"] == "ended"]


def whole_networks(folder: Path) -> set[Path]:
    """Return the folders of exported networks, each of which can be read."""
    found = set()
    for path in folder.glob("saved_models/*/[0-9]*"):
        try:
            Card.read(path)
        except StoreError:
            raise AssertionError(f"{path} is no whole network") from None
        found.add(path)
    return found
