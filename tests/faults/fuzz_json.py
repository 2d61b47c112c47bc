"""Targets of JSON: cards, searches, experiments, networks that were built before."""

import dataclasses
import json
import random
from pathlib import Path

from fuzz_changes import changed_json
from fuzz_targets import JSON_WORDS, RESULTS, Target
from stores import unsealed

from keras_mnist import Experiment
from keras_mnist.experiment.file import read_experiment
from keras_mnist.export import asked
from keras_mnist.networks.built import Built
from keras_mnist.networks.layers import Size
from keras_mnist.runs import Store, described
from keras_mnist.runs.baseline import own_named
from keras_mnist.runs.search_record import RESULT, Question, SearchRecord
from keras_mnist.serving.card import FILE, Card
from keras_mnist.site.search import board, landscape

ROOT = RESULTS.parents[1]
SEARCH = RESULTS.parent / "search"
NETWORK = "import keras\n\n\ndef small(width=8, act='relu'):\n    return keras.Sequential()\n"


def bases(*paths: Path, form: bytes = b"\0") -> tuple[bytes, ...]:
    """Return sound inputs: a form, and the content of a file."""
    return tuple(form + json.dumps(unsealed(path), indent=1).encode() for path in paths)


class Cards(Target):
    """The card of an exported network, and what is shown of it."""

    words = (*JSON_WORDS, b"canonical", b"class_names", b"mlp", b"uint8", b"float32")

    def __init__(self, folder):
        super().__init__(folder)
        self.bases = bases(*sorted((ROOT / "saved_models").glob("*/*/card.json")))

    def _read(self, form, data):
        (self.folder / FILE).write_bytes(data)
        card = Card.read(self.folder)
        assert f"{100 * card.accuracy:.2f} {card.bytes:,} {card.record.created.partition('T')[0]}"
        assert card.things and len(card.class_names) >= 0 and card.shows_digits in (True, False)
        (self.folder / FILE).write_text(card.to_json())
        assert Card.read(self.folder).to_json() == card.to_json()
        return True


class Searches(Target):
    """What a search leaves behind: its result for the page, and the question it was asked."""

    most_memory = 256  # experiments and records that are kept for the next, of which there are few
    forms = 2
    words = (*JSON_WORDS, b"val_accuracy", b"width", b"dropout", b"when", b"sgd", b"grid")

    def __init__(self, folder):
        super().__init__(folder)
        self.bases = bases(SEARCH / RESULT) + bases(SEARCH / "search.json", form=b"\1") * 3

    def _read(self, form, data):
        if form:
            content = json.loads(data.decode(errors="replace")) if _is_json(data) else data
            question = Question.from_dict(content)
            json.dumps(question.to_dict())
            assert question.axes is not None
            return True
        (self.folder / RESULT).write_bytes(data)
        record = SearchRecord.read(self.folder)
        json.dumps([board(record), landscape(record)]).encode()
        return True


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


class Journals(Target):
    """What happened in a search, a line an event; and the folder of one that goes on."""

    forms = 2
    words = (*JSON_WORDS, b"created", b"ended", b"COMPLETED", b"FAILED", b"val_accuracy", b"\n")

    def __init__(self, folder):
        super().__init__(folder)
        from tuner.folder import open_folder
        from tuner.journal import Journal

        self._open, self._journal = open_folder, Journal
        lines = (SEARCH / "journal.jsonl").read_bytes().splitlines(keepends=True)
        self._events = [json.loads(line) for line in lines]
        self._question = Question.from_dict(json.loads((SEARCH / "search.json").read_bytes()))
        text = b"".join(lines[:12])
        self.bases = (b"\0" + text, *bases(SEARCH / "search.json", form=b"\1"))

    def changed(self, numbers: random.Random) -> bytes:
        """Return as others, or lines of which one is changed as JSON."""
        if numbers.random() < 0.5:
            return super().changed(numbers)
        first = numbers.randrange(3)
        lines = [json.dumps(event).encode() for event in self._events[first : first + 8]]
        place = numbers.randrange(len(lines))
        words = tuple(map(bytes.decode, self.words))
        lines[place] = changed_json(numbers, self._events[first + place], words, 2)
        return b"\0" + b"\n".join(lines) + b"\n"

    def _read(self, form, data):
        name = "search.json" if form else "journal.jsonl"
        for other in ("search.json", "journal.jsonl"):
            (self.folder / other).unlink(missing_ok=True)
        (self.folder / name).write_bytes(data)
        if form:
            self._open(self.folder, self._question, False, None)
            return True
        events = self._journal(self.folder / name).checked("val_accuracy")
        return bool(events)


class Experiments(Target):
    """An experiment's file, as commands take one: its own, a record, a search's best."""

    most_memory = 256  # the classes of a person's networks that are kept, a few thousand
    words = (
        *JSON_WORDS,
        b"kind",
        b"mlp",
        b"lenet",
        b"sgd",
        b"adam",
        b"relu",
        b"width",
        b"training",
    )

    def __init__(self, folder):
        super().__init__(folder)
        self._path = folder / "best.json"
        record = next(iter(Store(RESULTS).records()))
        changed = Experiment().change(optimizer="sgd", width=64, dropout=0.1, epochs=3)
        whole = (json.dumps(e.to_dict()).encode() for e in (Experiment(), changed))
        own = own_network(folder).to_dict()
        self.bases = (
            b"\0" + json.dumps(own).encode(),
            *bases(SEARCH / "best.json"),
            *(b"\0" + text for text in whole),
            b"\0" + record.to_json().encode(),
        )

    def _read(self, form, data):
        self._path.write_bytes(data)
        found, record, name = asked(str(self._path), str(self.folder / "runs"))
        if record is None:
            assert read_experiment(self._path) == found
        assert name and found.key("data", 1) and json.dumps(found.to_dict(), allow_nan=False)
        if found.network.is_known(found.shape, found.data.classes):
            assert found.parameters >= 0
        return True


def own_network(folder: Path) -> Experiment:
    """Return a person's network in a file, as far as it is known when it has been built."""
    code = folder / "small.py"
    code.write_text(NETWORK)
    network = own_named(str(code), folder / "runs")
    sizes = (Size("dense", (10,), 7840, 10, 7840),)
    weights = (("kernel", (784, 10)), ("bias", (10,)))
    for width in (8, 16):
        built = Built(f"{width:064}", sizes, "logits", weights, False, (("optimizer", "sgd"),))
        network.change(width=width).learn((28, 28), 10, built)
    return Experiment(network=network)


class Networks(Target):
    """What a person's network built to, kept beside the runs: for its tables, and to go on."""

    words = (*JSON_WORDS, b"small", b"outputs", b"weights", b"logits", b"common", b"word", b"int")

    def __init__(self, folder):
        super().__init__(folder)
        self._runs, self._origin = folder / "runs", own_network(folder).network.origin
        described._keep(self._origin, self._runs)
        (self._path,) = (self._runs / described.FOLDER).iterdir()
        self.bases = bases(self._path)

    def _read(self, form, data):
        self._path.write_bytes(data)
        origin = dataclasses.replace(self._origin, known={})
        described._recall(origin, self._runs)
        for built in origin.known.values():
            json.dumps(built.to_dict())
        found = described.remembered(origin.name, self._runs)
        if found is not None:
            experiment = Experiment(network=found)
            assert experiment.name and experiment.key("data", 1)
            json.dumps(experiment.to_dict(), allow_nan=False)
        return bool(origin.known) or found is not None
