"""A document of a person's own, from its file to verdicts, tables and the page."""

import json
import os
import re
from pathlib import Path

import pytest
from conftest import ROOT

from keras_mnist.documents import read_document
from keras_mnist.documents.file.form import schema

MINE = """\
title = "A paper <b>on</b> digits"
data = "digits"
figures = [["plain"]]
[baseline]
network = "mlp"
width = 16
epochs = 2
train_size = 200
validation_split = 0.0
[experiments]
plain = {}
"mine, too" = {network = "net.py", units = 16}
[[counts]]
experiment = "mine, too"
where = "page 1"
total = 12730
layers = {hidden = 12560}
[[numbers]]
where = "table 1"
unit = "%"
columns = ["experiment", "test_accuracy"]
rows = [["plain", 30.1], ["mine, too", 0.1]]
[[statements]]
name = "it learns"
says = "training loss falls"
where = "page 2"
holds = 'train_loss("plain", 1) > train_loss("plain")'
"""
NETWORK = """\
from pathlib import Path
import keras

Path("was_run").touch()

def network(shape, classes, units=8):
    layers = keras.layers
    return keras.Sequential([
        keras.Input(shape),
        layers.Flatten(),
        layers.Dense(units, activation="relu", name="hidden"),
        layers.Dense(classes, activation="softmax"),
    ])
"""
HOW = ("mine.toml", "--model", "net.py")


@pytest.fixture
def mine(tmp_path, inside):
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "net.py").write_text(NETWORK)
    return inside


def test_no_file_makes_code_run_that_is_not_named(mine):
    for command in (("reproduce", "--plan"), ("reproduce", "--list"), ("report",)):
        told = mine(*command, "mine.toml")
        assert told.returncode == 2
        assert "mine.toml, line 12: the code of net.py must be named on the" in told.stderr
        assert "--model net.py" in told.stderr
    told = mine("reproduce", "mine.toml", "--plan", "--model", "other.py")
    assert "--model net.py" in told.stderr
    assert mine("reproduce", *HOW, "--list").returncode == 0
    assert not Path("was_run").exists(), "a list needs no network built"


