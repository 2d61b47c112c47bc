"""A search over several tuners, resumed: whoever has which trial, its proposals are the same."""

import json
import math
import random
import socket
import threading

import pytest
from conftest import ROOT

from keras_mnist import Experiment
from keras_mnist.base.errors import ExperimentError, KerasMnistError, StoreError, WorkerError
from tuner.cluster import ID, IP, PORT, client, serve
from tuner.journal import Journal
from tuner.oracles import make_oracle, replay
from tuner.quietly import kt
from tuner.space import space_of

BASE = Experiment().change(epochs=9)
OBJECTIVE = "val_accuracy"
TUNERS = ("tuner0", "tuner1", "tuner2")
WIDE = {"width": (32, 256), "dropout": (0.0, 0.6)}
FEW = {"width": (8, 11), "dropout": (0.0, 0.02)}  # 12 points: soon no new one is found
TRIALS = {"random": 15, "bayesian": 9, "hyperband": 30, "grid": 28}


def resumed(kind, path, ranges=WIDE, trials=None):
    space = space_of(BASE, **ranges, grid=kind == "grid")
    epochs = BASE.fit.epochs
    oracle = make_oracle(kind, OBJECTIVE, space, trials or TRIALS[kind], 1, epochs)
    replay(oracle, Journal(path))
    return oracle


class Search:
    """Tuners that ask for trials and end them in any order, and an oracle that is lost at times."""

    def __init__(self, kind, path, ranges, numbers):
        self.kind, self.path, self.ranges, self.numbers = kind, path, ranges, numbers
        self.oracle, self.has, self.over = self.resumed(), {}, set()
        self.had = {}  # trial -> the tuner that began it last
        self.swaps = self.late = self.waited = 0

    def resumed(self):
        return resumed(self.kind, self.path, self.ranges)

    def resume(self):
        """Go on with another oracle; a tuner on another machine may not even notice."""
        assert proposals(self.resumed()) == proposals(self.oracle)
        self.oracle, self.over = self.resumed(), set()
        self.has = {t: trial for t, trial in self.has.items() if self.numbers.random() < 0.2}
        self.late += len(self.has)

    def step(self):
        tuner = self.numbers.choice(TUNERS)
        if tuner in self.has:
            self.end(self.has.pop(tuner))
        elif tuner not in self.over:
            trial = self.oracle.create_trial(tuner)
            if trial.status == "RUNNING":  # over the wire, as from a chief
                self.has[tuner] = kt.engine.trial.Trial.from_proto(trial.to_proto())
                self.swaps += self.had.get(trial.trial_id, tuner) != tuner
                self.had[trial.trial_id] = tuner
            elif trial.status == "STOPPED":
                self.over.add(tuner)
            else:
                self.waited += 1

    def end(self, trial):
        values = trial.hyperparameters.values
        trial.status = "COMPLETED" if values["width"] % 5 else "FAILED"
        if trial.status == "COMPLETED":
            away = (values["width"] % 7) / 10 + values["dropout"]
            score = 1 - away / values.get("tuner/epochs", 1)
            self.oracle.update_trial(trial.trial_id, {OBJECTIVE: score})
        self.oracle.end_trial(trial)


def proposals(oracle):
    """The next ones, when all that was begun is at work again."""
    oracle.journal = None
    for number in range(len(oracle._retry_queue)):
        oracle.create_trial(f"again {number}")
    trials = [oracle.create_trial(f"next {number}") for number in range(3)]
    return [(trial.status, trial.hyperparameters.values) for trial in trials]


