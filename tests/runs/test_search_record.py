"""The record of a search: what the search writes is what the page reads, whole or refused."""

import functools
import json
import random
from dataclasses import replace

import pytest
from conftest import ROOT

from keras_mnist import Experiment
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.reporting import leaderboard
from keras_mnist.reporting.columns import Column
from keras_mnist.runs.search_record import RESULT, Question, SearchRecord
from keras_mnist.runs.trial import Trial, ranked
from keras_mnist.site.search import board, landscape

STORED = ROOT / "results" / "search"
HTML = "<b>bold</b>"


def trial(number, scores, **changes):
    values = {"width": 32 * number, "dropout": 0.1}
    experiment = Experiment().change(**values)
    return Trial(number, values, experiment, scores, experiment.parameters, 1.25, **changes)


@pytest.fixture
def record(small):
    fields = {name: {"low": 0, "high": 1} for name in ("width", "dropout")}
    space = {"grid": False, "fields": fields}
    base = Experiment().change(dropout=0.2)
    question = Question("random", 1, "val_accuracy", (0, 1), space, base, small.digest, "1.4.8")
    trials = [
        trial(1, {0: 0.9, 1: 0.91}),
        trial(2, {0: 0.95, 1: 0.97}),
        trial(3, {}, reason=f"seed 0 diverged: {HTML}"),
        trial(4, {0: 0.5}),
    ]
    answer = "The best experiment is the baseline itself."
    return SearchRecord(question, tuple(ranked(trials, "val_accuracy")), answer)


def test_a_record_is_read_back_as_it_was_written(record):
    text = json.dumps(record.to_dict(), allow_nan=False)
    assert SearchRecord.from_dict(json.loads(text)) == record
    assert [trial.number for trial in record.trials] == [2, 1, 4, 3]
    assert record.to_dict()["trials"][2]["sd"] is None, "of one run"
    assert record.to_dict()["best"] == record.trials[0].experiment.to_dict()


def test_a_record_of_an_earlier_version_is_read():
    stored = json.loads((STORED / RESULT).read_text())
    record = SearchRecord.read(STORED)
    again = record.to_dict()
    assert again["search"] == stored["search"] == json.loads((STORED / "search.json").read_text())
    for ours, theirs in zip(again["trials"], stored["trials"], strict=True):
        del ours["experiment"], theirs["experiment"]  # which named the data set, too
        assert ours == theirs
    assert (again["answer"], again["study"]) == (stored["answer"], stored["study"])
    table = leaderboard.as_markdown(record.trials, record.question.objective)
    assert (STORED / "leaderboard.md").read_text().startswith(f"{table}\n\n{record.answer}\n\n")


def test_a_column_is_added_in_one_place(record, monkeypatch):
    """The Markdown and the page read the same list."""
    columns = leaderboard.columns

    def more(trials, objective):
        return [*columns(trials, objective), Column("twice", "twice as much", lambda row: "9.9")]

    monkeypatch.setattr(leaderboard, "columns", more)
    markdown = leaderboard.as_markdown(record.trials, "val_accuracy")
    shown = board(record)
    assert "| twice as much |" in markdown and markdown.count("| 9.9 |") == 4
    assert shown["headings"][-1] == "twice as much"
    assert [row[-1] for row in shown["rows"]] == ["9.9"] * 4


def test_the_page_shows_lost_trials_and_maps_the_others(record):
    rows, drawn = board(record)["rows"], landscape(record)
    assert rows[-1][:5] == ["4", "3", "96", "0.1", f"seed 0 diverged: {HTML}"]
    assert [point["trial"] for point in drawn["points"]] == [2, 1, 4]
    assert drawn["points"][0]["words"] == "96.00 ± 1.41"
    assert drawn["baseline"] == {"x": 512, "y": 0.2}


