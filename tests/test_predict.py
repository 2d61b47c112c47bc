"""Pictures in, digits out: the command and the network that comes with the package."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, needs_mnist
from PIL import Image, ImageDraw

from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.command import guarded
from keras_mnist.data import find_data
from keras_mnist.experiment.file import read_experiment
from keras_mnist.predict import main
from keras_mnist.serving.card import Card
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.plain import save_plain
from keras_mnist.serving.shelf import HOMES, PRETRAINED, find_network

# Strokes of three digits on a page of 200 x 200 points.
STROKES = {
    1: [[(100, 30), (100, 170)]],
    4: [[(120, 30), (60, 120), (150, 120)], [(120, 80), (120, 175)]],
    7: [[(55, 40), (145, 40), (90, 170)]],
}


def draw(digit, path, ink=0, paper=255, mode="L", width=14):
    picture = Image.new("L", (200, 200), paper)
    for stroke in STROKES[digit]:
        ImageDraw.Draw(picture).line(stroke, fill=ink, width=width, joint="curve")
    picture.convert(mode).save(path)
    return str(path)


@pytest.fixture
def drawn(tmp_path):
    """A folder of drawings, named by their digits, of several kinds."""
    kinds = [{}, {"ink": 255, "paper": 0}, {"mode": "RGB"}]
    for (digit, _), kind in zip(STROKES.items(), kinds, strict=True):
        draw(digit, tmp_path / f"{digit}.png", **kind)
    return tmp_path


def predict(*arguments):
    return guarded(main, list(map(str, arguments)))


def test_drawings_are_read(drawn, capsys):
    assert predict(drawn) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [(Path(line.partition(":")[0]).stem, line.split()[1]) for line in lines] == [
        (str(digit), str(digit)) for digit in STROKES
    ]


def test_answers_as_data_and_the_next_best(drawn, capsys):
    assert predict(drawn / "7.png", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["digit"], len(answer["probabilities"])) == (7, 10)
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert predict(drawn / "7.png", "--top", 3) == 0
    assert capsys.readouterr().out.count("%") == 3


def test_one_bad_picture_among_many_is_told_and_the_others_are_answered(drawn, capsys):
    (drawn / "5.png").write_bytes(b"no picture")
    assert predict(drawn) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 3
    assert "5.png" in said.err and "Traceback" not in said.err
    assert predict(drawn, "--json") == 1
    answers = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert ["error" in answer for answer in answers] == [False, False, True, False]


def test_what_the_network_saw_is_drawn(drawn, capsys):
    assert predict(drawn, "--show", drawn / "out" / "seen.png") == 0
    with Image.open(drawn / "out" / "seen.png") as figure:
        assert figure.width > 600
    assert predict(drawn / "7.png", "--show", drawn / "seen.docx") == 2
    assert "--show" in capsys.readouterr().err


def test_a_path_that_the_shell_left_as_it_was_typed(drawn, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(drawn.parent))
    assert predict(f"~/{drawn.name}/7.png", f"'~/{drawn.name}/4.png'") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert predict("https://example.org/7.png") == 2
    assert "Received: https://example.org/7.png. Fetch it first" in capsys.readouterr().err


def test_folders_in_a_folder_are_not_searched_and_that_is_told(drawn, capsys):
    for name in ("more", "others", ".hidden"):
        (drawn / name).mkdir()
        shutil.copy(drawn / "7.png", drawn / name)
    assert predict(drawn, drawn / "4.png", drawn / "others") == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 5
    assert said.err == f"not searched: 2 folders within {drawn}; name each, too\n"


def test_no_picture_that_is_asked_about_is_drawn_over(drawn, capsys, monkeypatch):
    monkeypatch.chdir(drawn)
    before = (drawn / "7.png").read_bytes()
    for asked in ("7.png", drawn / "7.png", "."):
        assert predict(asked, "--show", "7.png") == 2
        said = capsys.readouterr()
        assert "not one of them" in said.err and not said.out
    assert (drawn / "7.png").read_bytes() == before
    assert predict("7.png", "--show", "seen") == 2
    assert "must be a .png, .svg or .pdf file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "place, said", [("folder.png", "the folder folder.png"), ("7.png/x.png", "must be writable")]
)
def test_a_figure_that_cannot_be_kept_is_said_before_anything_is_asked(
    place, said, drawn, capsys, monkeypatch
):
    monkeypatch.chdir(drawn)
    Path("folder.png").mkdir()
    assert predict("4.png", "--show", place) in (1, 2)
    told = capsys.readouterr()
    assert said in told.err and not told.out


def test_a_picture_from_standard_input(drawn):
    line = [sys.executable, "-m", "keras_mnist.predict", "-"]
    done = subprocess.run(line, input=(drawn / "4.png").read_bytes(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b" 4 (" in done.stdout
    assert done.stderr == b""


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["nowhere.png"], "nowhere.png"),
        (["empty"], "empty"),
        (["7.png", "--network", "lenet6"], "Did you mean lenet5_reg"),
        (["7.png", "--top", "11"], "--top must be a whole number"),
        (["7.png", "--as-is"], "28 pixels wide and high"),
    ],
)
def test_bad_input_is_told(arguments, said, drawn, capsys, monkeypatch):
    monkeypatch.chdir(drawn)
    Path("empty").mkdir()
    assert predict(*arguments) in (1, 2)
    assert said in capsys.readouterr().err


def test_a_picture_is_answered_without_tensorflow_or_any_extra(drawn, capsys, monkeypatch):
    for name in ("tensorflow", "keras", "ai_edge_litert", "onnxruntime"):
        monkeypatch.setitem(sys.modules, name, None)
    assert predict(drawn / "7.png") == 0
    assert ": 7 (" in capsys.readouterr().out


@needs_mnist
def test_the_network_that_comes_with_the_package_is_as_good_as_its_card_says(tmp_path, capsys):
    folder = find_network(PRETRAINED)
    card, data = Card.read(folder), find_data("mnist")
    assert card.record.data["digest"] == data.digest
    for name in ("saved_model", "litert", "numpy"):
        said = load_classifier(folder, name)(data.x_test).argmax(axis=1)
        assert np.mean(said == data.y_test) == card.accuracy > 0.99
    saved_model = sum(size for name, size in card.files.items() if not name.endswith(".tflite"))
    assert saved_model < 2**20
    for index in range(20):  # MNIST's own images, unchanged
        Image.fromarray(data.x_test[index]).save(tmp_path / f"{index:02}.png")
    assert predict(tmp_path, "--as-is", "--json") == 0
    answers = [json.loads(line)["digit"] for line in capsys.readouterr().out.splitlines()]
    assert answers == said[:20].tolist()


def test_the_committed_card_names_a_committed_run():
    card = Card.read(find_network(PRETRAINED))
    root = ROOT / "results" / "runs"
    records = [path.read_text() for path in root.glob("*/seed-0.json")]
    assert card.record.seed == 0
    assert any(card.record.weights_sha256 in text for text in records)
    assert any((home / PRETRAINED).is_dir() for home in HOMES[1:])


DENSE = [{"kind": "dense", "kernel": "k", "bias": "b"}]


@pytest.mark.parametrize(
    ("steps", "values", "told"),
    [
        ([{"kind": "scale", "divide": 255}], {}, r"an answer of shape \(1, 28, 28\)"),
        (DENSE, {"k": np.nan, "b": 0.0}, "sum to nan"),
        (DENSE, {"k": 0.0, "b": 1.0}, "sum to 3, not to 1"),
        (DENSE, {"k": 0.0, "b": 1j}, "type complex"),
    ],
)
def test_what_says_no_probabilities_is_no_network(steps, values, told, tmp_path):
    shapes = {"k": (784, 3), "b": (3,)}
    arrays = {name: np.full(shapes[name], value) for name, value in values.items()}
    save_plain(tmp_path / "model.npz", steps, arrays)
    with pytest.raises(StoreError, match=told):
        load_classifier(tmp_path / "model.npz")


def test_json_that_is_too_deep_is_told(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(ExperimentError, match="readable JSON"):
        read_experiment(tmp_path / "deep.json")
