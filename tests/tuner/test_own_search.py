"""A search of a person's own network: what she names, or what her keras-tuner function declares."""

import json

import pytest
from conftest import ROOT
from pages import of_example, tables_in

from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.study import Study
from keras_mnist.networks import LeNet, from_stored
from keras_mnist.runs.axes import axes_of
from keras_mnist.runs.baseline import baseline_named, own_named
from keras_mnist.runs.described import learn_networks
from keras_mnist.runs.search_record import SearchRecord
from keras_mnist.site.search import board, landscape
from tuner.journal import Journal
from tuner.oracles import make_oracle, replay
from tuner.space import Space, space_of
from tuner.spans import named_span

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


# What is asked for beside some values of others alone

BEGIN = """
import keras
from keras import layers


def build(hp):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
"""
END = """
    model.add(layers.Dense(10, activation="softmax"))
    return model
"""
DEEP = """
    deep = hp.Boolean("deep")
    model.add(layers.Dense(hp.Choice("units", [4, 8])))
    with hp.conditional_scope("deep", [True]):
        if deep:
            model.add(layers.Dense(hp.Int("more", 3, 6), activation="relu"))
    optimizer = keras.optimizers.SGD(hp.Choice("rate", [0.01, 0.02]))
    model.compile(optimizer, "sparse_categorical_crossentropy")
"""


@pytest.fixture
def asked(tmp_path):
    """An experiment on a keras-tuner function that does this besides what all do."""

    def made(body):
        path = tmp_path / "own.py"
        path.write_text(BEGIN + body + END)
        return Experiment(network=own_named(f"{path}:build", ""))

    return made


def test_an_argument_that_is_not_asked_for_is_no_choice(asked):
    base = asked(DEEP)
    shallow, deep = base.network, base.change(deep=True).network
    assert shallow.change(more=5) == shallow != deep != deep.change(more=5)
    assert shallow.stored((28, 28), 10)["arguments"] == {"deep": False, "units": 4, "rate": 0.01}
    assert deep.change(more=5).stored((28, 28), 10)["arguments"]["more"] == 5
    again = from_stored(deep.change(more=5).stored((28, 28), 10), (28, 28), 10)
    assert again == deep.change(more=5) != deep
    assert deep.change(more=5).change(deep=False).change(deep=True) == deep
    learn_networks([base], None)
    with pytest.raises(ExperimentError, match=r"experiment as baseline\. more needs deep True"):
        Study.of(base, {"more": [5]})


@pytest.mark.parametrize("kind", ["random", "bayesian", "hyperband", "grid"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_no_oracle_proposes_what_is_not_asked_for(kind, asked, tmp_path):
    space = space_of(asked(DEEP), grid=kind == "grid")
    assert space.to_dict()["fields"]["more"]["when"] == [["deep", [True]]]
    assert space.size == 2 * 2 * (1 + 4)
    oracle = make_oracle(kind, "val_loss", space, 20, 1, 3)
    oracle.journal = Journal(tmp_path / "journal.jsonl")
    proposed = []
    while (trial := oracle.create_trial("tuner0")).status == "RUNNING":
        proposed.append(trial.hyperparameters.values)
        oracle.update_trial(trial.trial_id, {"val_loss": len(proposed) % 3})
        trial.status = "COMPLETED"
        oracle.end_trial(trial)
    assert all(("more" in values) == bool(values["deep"]) for values in proposed)
    found = {tuple(space.values(values).items()) for values in proposed}
    assert len({dict(values).get("more") for values in found}) > 2
    assert len(found) == 20 or kind != "grid"
    again = make_oracle(kind, "val_loss", space, 20, 1, 3)
    replay(again, Journal(tmp_path / "journal.jsonl"))
    assert again.end_order == oracle.end_order


def test_a_search_records_what_was_asked_for_alone(asked, tmp_path, inside):
    """And what a network is compiled with, where hp says that, at the first time already."""
    asked(DEEP)
    line = ("search", "--model", tmp_path / "own.py", *OPTIONS, "--trials", "5")
    done = inside(*line)
    assert done.returncode == 0, done.stderr
    record = SearchRecord.read(tmp_path / "search")
    assert {("more" in trial.values, trial.values["deep"]) for trial in record.trials} == {
        (True, True),
        (False, False),
    }
    for trial in record.trials:
        assert trial.experiment.fit.learning_rate == trial.values["rate"]
        assert ("more" in trial.experiment.to_dict()["model"]["arguments"]) == trial.values["deep"]
    assert all(landscape(record)["points"]) and len(board(record)["rows"]) == 5
    stored = sorted((tmp_path / "runs").glob("*/seed-*.json"))
    assert inside(*line).returncode == 0
    assert sorted((tmp_path / "runs").glob("*/seed-*.json")) == stored


@pytest.mark.parametrize("at_once", [1, 3])
def test_a_trial_that_cannot_be_built_fails_alone(at_once, asked, tmp_path, inside):
    asked("""
    if hp.Choice("units", [4, 5, 6]) == 5:
        raise ValueError("five")
    """)
    line = ("--model", tmp_path / "own.py", *OPTIONS, "--oracle", "grid", "--at-once", at_once)
    done = inside("search", *line)
    assert (done.returncode, "1 trial without a result" in done.stderr) == (1, True), done.stderr
    *good, bad = SearchRecord.read(tmp_path / "search").trials
    assert [len(trial.scores) for trial in good] == [1, 1]
    assert (bad.values, bad.scores, "ValueError: five" in bad.reason) == ({"units": 5}, {}, True)


def test_what_is_named_of_a_conditional_space(asked):
    base = asked(DEEP)
    with pytest.raises(ExperimentError, match=r"to search more, deep must be True.*--search deep"):
        space_of(base, searched=["more=3:6"])
    assert not space_of(base.change(deep=True), searched=["more=3:6"]).when
    both = space_of(base, searched=["more=3:6", "deep=true,false"])
    assert list(both.fields) == ["deep", "more"] and list(both.when) == ["more"]


def test_what_a_loop_asks_for_is_found(asked):
    body = """
    for number in range(hp.Int("depth", 1, 3)):
        model.add(layers.Dense(hp.Int(f"units_{number}", 4, 8)))
    """
    assert list(space_of(asked(body)).fields) == ["depth", "units_0", "units_1", "units_2"]


def test_a_range_that_depends_on_another_choice_must_be_named_to_be_searched(asked):
    body = """
    first = hp.Int("first", 4, 8)
    model.add(layers.Dense(first))
    model.add(layers.Dense(hp.Int("second", 2, first)))
    """
    base = asked(body)
    with pytest.raises(ExperimentError, match=r"one range.*another of second.*--search second="):
        space_of(base)
    assert list(space_of(base, searched=["first=4:8", "second=2:4"]).fields) == ["first", "second"]
    assert base.change(second=3).network.arguments == {"first": 4, "second": 3}


def test_a_name_under_two_conditions_is_refused(asked):
    body = """
    deep = hp.Boolean("deep")
    for value in (True, False):
        with hp.conditional_scope("deep", [value]):
            if deep == value:
                model.add(layers.Dense(hp.Int("units", 4, 8)))
    """
    with pytest.raises(ExperimentError, match=r"each name under one condition.*units under"):
        asked(body)


def test_a_space_of_one_number_is_drawn_by_what_came_of_it():
    base = Experiment()
    (axis,) = axes_of(Space({"width": Range(8, 64, log=True)}).to_dict(), base)
    assert (axis.label, axis.log) == ("width (units)", True)
    assert not axes_of(Space({"optimizer": Values(("sgd", "adam"))}).to_dict(), base)
