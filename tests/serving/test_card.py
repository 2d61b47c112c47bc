"""The card beside an exported network, which may come from anybody."""

import json

import pytest
from conftest import ROOT
from stores import unsealed

from keras_mnist.base.errors import StoreError
from keras_mnist.serving.card import FILE, Card

SOUND = unsealed(ROOT / "saved_models" / "mlp_64" / "1" / FILE)
OTHERS = [None, True, 3, 0.5, -1, "x", [], [[]], {"x": []}, ["\ud800", 1], {"1": "x"}, [None]]


def read(content, folder):
    (folder / FILE).write_text(json.dumps(content))
    return Card.read(folder)


def test_a_card_is_read_back_as_it_was_written(tmp_path):
    again = read({**SOUND, "columns": ["a"], "seeds": {"3": 0.5}, "license": "mit"}, tmp_path)
    assert (again.columns, again.seeds, again.license) == (("a",), {3: 0.5}, "mit")
    assert read(json.loads(again.to_json()), tmp_path) == again


@pytest.mark.parametrize("other", OTHERS, ids=str)
@pytest.mark.parametrize("name", [*SOUND, "columns", "seeds"])
def test_a_field_of_another_type_is_refused_or_does_no_harm(name, other, tmp_path):
    try:
        card = read({**SOUND, name: other}, tmp_path)
    except StoreError as error:
        assert "must be a network exported by this package" in str(error)
    else:  # a note that is a text, no files, no seeds
        assert card.bytes >= 0 and card.things and card.accuracy
        assert all(isinstance(text, str) for text in (card.note, *card.columns, *card.commands))
        assert all(0 <= accuracy <= 1 for accuracy in card.seeds.values())
        json.loads(card.to_json())


@pytest.mark.parametrize("other", [None, "x", -1, [1], True, 1e999])
@pytest.mark.parametrize("name", ["format", "images", "difference", "tolerance"])
def test_what_a_format_agrees_to_is_numbers(name, other, tmp_path):
    formats = {"numpy": {**SOUND["formats"]["numpy"], name: other}}
    with pytest.raises(StoreError, match="must be a network exported by this package"):
        read({**SOUND, "formats": formats}, tmp_path)
