"""Finished runs go to trackers; none of them stops a study, or makes it wait for long."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from keras_mnist import Experiment, Study, run_study
from keras_mnist.base.errors import ExperimentError
from keras_mnist.runs import RunRecord, Store
from keras_mnist.tracking import tracker, tracking
from keras_mnist.tracking.told import entry_of, group_of, group_of_study, spread_of, summary_of

FAKES = """
import json, os, sys, time
from keras_mnist.tracking.tracker import Tracker

class Fake(Tracker):
    def run(self, entry):
        print("noise")
        print("noise", file=sys.stderr)
        os.write(1, b"more")
        assert sys.stdin.read() == ""
        self.note(["run", entry.name, entry.id, entry.metrics, entry.curves, entry.about])
    def summary(self, values):
        self.note(["summary", values, self.group.name, self.group.id, os.environ.get("FAKE_QUIET")])
    def note(self, what):
        with open(self.where, "a") as file:
            file.write(json.dumps(what) + "\\n")

class Knowing(Fake):
    def known(self):
        return {what[2] for what in map(json.loads, open(self.where)) if what[0] == "run"}

class Absent(Fake):
    def __init__(self, where, group):
        raise ConnectionError("nobody\\nthere")

class Failing(Fake):
    def run(self, entry):
        raise RuntimeError("no room")

class Ending(Fake):
    def run(self, entry):
        os._exit(3)

class Hanging(Fake):
    def run(self, entry):
        time.sleep(600)
"""
STUDY = Study.of(Experiment().change(epochs=2), {"dropout": [0.0]}, seeds=(0, 1))


@pytest.fixture
def fakes(tmp_path, monkeypatch):
    """Trackers that are called like their classes; each notes what it hears in a file."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "fakes.py").write_text(FAKES)
    paths = [str(tmp_path / "code"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    for name in ("Fake", "Knowing", "Absent", "Failing", "Ending", "Hanging"):
        known = tracker.Known(f"fakes.{name}", "json", {"FAKE_QUIET": "yes"})
        monkeypatch.setitem(tracker.TRACKERS, name.lower(), known)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def stored(small, tmp_path):
    """A study on data, all of whose runs are stored; one did not complete."""
    study, store = STUDY.on(small), Store(tmp_path / "runs")
    for variant in study.variants:
        for seed in study.seeds:
            last = 0.5 + 0.1 * seed + (0.2 if variant.changes else 0)
            curves = {"train_loss": [0.9, 0.4], "val_loss": [0.8, last]}
            ends = {name: curve[-1] for name, curve in curves.items()}
            accuracy = round(50 * (0.9 - last / 10)) / 50
            record = RunRecord(
                variant.experiment,
                seed,
                small.identity,
                "completed",
                metrics={**ends, "gap": ends["val_loss"] - 0.4, "test_accuracy": accuracy},
                history=curves,
                weights_sha256="ab" * 32,
                seconds=2.0,
                environment={"keras_mnist": "0.3.0"},
                created="2026-01-02T03:04:05+00:00",
            )
            store.save(record)
    return study


def heard(path) -> list:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def test_a_study_is_told_run_by_run_then_what_it_comes_to(fakes, stored, small, tmp_path, capsys):
    result = run_study(stored, small, "runs", quiet=True, track="fake:told.jsonl")
    assert (result.trained, result.cached) == (0, 4)
    *runs, (kind, values, name, _, quiet) = heard("told.jsonl")
    assert [what[1] for what in runs] == [
        f"{of}, seed {seed}" for of in ("baseline", "no dropout") for seed in (0, 1)
    ]
    (_, _, _, metrics, curves, about) = runs[0]
    record = result.runs(stored.variants[0])[0]
    assert metrics == record.metrics and curves == record.history
    assert about["dropout"] == 0.2 and about["seed"] == 0 and about["data"] == "small"
    assert (about["key"], about["weights_sha256"]) == (record.key, "ab" * 32)
    assert kind == "summary" and name == "mlp no-dropout small" and quiet == "yes"
    interval, p = result.effects["test_accuracy"]["no dropout"]
    of = "no dropout/test_accuracy"
    assert (values[f"{of}/effect"], values[f"{of}/low"]) == (interval.mean, interval.low)
    assert (values[f"{of}/p"], values[f"{of}/pairs"], values[f"{of}/n"]) == (p, 2, 2)
    assert values["baseline/val_loss/mean"] == pytest.approx(0.55)
    assert capsys.readouterr() == ("", ""), "what a tracker prints is nobody's"


def test_what_a_tracker_knows_it_is_not_told_again(fakes, stored, small):
    Path("told.jsonl").touch()
    for _ in range(2):
        run_study(stored, small, "runs", quiet=True, track=["knowing:told.jsonl"])
    kinds = [what[0] for what in heard("told.jsonl")]
    assert kinds == ["run"] * 4 + ["summary"] * 2


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("absent", "ConnectionError: nobody there"),
        ("failing", "RuntimeError: no room"),
        ("ending", "its process ended"),
        ("hanging", "told 0 of 5 things in time"),
    ],
)
def test_a_tracker_that_fails_is_told_once_and_the_study_goes_on(
    fakes, stored, small, monkeypatch, capsys, name, reason
):
    monkeypatch.setattr(tracking, "PATIENCE", 4.0)
    began = time.monotonic()
    track = [f"{name}:x.jsonl", "fake:told.jsonl"]
    result = run_study(stored, small, "runs", quiet=True, track=track)
    assert time.monotonic() - began < 60
    assert result.summary(stored.variants[0], "val_loss").n == 2
    said = capsys.readouterr().err
    assert said.count("note:") == 1 and f"note: {name} " in said and reason in said


