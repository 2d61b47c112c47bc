"""A search of a person's own network: what she names, or what her keras-tuner function declares."""

import json

import pytest
from conftest import ROOT
from pages import of_example, tables_in

from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment import Experiment
from keras_mnist.networks import LeNet
from keras_mnist.runs.baseline import baseline_named, own_named
from keras_mnist.runs.search_record import SearchRecord, axes_of
from keras_mnist.site.search import landscape
from tuner.space import Space, named_span, space_of

EXAMPLES = ROOT / "examples"
OPTIONS = [
    "--data",
    "digits",
    "--train-size",
    "200",
    "--epochs",
    "1",
    "--seeds",
    "1",
    "--trials",
    "3",
    "--quiet",
]


@pytest.fixture(scope="module")
def convnet():
    return baseline_named(str(EXAMPLES / "digits_convnet.py"))[1]


@pytest.mark.parametrize(
    ("text", "name", "span"),
    [
        ("filters=4:16", "filters", Range(4, 16)),
        ("filters=4:16:log", "filters", Range(4, 16, log=True)),
        ("dropout=0:0.6", "dropout", Range(0.0, 0.6)),
        ("filters=4,8", "filters", Values((4, 8))),
        ("second=true,false", "second", Values((True, False))),
        ("optimizer=adam,sgd", "optimizer", Values(("adam", "sgd"))),
        ("learning-rate=1e-4:1e-2:log", "learning_rate", Range(1e-4, 1e-2, log=True)),
    ],
)
def test_spans_that_are_named(convnet, text, name, span):
    assert named_span(text, convnet) == (name, span)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fliters=4:8", "Did you mean filters"),
        ("filters", "filters=LOW:HIGH"),
        ("filters=4:8:16", "filters=LOW:HIGH"),
        ("filters=4:8.5", "filters=LOW:HIGH"),
        ("dropout=0:0.5:log", "dropout=LOW:HIGH"),
        ("second=1:2", "second=LOW:HIGH"),
        ("filters=8:4", "LOW below HIGH"),
        ("dropout=0:nan", "must be a number"),
        ("optimizer=adam,sdg", "optimizer must be one of"),
        ("shape=3", "must name a choice"),
    ],
)
def test_what_is_no_span_is_told(convnet, text, told):
    with pytest.raises(ExperimentError, match=told):
        space_of(convnet, searched=[text])


def test_a_network_that_declares_nothing_must_be_told_what(convnet):
    with pytest.raises(ExperimentError, match="it has filters, second, dropout"):
        space_of(convnet)
    assert list(space_of(Experiment(network=LeNet())).fields) == ["c5_width", "f6_width", "dropout"]


def test_a_keras_tuner_function_is_its_space():
    network = own_named(f"{EXAMPLES / 'tuned.py'}:build", "")
    assert network.arguments == {"units": 32, "dropout": 0.2}
    space = space_of(Experiment(network=network))
    assert space.fields == {"units": Range(8, 64, 8), "dropout": Range(0.0, 0.5, 0.1)}
    axes = axes_of(space.to_dict(), Experiment(network=network))
    assert [axis.label for axis in axes] == ["units", "dropout (share)"]


def test_searches_of_own_networks(tmp_path, inside):
    (_, command, *words), (heading, *_) = of_example("tuned.py", ROOT / "docs" / "own.md")
    done = inside(command, *words, *OPTIONS)
    assert done.returncode == 0, done.stderr
    board, *_ = tables_in((tmp_path / "search" / "leaderboard.md").read_text())
    assert board[0] == heading and len(board) == 4
    record = SearchRecord.read(tmp_path / "search")
    assert record.question.searched == ["units", "dropout"] and len(record.trials) == 3
    assert all(trial.values["units"] % 8 == 0 for trial in record.trials)
    assert (tmp_path / "search" / "map.png").exists()
    best = json.loads((tmp_path / "search" / "best.json").read_text())
    assert best["experiment"]["model"]["arguments"] == record.trials[0].values

    again = inside(command, *words, *OPTIONS)
    assert again.returncode == 0 and "3 done before" in again.stderr

    own = ("--model", EXAMPLES / "digits_convnet.py", "--search", "second=true,false")
    done = inside("search", *own, *OPTIONS, "--directory", "other")
    assert done.returncode == 0, done.stderr
    assert not landscape(SearchRecord.read(tmp_path / "other"))["points"]  # no number to draw by


def test_a_space_of_one_number_is_drawn_by_what_came_of_it():
    base = Experiment()
    (axis,) = axes_of(Space({"width": Range(8, 64, log=True)}).to_dict(), base)
    assert (axis.label, axis.log) == ("width (units)", True)
    assert not axes_of(Space({"optimizer": Values(("sgd", "adam"))}).to_dict(), base)
