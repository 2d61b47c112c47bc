"""The search: its space, its journal, its oracles, and going on after any interruption."""

import math
import sys

import pytest

from keras_mnist import Experiment
from keras_mnist.base.errors import ExperimentError, StoreError
from keras_mnist.networks import LeNet
from keras_mnist.reporting import leaderboard
from keras_mnist.reporting.columns import cells
from keras_mnist.runs import RunRecord
from keras_mnist.runs.trial import ranked
from tuner.figures import history, landscape
from tuner.folder import asked, open_folder
from tuner.journal import Journal
from tuner.oracles import make_oracle, replay
from tuner.search import pair
from tuner.space import space_of
from tuner.trial_tuner import search
from tuner.trials import Setting, finished

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
    """Stands for training and the store: keeps each run's record, counts what was trained."""

    def __init__(self, stop_at=math.inf):
        self.records, self.trained, self.stop_at = {}, 0, stop_at

    def __call__(self, setting, experiment):
        found = []
        for seed in setting.seeds:
            if (experiment, seed) not in self.records:
                if self.trained >= self.stop_at:
                    raise KeyboardInterrupt
                self.trained += 1
                self.records[experiment, seed] = self.train(experiment, seed)
            found.append(self.records[experiment, seed])
        return found

    def stored(self, setting, experiment):
        runs = [(experiment, seed) for seed in setting.seeds]
        return [self.records[run] for run in runs if run in self.records]

    @staticmethod
    def train(experiment, seed):
        model = experiment.network
        away = (math.log2(model.width / 256) / 3) ** 2 + ((model.dropout - 0.3) / 0.3) ** 2
        score = 0.99 - 0.05 * away - 0.01 / experiment.fit.epochs + 1e-5 * seed
        failed = model.width > 1500
        return RunRecord(
            experiment,
            seed,
            {"name": "x", "digest": "x", "canonical": False},
            "diverged" if failed else "completed",
            "the training loss was not finite" if failed else "",
            metrics={} if failed else {"val_accuracy": score, "val_loss": 1 - score},
            seconds=1.0,
        )


@pytest.fixture
def setting(small):
    def make(kind="random", objective="val_accuracy"):
        space = space_of(BASE, grid=kind == "grid", dropout=(0.0, 0.6))
        baseline = BASE.on(small)
        return Setting(baseline, space, objective, (0, 1, 2), small, "runs", 1)

    return make


TRIALS = {"random": 40, "bayesian": 14, "hyperband": 40, "grid": 49}  # Bayes's takes its time


def run(setting, kind, folder, runs, monkeypatch, trials=None, seed=1):
    trials = trials or TRIALS[kind]
    monkeypatch.setattr(Setting, "records", lambda self, experiment: runs(self, experiment))
    monkeypatch.setattr(Setting, "stored", lambda self, experiment: runs.stored(self, experiment))
    journal = open_folder(folder, asked(setting, kind, seed))
    oracle = make_oracle(kind, setting.objective, setting.space, trials, seed, 4)
    replay(oracle, journal)
    search(oracle, setting)
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
    def full(self, experiment):
        raise StoreError("the disk must have room")

    full.stored = None
    with pytest.raises(StoreError, match="the disk must have room"):
        run(setting(), "random", tmp_path / "s", full, monkeypatch, trials=3)
    events = Journal(tmp_path / "s" / "journal.jsonl").events
    assert [event["event"] for event in events] == ["created"], "to be begun again"


def test_the_figures_show_every_trial(setting, tmp_path, monkeypatch):
    trials = run(setting(), "random", tmp_path / "s", Runs(), monkeypatch, trials=12)
    scored = [trial for trial in trials if trial.scores]
    axes = landscape(trials, setting()).axes[0]
    assert len(axes.collections[0].get_offsets()) == len(scored)
    assert len(history(trials, setting()).axes[0].lines[0].get_xdata()) == len(scored)


def test_without_tensorboard_its_logs_are_refused(monkeypatch, setting):
    from tuner.tensorboard import Logs

    monkeypatch.setitem(sys.modules, "tensorboard.plugins.hparams", None)
    monkeypatch.delitem(sys.modules, "tensorboard.plugins.hparams.api", raising=False)
    with pytest.raises(ExperimentError, match=r"pip install 'keras-mnist\[tensorboard\]'"):
        Logs("logs", setting())
