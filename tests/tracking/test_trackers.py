"""The trackers themselves, on this machine: local stores, and W&B offline."""

import time
from pathlib import Path

import pytest
from test_tracking import stored  # noqa: F401

from keras_mnist import run_study

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def study(stored, small, capsys):  # noqa: F811
    """Tell a tracker of a study, all of whose runs are stored."""

    def told(track):
        result = run_study(stored, small, "runs", quiet=True, track=track)
        assert capsys.readouterr() == ("", "")
        return result

    return told


def test_mlflow_has_a_run_with_its_runs_nested(study):
    mlflow = pytest.importorskip("mlflow", reason="needs the extra .[mlflow]")
    where = f"sqlite:///{Path('mlflow.db').resolve()}"
    result = study(f"mlflow:{where}")
    study(f"mlflow:{where}")
    client = mlflow.MlflowClient(where)
    (experiment,) = [e for e in client.search_experiments() if e.name == "keras_mnist"]
    runs = client.search_runs([experiment.experiment_id])
    (parent,) = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    children = [run for run in runs if run is not parent]
    assert len(children) == 4, "the second time it tells nothing twice"
    assert {c.data.tags["mlflow.parentRunId"] for c in children} == {parent.info.run_id}
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert parent.info.run_name == "mlp no-dropout small"
    effect = result.effects["test_accuracy"]["no dropout"][0]
    assert parent.data.metrics["no dropout/test_accuracy/effect"] == effect.mean
    assert parent.data.metrics["no dropout/test_accuracy/low"] == effect.low
    assert "baseline/val_loss/sd" in parent.data.metrics
    (run,) = [c for c in children if c.info.run_name == "no dropout, seed 1"]
    record = result.runs(result.study.variants[1])[1]
    assert (run.data.params["dropout"], run.data.params["seed"]) == ("0.0", "1")
    assert run.data.params["weights_sha256"] == record.weights_sha256
    curve = client.get_metric_history(run.info.run_id, "train_loss")
    assert {m.step: m.value for m in curve} == {1: 0.9, 2: 0.4}
    assert run.data.metrics["test_accuracy"] == record.metrics["test_accuracy"]


def test_an_mlflow_server_that_is_not_there_is_told_soon(stored, small, capsys):  # noqa: F811
    pytest.importorskip("mlflow", reason="needs the extra .[mlflow]")
    began = time.monotonic()
    run_study(stored, small, "runs", quiet=True, track="mlflow:http://127.0.0.1:9")
    assert time.monotonic() - began < 60
    said = capsys.readouterr().err
    assert said.count("note:") == 1 and "note: mlflow is told no more" in said


def test_trackio_has_a_group(study, monkeypatch, tmp_path):
    pytest.importorskip("trackio", reason="needs the extra .[trackio]")
    monkeypatch.setenv("TRACKIO_DIR", str(tmp_path / "trackio"))
    result = study("trackio:mine")
    study("trackio:mine")
    found = trackio_runs(tmp_path / "trackio")
    assert len(found) == 5
    record = result.runs(result.study.variants[1])[1]
    (config, logs) = next(v for name, v in found.items() if name.startswith("no dropout, seed 1 ("))
    assert (config["dropout"], config["seed"], config["key"]) == (0.0, 1, record.key)
    assert config["_Group"].startswith("mlp no-dropout small ")
    curve = {log["step"]: log["train_loss"] for log in logs if "train_loss" in log}
    assert curve == {1: 0.9, 2: 0.4}
    (_, summary) = next(v for name, v in found.items() if name.startswith("summary"))
    effect = result.effects["test_accuracy"]["no dropout"][0]
    assert summary[0]["no dropout/test_accuracy/effect"] == effect.mean


def trackio_runs(folder) -> dict:
    """By name, settings and logs of the runs of the project `mine`, asked of Trackio elsewhere."""
    import json
    import subprocess
    import sys

    ask = (
        "import json, sys, trackio; runs = list(trackio.Api().runs('mine')); "
        "from trackio.sqlite_storage import SQLiteStorage as S; "
        "print('\\n' + json.dumps({r.name: [r.config, S.get_logs('mine', r.name)] for r in runs}))"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_wandb_offline_has_a_group(study, monkeypatch, tmp_path):
    pytest.importorskip("wandb", reason="needs the extra .[wandb]")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    study("wandb:mine")
    folders = [p for p in (tmp_path / "wandb").iterdir() if p.name.startswith("offline-run-")]
    assert len(folders) == 5
    whole = b"".join(file.read_bytes() for p in folders for file in p.glob("*.wandb"))
    for said in (b"mlp no-dropout small", b"no dropout, seed 1", b"ab" * 32, b"train_loss"):
        assert said in whole
    assert b"no dropout/test_accuracy/effect" in whole
    assert not any((p / "files" / "wandb-metadata.json").exists() for p in folders)


def test_tensorboard_has_a_folder_a_run(study, tmp_path):
    pytest.importorskip("tensorboard", reason="needs the extra .[tensorboard]")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    study("tensorboard:logs")
    runs = sorted(path.relative_to("logs").as_posix() for path in Path("logs").glob("*/*"))
    assert runs == [f"{v}/seed-{s}" for v in ("baseline", "no-dropout") for s in (0, 1)]
    log = EventAccumulator(f"logs/{runs[-1]}").Reload()
    assert len(log.Tensors("train_loss")) == 2
    assert any(tag.startswith("_hparams_") for tag in log.summary_metadata)
    top = EventAccumulator("logs").Reload()
    assert any("effect" in tag for tag in top.Tags()["tensors"])
    there = {path: path.stat().st_mtime_ns for path in Path("logs").glob("*/*/events.*")}
    study("tensorboard:logs")
    assert {p: p.stat().st_mtime_ns for p in Path("logs").glob("*/*/events.*")} == there
