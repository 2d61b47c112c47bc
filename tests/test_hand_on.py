"""What a person hands on: whole, and without a path of the machine that made it."""

import json
import re
import shutil
from pathlib import Path
from statistics import mean, stdev

import pytest
from conftest import ROOT
from test_documented import MINE, NETWORK

import keras_mnist
from keras_mnist.base.names import as_line
from keras_mnist.documented import read_documents, with_their_data
from keras_mnist.reporting.front_matter import front_matter
from keras_mnist.runs import RunRecord, Store
from keras_mnist.serving.card import Card

QUICK = ("--no-relu", "--epochs", 1, "--train-size", 100, "--seeds", 2)


def naming(folder: Path, places) -> list[str]:
    """The files below a folder that name one of the places, in whatever part."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    words = [str(place).encode() for place in places]
    return [p.name for p in found if any(word in p.read_bytes() for word in words)]


def test_a_folder_is_handed_on_and_continued(inside, tmp_path, data_file):
    """Everything by absolute paths: none stands in what was made, and nothing is trained again."""
    here, there = tmp_path / "here", tmp_path / "there"
    where = ("--runs", here / "runs", "--data", data_file)
    done = inside("ablate", *QUICK, *where, "--out", here / "study")
    assert done.returncode == 0, done.stderr
    (record, *_) = (here / "runs").glob("mlp*activation*/seed-0.json")
    how = ("--data", data_file, "--runs", here / "runs", "--out", here / "exports", "--quiet")
    assert inside("export", record, *how, "--name", "mine").returncode == 0
    page = ("--runs", here / "runs", "--data", data_file, "--out", here / "page.html")
    assert inside("page", *page).returncode == 0
    assert inside("table", "--runs", here / "runs", "--out", here / "t.csv").returncode == 0
    assert {"table.md", "study.json", "curves.svg"} <= {p.name for p in (here / "study").iterdir()}
    assert not naming(here, (tmp_path, data_file.parent, ROOT, Path.home()))
    found = json.loads((here / "study" / "study.json").read_text())["data"]
    assert found["name"] == "small" and len(found["digest"]) == 64

    shutil.unpack_archive(shutil.make_archive(str(tmp_path / "all"), "zip", here), there)
    shutil.rmtree(here)
    where = ("--runs", there / "runs", "--data", data_file)
    again = inside("ablate", *QUICK, *where, "--out", there / "again")
    assert "0 trained, 4 stored before" in again.stderr, again.stderr
    for name in ("table.md", "forest.svg"):
        theirs, ours = (there / part / name for part in ("study", "again"))
        assert theirs.read_text() == ours.read_text()
    card = Card.read(there / "exports" / "mine" / "1")
    assert len(card.seeds) == 2
    assert "seed-0.json --data small.npz" in card.commands[0]


def test_a_document_of_one_s_own_leaves_no_path_either(inside, tmp_path, digits):
    own, made = tmp_path / "own", tmp_path / "made"
    own.mkdir()
    (own / "mine.toml").write_text(MINE)
    (own / "net.py").write_text(NETWORK)
    (read,) = read_documents([str(own / "mine.toml")], [str(own / "net.py")], made / "runs")
    (document,) = with_their_data({read: None})
    experiment = document.experiment("plain")
    measured = {"train_loss": 0.4, "test_loss": 0.5, "test_accuracy": 90 / 297}
    history = {"train_loss": [0.5, 0.4], "test_loss": [0.6, 0.5]}
    about = digits.identity, "completed", "", measured, history
    Store(made / "runs").save(RunRecord(experiment, 0, *about))
    code = ("--model", own / "net.py", "--runs", made / "runs")
    done = inside("report", own / "mine.toml", *code, "--out", made, "--json", made / "all.json")
    assert done.returncode == 0, done.stderr
    page = inside("page", "--document", own / "mine.toml", *code, "--out", made / "page.html")
    assert page.returncode == 0, page.stderr
    assert not naming(made, (tmp_path, ROOT))
    told = "keras-mnist reproduce own/mine.toml --model own/net.py --only mine/"
    assert told in (made / "page.html").read_text()


def test_a_command_is_told_by_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["x", f"{tmp_path}/a b/c", "--data=/far/d.npz", "/far/mine.py:net", "runs/e", "--to=1"]
    assert as_line(words) == "x 'a b/c' --data=d.npz mine.py:net runs/e --to=1"


def a_card(**changes):
    card = Card.read(ROOT / "saved_models" / "mlp_64" / "1")
    return Card(**{**vars(card), **changes})


def test_a_card_begins_with_what_model_hubs_read():
    yaml = pytest.importorskip("yaml", reason="needs the package PyYAML")
    accuracies = a_card().accuracy, 0.9745, 0.9705
    card = a_card(seeds=dict(enumerate(accuracies)), license="cc-by-4.0")
    text = front_matter('64: "no"', card)
    lines = text.splitlines()
    assert lines[0] == lines[-1] == "---"
    found = yaml.safe_load("\n".join(lines[1:-1]))
    assert (found["license"], found["library_name"]) == ("cc-by-4.0", "keras")
    assert found["pipeline_tag"] == "image-classification"
    assert found["datasets"] == ["ylecun/mnist"] and found["metrics"] == ["accuracy"]
    assert found["tags"] == ["keras_mnist", "mlp", "saved_model", "numpy"]
    (model,) = found["model-index"]
    ((result),) = model["results"]
    assert model["name"] == '64: "no"'
    assert result["task"] == {"type": "image-classification"}
    assert result["dataset"]["args"] == {"digest": card.record.data["digest"]}
    ours, all_of_them = result["metrics"]
    assert (ours["type"], ours["value"]) == ("accuracy", card.accuracy)
    assert all_of_them["value"] == pytest.approx(mean(accuracies))
    assert all_of_them["args"] == {"sd": pytest.approx(stdev(accuracies), rel=1e-3), "n": 3}


def test_where_one_seed_is_known_nothing_is_said_of_others():
    text = front_matter("mlp_64", a_card(seeds={}))
    assert "mean over" not in text and "license" not in text
    assert text.count("- type: accuracy") == 1


def test_model_hubs_read_the_results():
    """As their own library does."""
    hub = pytest.importorskip("huggingface_hub", reason="needs the package huggingface_hub")
    ours = a_card(seeds={1: 0.9})
    card = hub.ModelCard(front_matter("mlp_64", ours) + "\n\n# mlp_64\n")
    values = {result.metric_name: result.metric_value for result in card.data.eval_results}
    assert values["Accuracy of these weights, seed 0"] == ours.accuracy
    assert values["Accuracy, mean over 2 seeds"] == pytest.approx((ours.accuracy + 0.9) / 2)


def test_the_citation_names_this_version():
    text = (ROOT / "CITATION.cff").read_text()
    assert re.search(r"^version: (.*)$", text, re.M)[1] == keras_mnist.__version__
    assert re.search(r"^cff-version: 1\.2\.0$", text, re.M)
    for required in ("message", "title", "authors"):
        assert re.search(rf"^{required}:", text, re.M)