def test_a_study_does_not_wait_for_a_tracker_while_it_goes_on(fakes, stored, small, monkeypatch):
    """A thousand runs are handed over at once to one that takes none of them."""
    monkeypatch.setattr(tracking, "PATIENCE", 0.5)
    said, records = [], list(Store("runs").records())
    group = group_of_study(stored, small)
    began = time.monotonic()
    with tracking.Tracking(["hanging:x"], group, said.append) as told:
        for n in range(1000):
            told.run(f"run {n}", records[n % 4])
        told.summary({})
        assert time.monotonic() - began < 10
    assert len(said) == 1 and "of 1001 things in time" in said[0]


def test_an_absent_package_is_told_with_what_brings_it(
    stored, small, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("keras_mnist.base.extras.installed", lambda module: False)
    track = ["mlflow", "wandb", "trackio", "tensorboard:logs"]
    assert run_study(stored, small, tmp_path / "runs", quiet=True, track=track).cached == 4
    said = " ".join(capsys.readouterr().err.split())
    for name in ("mlflow", "wandb", "trackio", "tensorboard"):
        assert said.count(f"pip install '{name}>=") == 1


def test_one_that_there_is_not_is_refused_before_anything_else(stored, small, tmp_path):
    with pytest.raises(ExperimentError, match=r"--track mlfow must be a tracker.*mlflow"):
        run_study(stored, small, tmp_path / "runs", track="mlfow:x")


def test_a_group_is_the_same_with_more_seeds_and_another_with_other_data(small, digits):
    study = STUDY.on(small)
    more = Study(study.baseline, study.combinations, range(5))
    assert group_of_study(study, small) == group_of_study(more, small)
    assert group_of_study(study, small).id != group_of_study(STUDY.on(digits), digits).id
    assert group_of_study(study, small).varied == {"dropout": {"values": [0.2, 0.0]}}


def test_a_number_that_does_not_exist_is_told_of_nobody(small):
    experiment = Experiment().change(epochs=1).on(small)
    curves = {"train_loss": [None]}
    record = RunRecord(experiment, 0, small.identity, "diverged", "", {"val_loss": None}, curves)
    entry = entry_of(group_of("g", []), "wild", record)
    assert entry.metrics == {} and entry.curves == curves and not entry.completed
    assert spread_of([("wild", record)]) == {}


def test_a_run_that_was_trained_again_is_another(small):
    group, experiment = group_of("g", []), Experiment().change(epochs=1).on(small)
    failed = RunRecord(experiment, 0, small.identity, "failed", "no room")
    done = replace(failed, status="completed", reason="", created="2026-01-02T03:04:05+00:00")
    ids = [entry_of(group, "a", record).id for record in (failed, done, done)]
    assert ids[0] != ids[1] == ids[2]


def test_one_seed_has_no_interval_to_tell(stored, small):
    study = Study(stored.baseline, stored.combinations, (0,))
    values = summary_of(run_study(study, small, "runs", quiet=True))
    assert "no dropout/test_accuracy/effect" in values
    assert not {"no dropout/test_accuracy/low", "no dropout/test_accuracy/sd"} & values.keys()
