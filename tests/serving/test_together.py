"""A network and the card beside it: where they are not of one another, nothing is answered."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from stores import unsealed

from keras_mnist.base.checksum import sha256_of
from keras_mnist.base.errors import StoreError
from keras_mnist.command import guarded
from keras_mnist.predict import main
from keras_mnist.serving.card import FILE, Card
from keras_mnist.serving.plain import save_plain
from keras_mnist.serving.together import load_with_card

OURS = ROOT / "saved_models" / "mlp_64" / "1"
NAMES = [f"{letter}." for letter in "abcdefghij"]


@pytest.fixture
def folder(tmp_path):
    """A committed network, with a card from before there were checksums."""
    there = shutil.copytree(OURS, tmp_path / "1")
    content = unsealed(there / FILE)
    del content["sha256"]
    (there / FILE).write_text(json.dumps(content))
    return there


@pytest.fixture
def told(folder):
    """The same with a card as it is written now; its classes have names."""
    card = Card.read(folder)
    record = replace(card.record, data={**card.record.data, "class_names": NAMES})
    digests = {name: sha256_of(folder / name) for name in card.files}
    card = replace(card, record=record, sha256=digests, seeds={10: 0.5, 2: 0.25})
    (folder / FILE).write_text(card.to_json())
    assert Card.read(folder) == card
    return folder


def edit(folder, change):
    content = json.loads((folder / FILE).read_text())
    change(content)
    (folder / FILE).write_text(json.dumps(content))


def three(shape=(28, 28), dtype="uint8", classes=3):
    """Return the steps and arrays of a network that is another."""
    inputs = int(np.prod(shape))
    arrays = {"k": np.zeros((inputs, classes), np.float32), "b": np.zeros(classes, np.float32)}
    begin = {"kind": "begin", "shape": list(shape), "dtype": dtype}
    dense = {"kind": "dense", "kernel": "k", "bias": "b"}
    return [begin, dense, {"kind": "activate", "by": "softmax"}], arrays


def test_what_belongs_together_answers(folder, told, capsys):
    for place in (folder, folder / "model.npz", OURS):
        classifier, card = load_with_card(place)
        assert (classifier.classes, len(card.confusion)) == (10, 10)
    (folder / "model.tflite").unlink(missing_ok=True)  # what is gone is no matter
    np.save(folder.parent / "blank.npy", np.zeros((28, 28), np.uint8))
    line = [str(folder.parent / "blank.npy"), "--network", str(folder), "--json"]
    assert guarded(main, line) == 0
    assert json.loads(capsys.readouterr().out)["name"] in NAMES


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["run"]["data"]["class_names"].append(
            content["run"]["data"]["class_names"].pop(0)
        ),
        lambda content: content.update(columns=["b", "a"]),
        lambda content: content["sha256"].clear(),
        lambda content: content.update(checksum="0" * 64),
    ],
    ids=["names rotated", "columns", "digests gone", "checksum"],
)
def test_a_card_that_was_altered_is_refused(change, told, capsys):
    edit(told, change)
    assert guarded(main, ["-", "--network", str(told)]) == 1
    said = capsys.readouterr()
    assert "a card must be as it was written" in said.err and "Export it anew" in said.err
    assert said.out == ""


def test_a_file_that_was_replaced_is_named(told, folder):
    content = bytearray((folder / "model.npz").read_bytes())
    content[-1] ^= 1
    (folder / "model.npz").write_bytes(content)
    for place in (folder, folder / "model.npz"):
        with pytest.raises(StoreError, match=r"model.npz must be what .* another SHA-256.* anew"):
            load_with_card(place)


def test_a_file_that_cannot_be_read_is_told(told, monkeypatch):
    def refused(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("keras_mnist.serving.together.sha256_of", refused)
    with pytest.raises(StoreError, match=r"fingerprint.pb must be what .* Permission denied"):
        load_with_card(told)


def test_beside_an_older_card_a_file_of_another_size_is_named(folder):
    save_plain(folder / "model.npz", *three())
    with pytest.raises(StoreError, match=r"model.npz must be what .* bytes, 223,444 on the card"):
        load_with_card(folder)


def test_a_file_that_the_card_does_not_name_is_not_asked(folder):
    edit(folder, lambda content: content["files"].pop("model.npz"))
    with pytest.raises(StoreError, match=r"Received: model.npz, none of its fingerprint.pb, "):
        load_with_card(folder)


@pytest.mark.parametrize(
    "network, said",
    [
        ({}, "whose classes is 3, 10 on the card"),
        ({"shape": (28, 27), "classes": 10}, r"whose shape is \(28, 27\), \(28, 28\) on the card"),
        ({"dtype": "float32", "classes": 10}, "whose dtype is float32, uint8 on the card"),
    ],
)
def test_a_network_of_another_kind_than_the_card_is_refused(network, said, folder):
    edit(folder, lambda content: content.update(files={}))
    save_plain(folder / "model.npz", *three(**network))
    with pytest.raises(StoreError, match=said):
        load_with_card(folder)


def test_a_card_has_a_row_for_each_class(folder):
    edit(folder, lambda content: content.update(confusion=[[9725, 275], [0, 0]]))
    with pytest.raises(StoreError, match="confusion must be a list of 10"):
        Card.read(folder)
