"""The search: its space, its journal, its oracles, and going on after any interruption."""

import json
import math
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from keras_mnist import Experiment
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.networks import LeNet
from keras_mnist.reporting import leaderboard
from keras_mnist.reporting.columns import cells
from keras_mnist.runs import RunRecord
from keras_mnist.runs.trial import Trial, ranked
from tuner.answer import final_study
from tuner.figures import history, landscape
from tuner.folder import asked, open_folder
from tuner.journal import Journal
from tuner.oracles import make_oracle, replay
from tuner.proposals import search
from tuner.space import space_of
from tuner.spans import pair
from tuner.trials import Setting, finished, require_measured

BASE = Experiment().change(epochs=4)
KINDS = ("random", "bayesian", "hyperband", "grid")


# The space


def test_the_space_is_width_and_dropout_and_what_is_named_besides():
    assert list(space_of(BASE).fields) == ["width", "dropout"]
    wider = space_of(BASE, also=("optimizer", "learning_rate"))
    assert list(wider.fields) == ["width", "dropout", "optimizer", "learning_rate"]
    lenet = Experiment(network=LeNet())
    assert list(space_of(lenet).fields) == ["c5_width", "f6_width", "dropout"]


@pytest.mark.parametrize(
    "options, said",
    [
        ({"width": (64, 64)}, "width must have a range LOW:HIGH"),
        ({"width": (64, 32)}, "Received: 64:32"),
        ({"width": (0, 32)}, "width must be a whole number"),
        ({"dropout": (0.5, 1.5)}, "dropout must be a number in"),
        ({"also": ("optimiser",)}, "Did you mean optimizer"),
    ],
)
def test_a_bad_space_is_refused(options, said):
    with pytest.raises(ExperimentError) as caught:
        space_of(BASE, **options)
    assert said in str(caught.value)


def test_a_grid_has_every_pair_of_points():
    assert space_of(BASE, (32, 256), (0.0, 0.3), grid=True).size == 16


@pytest.mark.parametrize("text", ["32", "32:64:128", "a:b", "32:", ""])
def test_a_range_is_two_numbers(text):
    with pytest.raises(ExperimentError, match="--width must be LOW:HIGH"):
        pair(text, "--width", int)


# The journal