@pytest.mark.parametrize(
    "change, said",
    [
        ({"search": None}, "must say what it was asked"),
        ({"search": {"seeds": [1]}}, r"must say what it was asked\. Received: seeds must differ"),
        ({"search": {"objective": "beauty"}}, "Received: objective must be one of"),
        ({"search": {"space": {"fields": None}}}, "space must name the fields searched"),
        ({"search": {"space": {"fields": {"colour": {}}}}}, "colour must be a field"),
        ({"search": {"baseline": {"model": {"kind": "x"}}}}, "model kind must be one of"),
        ({"trials": []}, "must have a trial that completed"),
        ({"trials": [{"mean": 0.5}]}, "mean 0.5 of scores whose mean is 0.96"),
        ({"trials": [{"n": 3}]}, "n 3 of scores whose n is 2"),
        ({"trials": [{"values": {"side": 14}}]}, "every trial must have values of width, dropout"),
        ({"trials": [{"scores": {"0": "high"}}]}, "the score of seed 0 must be a number"),
        (
            {"trials": [{"values": {"width": "12", "dropout": 0}}]},
            "width of trial 2 must be a number",
        ),
        (
            {"trials": [{"values": {"width": 12, "dropout": 0.1}}]},
            "trial 2 must be of .* width 12 where 64 was",
        ),
        (
            {"trials": [{"values": {"width": 64, "dropout": 10**300}}]},
            r"dropout 10{39} where 0\.1 was trained",
        ),
        (
            {"trials": [{"values": {"width": 10**400, "dropout": 0.1}}]},
            "width of trial 2 must be a number",
        ),
        ({"trials": [{"parameters": 7}]}, r"7 parameters of a network of 55,?050"),
        ({"trials": [{"seconds": 10**400}]}, "seconds must be a number"),
        ({"answer": 3}, "answer must be a text"),
        ({"study": 3}, "study must be an object"),
    ],
)
def test_what_is_no_record_is_refused_by_name(change, said, record, tmp_path):
    (tmp_path / RESULT).write_text(json.dumps(changed(record.to_dict(), change)))
    with pytest.raises(StoreError, match=said) as caught:
        SearchRecord.read(tmp_path)
    assert f"in {tmp_path / RESULT}, " in str(caught.value)
    assert "Finish it with the same `keras-mnist search` command" in str(caught.value)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"seconds": float("nan")}, "NaN, a number that is not finite"),
        ({"values": {"width": -float("inf"), "dropout": 0}}, "-Infinity, a number that is not"),
        (
            {"values": functools.reduce(lambda inner, _: {"a": inner}, range(400), 1)},
            "too deep, more than 100 lists or tables",
        ),
    ],
)
def test_what_no_record_of_the_package_is_written_with_is_no_json(change, said, record, tmp_path):
    (tmp_path / RESULT).write_text(json.dumps(changed(record.to_dict(), {"trials": [change]})))
    with pytest.raises(StoreError, match=f"must be a readable JSON file. Received: {said}"):
        SearchRecord.read(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "It is twice as good."},
        {"study": {}},
        {"search": {"seed": 2}},
        {"trials": [{"seconds": 9}]},
        {"checksum": "0" * 64},
    ],
    ids=str,
)
def test_a_record_that_was_altered_is_refused(change, record, tmp_path):
    (tmp_path / RESULT).write_text(record.to_json())
    assert SearchRecord.read(tmp_path) == record
    (tmp_path / RESULT).write_text(json.dumps(changed(json.loads(record.to_json()), change)))
    with pytest.raises(StoreError, match="a finished search must be as it was written"):
        SearchRecord.read(tmp_path)


def changed(content, change):
    if isinstance(change, dict) and isinstance(content, dict):
        return content | {name: changed(content.get(name), new) for name, new in change.items()}
    if isinstance(change, list) and change:
        return [changed(content[0], change[0]), *content[1:]]
    return change


def test_no_change_of_a_record_ends_in_a_traceback(record, tmp_path):
    """A record that was changed anywhere is refused, or can be shown."""
    numbers, refused = random.Random(0), 0
    values = (None, True, -1, 0, 1e300, float("nan"), float("inf"), 10**400, "", "x", [], {}, [{}])
    for _ in range(300):
        content = json.loads(json.dumps(record.to_dict()))
        place, name = content, numbers.choice(list(content))
        while isinstance(place[name], (dict, list)) and place[name] and numbers.random() < 0.8:
            place = place[name]
            name = numbers.choice(list(place if isinstance(place, dict) else range(len(place))))
        place[name] = numbers.choice(values)
        (tmp_path / RESULT).write_text(json.dumps(content))
        try:
            read = SearchRecord.read(tmp_path)
        except StoreError:
            refused += 1
        else:
            json.dumps([board(read), landscape(read)], allow_nan=False)
    assert refused > 150


def test_a_question_or_trial_of_impossible_values_is_not_made(record):
    with pytest.raises(ExperimentError, match="seed must be a whole number"):
        replace(record.question, seed=-1)
    with pytest.raises(ExperimentError, match="trial must be a whole number from 1"):
        replace(record.trials[0], number=0)
    with pytest.raises(ExperimentError, match="seconds must be a number"):
        replace(record.trials[0], seconds=float("nan"))
    with pytest.raises(ExperimentError, match="values must be finite"):
        replace(record.trials[0], values={"width": float("nan"), "dropout": 0})


@pytest.mark.parametrize(
    "span", [None, "x", 3, [], {"values": 3}, {"when": "x"}, {"when": [["x"]]}, {"when": [[1, []]]}]
)
def test_a_span_of_another_form_is_refused(span, record):
    content = record.question.to_dict()
    content["space"]["fields"]["dropout"] = span
    with pytest.raises(StoreError, match="a search must say what it was asked"):
        Question.from_dict(json.loads(json.dumps(content)))
