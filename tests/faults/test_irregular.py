"""What is no file, in the place of one: a pipe, a device, a hole of many gigabytes."""

import json
import os
import resource
from pathlib import Path

import pytest

from keras_mnist import Experiment
from keras_mnist.base.errors import KerasMnistError, StoreError
from keras_mnist.data.results import values_of
from keras_mnist.documents import read_document
from keras_mnist.experiment.file import read_experiment
from keras_mnist.export import main as export
from keras_mnist.networks.code import code_of_file
from keras_mnist.networks.saved import code_of_saved
from keras_mnist.runs import Store
from keras_mnist.runs.search_record import SearchRecord
from keras_mnist.serving.arrays import read_array
from keras_mnist.serving.card import Card
from keras_mnist.serving.images import read_image
from keras_mnist.serving.plain import read_plain
from keras_mnist.verify import records_at
from tuner.folder import open_folder
from tuner.journal import Journal

DIGEST = "ab" * 32
HOLE = 2**36  # bytes that a file claims and no disk holds


def record_of(path: Path):
    store, experiment = Store(path.parent.parent), Experiment()
    place = store.path(experiment, DIGEST, 0)
    place.parent.mkdir()
    os.rename(path, place)
    found = store.load(experiment, DIGEST, 0)
    raise StoreError(str(store.set_aside)) if found is None else AssertionError(found)


# By what is read: the file's name, and what reads it.
READERS = {
    "a record": ("seed-0.json", record_of),
    "a record to verify": ("seed-0.json", records_at),
    "an experiment": ("best.json", read_experiment),
    "a file to export": ("run.json", lambda path: export([str(path)])),
    "an export's card": ("card.json", lambda path: Card.read(path.parent)),
    "a search's result": ("result.json", lambda path: SearchRecord.read(path.parent)),
    "a search's question": ("search.json", lambda path: open_folder(path.parent, {}, False, None)),
    "a journal": ("journal.jsonl", Journal),
    "a document": ("mine.toml", read_document),
    "code": ("mine.py", lambda path: code_of_file(str(path))),
    "a saved model": ("mine.keras", code_of_saved),
    "a table of results": ("rows.csv", lambda path: values_of(str(path), ["v"], "m", None)),
    "a picture": ("digit.png", lambda path: read_image(path, "digit.png")),
    "an array": ("rows.npy", lambda path: list(read_array(path, (4,), "float32"))),
    "a network of arrays": ("network.npz", read_plain),
}


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def hole(path: Path) -> None:
    path.touch()
    os.truncate(path, HOLE)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("make", [pipe, device, hole])
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_refused_at_once(reader, make, tmp_path):
    name, read = READERS[reader]
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    make(folder / name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises((KerasMnistError, OSError, ValueError)) as told:
        read(folder / name)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 1024, "KiB: it was not read"
    if reader != "a network of arrays":  # told by who asks for one
        assert isinstance(told.value, KerasMnistError) and str(told.value)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "\ufeff[", "\x00"])
@pytest.mark.parametrize("reader", [r for r, (name, _) in READERS.items() if ".json" in name])
def test_json_that_is_none_is_refused(reader, text, tmp_path):
    name, read = READERS[reader]
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    (folder / name).write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(KerasMnistError):
        read(folder / name)


def test_a_byte_order_mark_is_no_part_of_json(tmp_path):
    path = tmp_path / "best.json"
    path.write_text(json.dumps(Experiment().to_dict()), encoding="utf-8-sig")
    assert read_experiment(path) == Experiment()