@pytest.mark.parametrize(
    "kind, ranges, searches",
    [
        ("random", WIDE, 10),
        ("random", FEW, 10),
        ("bayesian", WIDE, 2),
        ("hyperband", WIDE, 10),
        ("hyperband", FEW, 20),
        ("grid", WIDE, 5),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_tuners_may_swap_their_trials(kind, ranges, searches, tmp_path):
    """Oracles that are lost at random moments of random searches go on as if they were not."""
    swaps = late = waited = 0
    for number in range(searches):
        numbers = random.Random(number)
        search = Search(kind, tmp_path / f"{number}.jsonl", ranges, numbers)
        while len(search.over) < len(TUNERS) or search.has:
            search.step()
            if numbers.random() < 0.1:
                search.resume()
        events = Journal(search.path).events
        ended = [event["trial"] for event in events if event["event"] == "ended"]
        assert sorted(ended) == list(range(len(events) - len(ended))), "each trial ends once"
        swaps, late, waited = swaps + search.swaps, late + search.late, waited + search.waited
    assert swaps >= searches and late
    assert waited or (kind, ranges) != ("hyperband", FEW)


@pytest.fixture
def journal(tmp_path):
    """The path of a finished Hyperband's: of 21 trials, some promoted, some failed."""
    search = Search("hyperband", tmp_path / "journal.jsonl", WIDE, random.Random(1))
    while len(search.over) < len(TUNERS) or search.has:
        search.step()
    return search.path


def test_a_journal_of_an_earlier_version_is_read():
    path = ROOT / "results" / "search" / "journal.jsonl"
    journal = Journal(path)
    begun = [event for event in journal.events if event["event"] == "created"]
    oracle = make_oracle("random", OBJECTIVE, space_of(Experiment()), len(begun), 1, 10)
    replay(oracle, journal)
    assert sorted(oracle.end_order) == oracle.start_order
    assert len(oracle.end_order) == len(begun) > 0


def test_more_trials_may_be_asked_for_than_have_as_many_digits(journal):
    promoted = [e["values"].get("tuner/trial_id") for e in Journal(journal).events if "values" in e]
    assert any(promoted)
    oracle = resumed("hyperband", journal, trials=1000)
    assert len(oracle.end_order) == len(promoted) == 21


def test_fewer_trials_than_were_begun_are_refused(journal):
    with pytest.raises(ExperimentError, match=r"--trials must.*20, 21 begun.*--trials 21"):
        resumed("hyperband", journal, trials=20)


def test_a_chief_does_not_wait_for_the_tuners_of_last_time(journal, monkeypatch):
    """Begun by three, gone on with by one."""
    asked = chief(resumed("hyperband", journal), monkeypatch, requests=1)
    assert [trial.status for trial in asked] == ["STOPPED"]


def test_a_chief_that_cannot_write_its_journal_ends(tmp_path, monkeypatch):
    """Else a trial would be trained that the journal does not know."""
    oracle = resumed("random", tmp_path / "journal.jsonl")

    append, failures = oracle.journal.append, iter([StoreError("the disk must have room")])

    def full(event):
        for error in failures:
            raise error
        append(event)  # there is room again, at once

    monkeypatch.setattr(oracle.journal, "append", full)
    told = []
    with pytest.raises(StoreError, match="the disk must have room"):
        chief(oracle, monkeypatch, requests=2, told=told)
    assert all("must answer until the search is over" in text for text in told) and told
    assert "UNKNOWN: Exception calling application: the disk must have room" in told[0]
    assert not (tmp_path / "journal.jsonl").exists()


def chief(oracle, monkeypatch, requests, told=None):
    """Serve an oracle to a tuner that asks for a trial so often; return what it was given.

    What it was told in the place of a trial is added to `told`.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    for name, value in ((ID, "tuner0"), (IP, "127.0.0.1"), (PORT, port)):
        monkeypatch.setenv(name, value)
    given = []

    def ask():
        for _ in range(requests):
            try:
                with client(oracle) as way:
                    given.append(way.create_trial("tuner0"))
            except WorkerError as error:
                told.append(str(error))

    tuner = threading.Thread(target=ask, daemon=True)
    tuner.start()
    serve(oracle)
    tuner.join()
    return given


# Damaged journals: each line is JSON

CREATED = {"event": "created", "tuner": "tuner0", "values": {"width": 52, "dropout": 0.14}}
ENDED = {"event": "ended", "trial": 0, "status": "FAILED", "metrics": {}, "message": ""}


@pytest.mark.parametrize(
    "lines, said",
    [
        ([[1]], "line 1 of .* must be a JSON object"),
        (["created"], "line 1 of .* must be a JSON object"),
        ([CREATED, None], "line 2 of .* must be a JSON object"),
        ([{}], "in line 1 of .*, event must be one of created, ended"),
        ([{"event": ["created"]}], "event must be one of created, ended"),
        ([{"event": "created"}], "in line 1 of .*, values must be an object. Received: None"),
        ([CREATED | {"values": [52, 0.14]}], "values must be an object"),
        ([CREATED | {"values": {"width": 52}}], "with the versions it was begun with"),
        ([ENDED], "in line 1 of .*, trial must be a whole number"),
        ([CREATED, ENDED | {"trial": 1}], "in line 2 of .*, trial must be a whole number"),
        ([CREATED, ENDED | {"trial": -1}], "trial must be a whole number"),
        ([CREATED, ENDED | {"trial": True}], "trial must be a whole number"),
        ([CREATED, ENDED | {"status": "RUNNING"}], "status must be one of COMPLETED, FAILED"),
        ([CREATED, ENDED | {"status": "COMPLETED"}], "val_accuracy must be a number"),
        ([CREATED, ENDED | {"metrics": {OBJECTIVE: math.nan}}], "NaN, a number that is not finite"),
        ([CREATED, ENDED | {"metrics": {OBJECTIVE: 1, "x": 1}}], "metrics must be val_accuracy"),
        ([CREATED, ENDED | {"metrics": {OBJECTIVE: 10**400}}], "val_accuracy must be a number"),
        ([CREATED, ENDED | {"metrics": 0.5}], "metrics must be an object"),
        ([CREATED, ENDED | {"message": None}], "message must be a text"),
        ([CREATED, {"event": "ended"}], "trial must be a whole number"),
    ],
)
def test_a_line_that_is_no_event_is_named(lines, said, tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    before = path.read_bytes()
    with pytest.raises(StoreError, match=said) as caught:
        resumed("random", path)
    assert "--fresh" in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("line", [b"{torn\n", b"\0" * 9 + b"\n", b"[" * 100_000 + b"\n", b"\xff\n"])
def test_a_whole_line_that_is_no_json_is_named(line, tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(json.dumps(CREATED).encode() + b"\n" + line + b"\n")
    with pytest.raises(StoreError, match=r"line 2 of .* must be a JSON object"):
        Journal(path)


def test_no_change_of_a_journal_ends_in_a_traceback(journal, tmp_path):
    numbers, refused = random.Random(0), 0
    values = (None, True, -1, 0, 7, 1e300, math.nan, math.inf, "", "0", "tuner", [], {}, [{}])
    for _ in range(150):
        events = [json.loads(line) for line in journal.read_text().splitlines()]
        event = numbers.choice(events)
        place = numbers.choice([event, *(v for v in event.values() if isinstance(v, dict))])
        name = numbers.choice([*place, "event", OBJECTIVE, "new"])
        if numbers.random() < 0.2:
            place.pop(name, None)
        else:
            place[name] = numbers.choice(values)
        if numbers.random() < 0.2:
            events.remove(event)
        changed = tmp_path / "changed.jsonl"
        changed.write_text("".join(json.dumps(event) + "\n" for event in events))
        try:
            resumed("hyperband", changed)
        except KerasMnistError:
            refused += 1
    assert refused > 75