def test_a_torn_line_is_as_if_never_written(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    for number in range(3):
        journal.append({"n": number})
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        again = Journal(path)
        assert again.events == journal.events[: whole[:cut].count(b"\n")]
        again.append({"n": "new"})
        assert Journal(path).events == again.events


# Searches, their runs made up: the best is width 256 with dropout 0.3


class Runs:
    """Stands for executor and store: keeps each run's record, counts what was trained."""

    def __init__(self, stop_at=math.inf):
        self.records, self.trained, self.stop_at = {}, 0, stop_at

    def __call__(self, jobs, initializer, initargs, on_event):
        (self.dataset,) = initargs
        return self

    def submit(self, task, *run):
        return Made(lambda: self.done(*run))

    def done(self, *run):
        if self.trained >= self.stop_at:
            raise KeyboardInterrupt
        self.trained += 1
        return self.train(*run)

    def shutdown(self, wait=True):
        pass

    def load(self, experiment, digest, seed):
        return self.records.get((experiment, seed))

    def holds(self, experiment, digest, seed):
        return (experiment, seed) in self.records

    def save(self, record):
        self.records[record.experiment, record.seed] = record

    def train(self, experiment, seed):
        model = experiment.network
        away = (math.log2(model.width / 256) / 3) ** 2 + ((model.dropout - 0.3) / 0.3) ** 2
        score = 0.99 - 0.05 * away - 0.01 / experiment.fit.epochs + 1e-5 * seed
        failed = model.width > 1500
        return RunRecord(
            experiment,
            seed,
            self.dataset.identity,
            "diverged" if failed else "completed",
            "the training loss was not finite" if failed else "",
            metrics={} if failed else {"val_accuracy": score, "val_loss": 1 - score},
            seconds=1.0,
        )


class Made:
    """A future whose result is made when it is asked for: one run ends before the next begins."""

    def __init__(self, result):
        self.result = result

    def add_done_callback(self, call):
        call(self)

    def cancelled(self):
        return False


class Threads(Runs):
    """The same in threads, whose runs end in any order; notes how many were at work at most."""

    def __call__(self, jobs, initializer, initargs, on_event):
        self.pool, self.at_work, self.most = ThreadPoolExecutor(jobs), 0, 0
        return super().__call__(jobs, initializer, initargs, on_event)

    def submit(self, task, *run):
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        return self.pool.submit(self.done, *run)

    def done(self, *run):
        time.sleep(random.uniform(0, 0.01))
        return super().done(*run)

    def save(self, record):
        self.at_work -= 1
        super().save(record)

    def shutdown(self, wait=True):
        self.pool.shutdown()


@pytest.fixture
def setting(small):
    def make(kind="random", objective="val_accuracy"):
        space = space_of(BASE, grid=kind == "grid", dropout=(0.0, 0.6))
        baseline = BASE.on(small)
        return Setting(baseline, space, objective, (0, 1, 2), small, "runs", 1)

    return make


def test_the_best_is_the_baseline_where_what_differs_decides_nothing(setting):
    own = setting().baseline
    for values, itself in (({"restore_best": True}, True), ({"width": 64}, False)):
        winner = Trial(1, values, own.change(**values))
        study = final_study(setting(), winner)
        assert (study is None) is itself
        if study:
            assert study.combinations == ((("width", 64),),) and study.seeds == (3, 4, 5, 6, 7)


TRIALS = {"random": 40, "bayesian": 14, "hyperband": 40, "grid": 49}  # Bayes's takes its time


def run(setting, kind, folder, runs, monkeypatch, trials=None, seed=1, at_once=1):
    trials = trials or TRIALS[kind]
    monkeypatch.setattr("tuner.trials.Store", lambda root: runs)
    setting = replace(setting, executor=runs, jobs=at_once)
    journal = open_folder(folder, asked(setting, kind, seed))
    oracle = make_oracle(kind, setting.objective, setting.space, trials, seed, 4)
    replay(oracle, journal, partial(require_measured, setting))
    search(oracle, setting, tuners=[f"tuner{n}" for n in range(at_once)])
    return ranked(finished(setting, journal.events), setting.objective)


@pytest.mark.parametrize("objective", ["val_accuracy", "val_loss"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_oracle_finds_what_was_planted(kind, objective, setting, tmp_path, monkeypatch):
    trials = run(setting(kind, objective), kind, tmp_path / "s", Runs(), monkeypatch)
    best = trials[0]
    assert abs(math.log2(best.values["width"] / 256)) < 1
    assert abs(best.values["dropout"] - 0.3) < 0.15
    assert len(best.scores) == best.summary.n == 3
    assert best.summary.sd == pytest.approx(1e-5)
    order = [trial.summary.mean for trial in trials if trial.scores]
    assert order == sorted(order, reverse=objective == "val_accuracy")
    assert all(trial.reason for trial in trials if not trial.scores)
    if kind == "hyperband":
        assert {trial.experiment.fit.epochs for trial in trials} == {2, 4}


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupted_search_ends_as_if_it_had_not_been(kind, setting, tmp_path, monkeypatch):
    whole = Runs()
    trials = 8 if kind == "bayesian" else None
    expected = run(setting(kind), kind, tmp_path / "whole", whole, monkeypatch, trials)
    runs = Runs()
    for stop_at in (0, 1, 5, 20, math.inf):
        runs.stop_at = stop_at
        try:
            found = run(setting(kind), kind, tmp_path / "cut", runs, monkeypatch, trials)
        except KeyboardInterrupt:
            continue
    assert found == expected
    assert runs.trained == whole.trained == len(runs.records), "nothing is trained twice"


@pytest.mark.parametrize("kind", ["random", "grid"])
def test_trials_are_the_same_however_many_are_at_once(kind, setting, tmp_path, monkeypatch):
    expected = run(setting(kind), kind, tmp_path / "one", Runs(), monkeypatch)
    for at_once in (2, 7):
        runs, folder = Threads(), tmp_path / str(at_once)
        assert run(setting(kind), kind, folder, runs, monkeypatch, at_once=at_once) == expected
        assert runs.most == 3 * at_once, "a trial is three runs"
        assert most_at_once(folder) == at_once
        assert runs.trained == len(runs.records)


@pytest.mark.parametrize("kind", ["bayesian", "hyperband"])
def test_what_an_oracle_heeds_depends_on_how_many_are_at_once_alone(
    kind, setting, tmp_path, monkeypatch
):
    """Whichever runs are faster, it is told of the trials in one order."""
    trials = 8 if kind == "bayesian" else None

    def told(folder, at_once):
        run(setting(kind), kind, folder, Threads(), monkeypatch, trials, at_once=at_once)
        return (folder / "journal.jsonl").read_text()

    three = [told(tmp_path / f"three-{n}", 3) for n in range(3)]
    assert three[0] == three[1] == three[2] != told(tmp_path / "one", 1)
    assert most_at_once(tmp_path / "three-0") == 3


def most_at_once(folder):
    most = at_work = 0
    for event in Journal(folder / "journal.jsonl").events:
        at_work += 1 if event["event"] == "created" else -1
        most = max(most, at_work)
    return most


@pytest.mark.parametrize("kind", KINDS)
def test_several_at_once_that_are_interrupted_go_on(kind, setting, tmp_path, monkeypatch):
    trials = 8 if kind == "bayesian" else None
    whole, runs = Runs(), Runs()
    expected = run(setting(kind), kind, tmp_path / "w", whole, monkeypatch, trials, at_once=3)
    for runs.stop_at in (0, 2, 5, 7, 20, math.inf):
        try:
            found = run(setting(kind), kind, tmp_path / "c", runs, monkeypatch, trials, at_once=3)
        except KeyboardInterrupt:
            continue
    assert found == expected
    assert runs.trained == whole.trained == len(runs.records), "nothing is trained twice"


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_values_that_are_asked_for_again_train_nothing_again(at_once, setting, monkeypatch):
    """While they are at work, too."""
    asked_for = iter([64, 64, 128, 64])
    ended = []

    def create_trial(tuner):
        width, number = next(asked_for, None), 4 - asked_for.__length_hint__() - 1
        hp = SimpleNamespace(values={"width": width, "dropout": 0.1})
        status = "RUNNING" if width else "STOPPED"
        return SimpleNamespace(status=status, trial_id=str(number), hyperparameters=hp)

    oracle = SimpleNamespace(
        create_trial=create_trial, update_trial=lambda *told: None, end_trial=ended.append
    )
    runs, told = Threads(), []
    monkeypatch.setattr("tuner.trials.Store", lambda root: runs)
    search(oracle, replace(setting(), executor=runs, jobs=3), told.append, range(at_once))
    assert [trial.trial_id for trial in ended] == ["0", "1", "2", "3"]
    assert runs.trained == len(runs.records) == 2 * 3
    one, same, _, again = [trial.scores for trial in told]
    assert one == same == again and len(one) == 3


def test_a_run_that_has_vanished_from_the_store_is_trained_again(setting, tmp_path, monkeypatch):
    """Of a trial that completed; of one that failed it is not."""
    runs = Runs()
    before = run(setting("grid"), "grid", tmp_path / "s", runs, monkeypatch)
    lost = [next(t for t in before if bool(t.scores) == completed) for completed in (True, False)]
    for trial in lost:
        del runs.records[trial.experiment, 1]
    trained = runs.trained
    after = {t.number: t for t in run(setting("grid"), "grid", tmp_path / "s", runs, monkeypatch)}
    assert after[lost[0].number] == lost[0]
    assert runs.trained == trained + 1
    assert not after[lost[1].number].scores


@pytest.mark.parametrize("kind", ["random", "bayesian", "hyperband"])
def test_a_score_that_the_stored_runs_do_not_have_is_not_gone_on_with(
    kind, setting, tmp_path, monkeypatch
):
    runs, folder = Runs(), tmp_path / "s"
    expected = run(setting(kind), kind, folder, runs, monkeypatch, trials=6)
    path = folder / "journal.jsonl"
    events = [json.loads(line) for line in path.read_text().splitlines()]
    ended = next(e for e in events if e.get("status") == "COMPLETED" and e["trial"] > 0)
    true, number = ended["metrics"], ended["trial"] + 1

    def resumed(score):
        ended["metrics"] = {"val_accuracy": score}
        path.write_text("".join(json.dumps(event) + "\n" for event in events))
        return run(setting(kind), kind, folder, runs, monkeypatch, trials=6)

    told = rf"val_accuracy of trial {number} must be that of its stored runs\..* 0\.123, .*--fresh"
    with pytest.raises(StoreError, match=told):
        resumed(0.123)
    assert resumed(float(np.float32(true["val_accuracy"]))) == expected, "as a chief is told it"
    (lost,) = (trial for trial in expected if trial.number == number)
    runs.records[lost.experiment, 0] = replace(
        runs.records[lost.experiment, 0], status="diverged", reason="it is said", metrics={}
    )
    with pytest.raises(StoreError, match=rf"trial {number} must .*the runs say seed 0 diverged"):
        resumed(true["val_accuracy"])
    del runs.records[lost.experiment, 0]
    assert {trial.number: trial for trial in resumed(true["val_accuracy"])}[number] == lost


def test_a_failed_trial_is_data(setting, tmp_path, monkeypatch):
    trials = run(setting("grid"), "grid", tmp_path / "s", Runs(), monkeypatch)
    lost = [trial for trial in trials if not trial.scores]
    assert {trial.values["width"] for trial in lost} == {2048}
    assert trials[-len(lost) :] == lost, "last on the leaderboard"
    assert "seed 0 diverged: the training loss was not finite" in lost[0].reason
    columns = leaderboard.columns(trials, "val_accuracy")
    rows = cells(columns, leaderboard.rows(trials))
    assert len(rows) == len(trials) == setting("grid").space.size
    assert rows[-1][4] == lost[-1].reason


def test_more_trials_go_on_and_another_question_is_refused(setting, tmp_path, monkeypatch):
    runs, folder = Runs(), tmp_path / "s"
    assert len(run(setting(), "random", folder, runs, monkeypatch, trials=5)) == 5
    assert len(run(setting(), "random", folder, runs, monkeypatch, trials=8)) == 8
    assert runs.trained == 8 * 3
    with pytest.raises(ExperimentError, match=r"seed 1 then, 2 now.*--fresh"):
        run(setting(), "random", folder, runs, monkeypatch, seed=2)
    with pytest.raises(ExperimentError, match="oracle random then, bayesian now"):
        run(setting(), "bayesian", folder, runs, monkeypatch)
    kept = (folder / "journal.jsonl").read_bytes()
    journal = open_folder(folder, asked(setting(), "bayesian", 1), fresh=True)
    assert (journal.events, len(kept) > 0) == ([], True)


def test_a_folder_of_something_else_is_left_alone(setting, tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(StoreError, match="must be empty or hold a search"):
        open_folder(tmp_path, asked(setting(), "random", 1))
    assert (tmp_path / "thesis.tex").read_text() == "x"
    (tmp_path / "search.json").write_text("{torn")
    with pytest.raises(StoreError, match=r"search\.json must be readable"):
        open_folder(tmp_path, asked(setting(), "random", 1))


def test_an_oracle_that_now_proposes_otherwise_is_not_trusted(setting, tmp_path, monkeypatch):
    folder = tmp_path / "s"
    run(setting(), "random", folder, Runs(), monkeypatch, trials=3)
    path = folder / "journal.jsonl"
    path.write_text(path.read_text().replace('"width": ', '"width": 1', 1))
    with pytest.raises(StoreError, match="with the versions it was begun with"):
        run(setting(), "random", folder, Runs(), monkeypatch, trials=3)


def test_a_full_disk_ends_the_search_and_not_the_trial(setting, tmp_path, monkeypatch):
    class Full(Runs):
        def save(self, record):
            raise StoreError("the disk must have room")

    with pytest.raises(StoreError, match="the disk must have room"):
        run(setting(), "random", tmp_path / "s", Full(), monkeypatch, trials=3)
    events = Journal(tmp_path / "s" / "journal.jsonl").events
    assert [event["event"] for event in events] == ["created"], "to be begun again"


def test_the_figures_show_every_trial(setting, tmp_path, monkeypatch):
    trials = run(setting(), "random", tmp_path / "s", Runs(), monkeypatch, trials=12)
    scored = [trial for trial in trials if trial.scores]
    axes = landscape(trials, setting()).axes[0]
    assert len(axes.collections[0].get_offsets()) == len(scored)
    assert len(history(trials, setting()).axes[0].lines[0].get_xdata()) == len(scored)
