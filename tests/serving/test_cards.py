"""Cards that are none: a field of another kind is refused, with its folder named."""

import copy
import json
from pathlib import Path

import pytest
from stores import unsealed

from keras_mnist import exports
from keras_mnist.base.errors import StoreError
from keras_mnist.reporting.model_card import as_markdown
from keras_mnist.serving.card import FILE, Card
from keras_mnist.serving.shelf import PRETRAINED, find_network

OTHERS = (None, 5, -1, 1.5, "x", [], {}, [1], ["x"], {"a": 1}, [[1]], True, 10**400)
OURS = find_network(PRETRAINED)
CONTENT = unsealed(OURS / FILE)


def places(value, at=()):
    """Yield the way to each part of a card, of lists and tables the first few."""
    if at:
        yield at
    parts = list(value.items()) if isinstance(value, dict) else []
    parts = list(enumerate(value))[:2] if isinstance(value, list) else parts[:9]
    for name, part in parts:
        yield from places(part, (*at, name))


def card_with(folder: Path, at: tuple, value) -> Path:
    content = copy.deepcopy(CONTENT)
    inner = content
    for name in at[:-1]:
        inner = inner[name]
    inner[at[-1]] = value
    (folder / FILE).write_text(json.dumps(content))
    return folder


@pytest.mark.parametrize("part", [name for name in CONTENT if name != "run"])
def test_whatever_stands_in_a_field_of_a_card_it_is_read_and_shown_or_refused(part, tmp_path):
    refused = 0
    for at in places(CONTENT[part], (part,)):
        for value in OTHERS:
            try:
                card = Card.read(card_with(tmp_path, at, value))
            except StoreError as error:
                refused += str(tmp_path) in error.requirement
            else:
                assert as_markdown("a", card) and card.bytes >= 0
    assert refused


def test_one_bad_card_hides_no_other(tmp_path, monkeypatch, capsys):
    for version, value in (("1", CONTENT["files"]), ("2", {"model.npz": "many"})):
        folder = tmp_path / "saved_models" / "mine" / version
        folder.mkdir(parents=True)
        card_with(folder, ("files",), value)
    monkeypatch.chdir(tmp_path)
    assert exports.main([]) == 1
    said = capsys.readouterr()
    assert "mine/2 must be a network exported by this package" in said.err
    assert "saved_models/mine/1" in said.out and PRETRAINED in said.out