def test_the_way_of_a_document(mine):
    Path("mine.toml").write_text(MINE.replace("{hidden =", "{hiden ="))
    told = mine("reproduce", *HOW, "--plan")
    assert "'hiden' must be a layer of mine, too in mine" in told.stderr
    assert told.returncode == 2 and "Did you mean hidden" in told.stderr
    Path("mine.toml").write_text(MINE)
    planned = mine("reproduce", *HOW, "--plan", "--seeds", "3")
    assert "6 to train" in planned.stderr and "data: digits" in planned.stderr
    listed = mine("reproduce", *HOW, "--list").stdout.splitlines()
    assert listed[0] == "mine/mine-too/hidden-parameters  (count, page 1)" or len(listed) == 5
    done = mine("reproduce", *HOW, "--seeds", "3", "--quiet", "--json", "all.json", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    told = {claim["id"]: claim for claim in json.loads(Path("all.json").read_text())["claims"]}
    assert told["mine/mine-too/parameters"]["verdict"] == "equal"
    assert told["mine/mine-too/hidden-parameters"]["verdict"] == "equal"
    assert told["mine/it-learns"]["ours"]["n"] == 3
    assert told["mine/plain/test_accuracy"]["ours"]["noise"] is None, "it is MNIST's"
    for name in ("claims.md", "claims.csv", "claims.tex", "mine_curves.png", "published.png"):
        assert (Path("reproduction") / name).stat().st_size > 100

    before = Path("reproduction/claims.csv").read_text()
    again = mine("report", *HOW, "--out", "again")
    assert again.returncode == 0, again.stderr
    assert Path("again/claims.csv").read_text() == before
    one = mine("reproduce", *HOW, "--only", "mine/plain/test_accuracy", "--seeds", "3", "--plan")
    assert "3 stored" in one.stderr and "to train" not in one.stderr

    page = mine("page", "--document", *HOW)
    assert page.returncode == 0, page.stderr
    text = Path("page.html").read_text()
    assert "What 1 document claims of digits, and what 6 runs of ours say" in text
    assert "<b>on</b>" not in text and "&lt;b&gt;on&lt;/b&gt;" in text
    assert "keras-mnist reproduce mine.toml --model net.py --only mine/plain/test_accuracy" in text
    assert "nothing published is compared" not in text
    assert "12,730" in text, "its network is drawn"

    other = mine("reproduce", *HOW, "--data", os.environ["KERAS_MNIST_DATA"], "--quiet")
    assert "no verdicts" in other.stdout, other.stderr
    (Path("mine.toml")).write_text(MINE.replace('"digits"', f'"digits"\ndigest = "{"0" * 64}"', 1))
    wrong = mine("report", *HOW)
    assert wrong.returncode == 2 and "must have the digest that it says" in wrong.stderr


def test_documents_of_one_command_are_about_one_data_set_and_have_names_of_their_own(mine):
    told = mine("report", "tanh_report", *HOW)
    assert told.returncode == 2 and "must be about one data set" in told.stderr
    Path("mine.toml").write_text(
        MINE.replace("title", 'name = "tanh_report"\ntitle').replace("digits", "mnist")
    )
    told = mine("report", "tanh_report", *HOW)
    assert told.returncode == 2 and "must differ in their names" in told.stderr


def test_a_path_of_data_is_beside_the_file(tmp_path):
    (tmp_path / "mine.toml").write_text(
        MINE.replace('"digits"', '"numbers.csv"\ntarget = "kind"\ntest_split = 0.25')
        .replace('"mine, too" = {network = "net.py", units = 16}', '"mine, too" = {}')
        .replace("layers = {hidden = 12560}", "")
    )
    (tmp_path / "numbers.csv").touch()
    about = read_document(tmp_path / "mine.toml").data
    assert about.name == str(tmp_path / "numbers.csv")
    assert (about.target, about.test_split, about.digest) == ("kind", 0.25, "")


def test_a_new_document_reads_plans_and_is_not_written_twice(inside):
    made = inside("new-document", "my-paper")
    assert (made.returncode, made.stdout) == (0, "my-paper.toml\n")
    assert inside("reproduce", "my-paper.toml", "--plan").returncode == 0
    listed = inside("reproduce", "my-paper.toml", "--list").stdout.splitlines()
    assert len(listed) == len(read_document("my-paper.toml").claims) > 5
    before = Path("my-paper.toml").read_text()
    assert "NAME" not in before and "TITLE" not in before
    again = inside("new-document", "my-paper.toml")
    assert again.returncode == 1 and "must not be there yet" in again.stderr
    assert Path("my-paper.toml").read_text() == before
    bad = inside("new-document", "../näme")
    assert bad.returncode == 2 and "letters without accents" in bad.stderr
    assert json.loads(inside("new-document", "x", "--schema").stdout) == schema()


def test_keras_s_own_example_is_read_and_planned(inside, tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    command = ("reproduce", "examples/keras_convnet.toml", "--model", "examples/mnist_convnet.py")
    planned = inside(*command, "--plan")
    assert planned.returncode == 0, planned.stderr
    assert "1 experiment" in planned.stderr and "to train" in planned.stderr
    listed = inside(*command, "--list").stdout.splitlines()
    assert "keras_convnet/convnet/test_accuracy  (number, Evaluate the trained model)" in listed
    assert "keras_convnet/convnet/val_loss/11  (number, Train the model)" in listed
    assert len(listed) == 4 + 4 * 11 + 2 + 2


def test_the_page_s_file_is_a_document(inside, tmp_path):
    """What docs/documents.md puts together, block by block."""
    page = (ROOT / "docs" / "documents.md").read_text()
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "paper.toml").write_text("\n".join(blocks))
    (tmp_path / "mnist_convnet.py").write_bytes((ROOT / "examples/mnist_convnet.py").read_bytes())
    listed = inside("reproduce", "paper.toml", "--model", "mnist_convnet.py", "--list")
    assert listed.returncode == 0, listed.stderr
    assert len(listed.stdout.splitlines()) == 4 + 3 * 4 + 2 + 2
    whole = (ROOT / "examples" / "keras_convnet.toml").read_text()
    rows = re.findall(r"^    \[\d.*$", "\n".join(blocks), re.MULTILINE)
    assert len(rows) == 3 and all(row in whole for row in rows)


SHOWN = re.findall(
    r"^\| (`.*) \| ", (ROOT / "docs" / "documents.md").read_text().split("in `holds`")[1], re.M
)


@pytest.mark.parametrize("text", [one for row in SHOWN for one in re.findall(r"`([^`]*)`", row)])
def test_what_the_page_says_can_stand_in_a_statement(text, tmp_path):
    amount = text[0].isdigit()
    text = text.replace("...", 'test_loss("A")')
    if text[0] in "+-":
        about = "accuracy" if "pp" in text else "loss"
        text = f'test_{about}("A") > test_{about}("A", 5) {text}'
    elif amount:
        about = "loss" if text == "0.3" else "accuracy"
        text = f'test_{about}("A") > {text}'
    elif ">" not in text:
        text += " > 0"
    (tmp_path / "x.toml").write_text(
        'title = "x"\n[baseline]\nnetwork = "mlp"\nepochs = 50\nvalidation_split = 0.0\n'
        "[experiments]\nA = {}\n[[statements]]\n"
        f"name = 's'\nsays = 's'\nwhere = 'x'\nholds = '{text}'\n"
    )
    assert read_document(tmp_path / "x.toml").claims[0].parts
