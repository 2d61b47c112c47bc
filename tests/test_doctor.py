"""`keras-mnist doctor`: what it finds, what it says of what is missing, and its exit code."""

import json
import re
import subprocess

import pytest

from keras_mnist import doctor
from keras_mnist.base import extras


@pytest.fixture
def told(monkeypatch, tmp_path, capsys):
    """Run the command where TensorFlow is not asked; return its exit code and its rows by name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("KERAS_MNIST_DATA", raising=False)
    monkeypatch.setattr("urllib.request.urlopen", lambda *a, **k: pytest.fail("a download"))

    def run(*words):
        loads = doctor.Row("tensorflow", doctor.OK, "loads")
        monkeypatch.setattr(doctor, "device", lambda: loads)
        capsys.readouterr()
        code = doctor.main([*words, "--json"])
        content = json.loads(capsys.readouterr().out)
        assert content["ok"] == (code == 0)
        return code, {row["name"]: row for row in content["rows"]}

    return run


def test_what_there_is_is_told_in_about_ten_lines(told, data_file, monkeypatch, capsys):
    code, rows = told()
    assert code == 0, "without MNIST there are other data"
    assert rows["data"]["state"] == "note"
    assert "KERAS_MNIST_DATA" in rows["data"]["todo"][0]
    assert "no records yet" in rows["store"]["found"]
    monkeypatch.setenv("KERAS_MNIST_DATA", str(data_file))
    capsys.readouterr()
    assert doctor.main([]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) <= 12
    assert any(str(data_file) in line and "not the canonical MNIST" in line for line in said)
    assert said[-1] == "everything needed is there"


def test_records_are_counted_where_a_file_of_defaults_says(told, tmp_path):
    for seed in range(3):
        path = tmp_path / "big" / "mlp-1" / f"seed-{seed}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    (tmp_path / "keras_mnist.toml").write_text('runs = "big"')
    assert told()[1]["store"]["found"].startswith("big: 3 records")


def test_what_is_missing_ends_with_1_and_what_to_do(told, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_MNIST_DATA", "nowhere.npz")
    code, rows = told()
    assert (code, rows["data"]["state"]) == (1, "missing")
    assert "nowhere.npz" in rows["data"]["found"]
    monkeypatch.delenv("KERAS_MNIST_DATA")
    monkeypatch.setattr(extras, "requirements", lambda extra="": ["numpy>=99", "absent-thing>=2"])
    monkeypatch.setattr(extras, "names", lambda: ["dask"])
    code, rows = told()
    assert code == 1
    assert "absent-thing absent" in rows["packages"]["found"]
    assert rows["packages"]["todo"] == ["pip install 'numpy>=99' 'absent-thing>=2'"]
    assert (rows["extras"]["state"], rows["extras"]["found"]) == ("note", "none")
    assert rows["extras"]["todo"] == [
        "Without these, each of which pip installs: dask 'numpy>=99' 'absent-thing>=2'"
    ]


def test_a_full_disk_and_a_folder_that_cannot_be_written(told, monkeypatch):
    usage = doctor.shutil.disk_usage(".")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage._replace(free=10))
    code, rows = told()
    assert (code, rows["store"]["state"]) == (1, "missing")
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    code, rows = told("--runs", "x/y")
    assert (code, rows["store"]["found"]) == (1, "x/y: no records yet, and none can be written")


def test_a_user_without_a_home_is_told_so(told, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setattr("keras_mnist.data.cache.Path.home", homeless)
    code, rows = told()
    assert (code, rows["data"]["state"]) == (1, "missing")
    assert "Set HOME, KERAS_HOME or, for MNIST, KERAS_MNIST_DATA" in rows["data"]["todo"][0]


def test_a_tensorflow_that_does_not_load_or_hangs(monkeypatch):
    def ends(line, **options):
        return subprocess.CompletedProcess(line, 1, "", "Traceback\nImportError: no such symbol\n")

    monkeypatch.setattr(doctor.subprocess, "run", ends)
    monkeypatch.setattr(extras, "requirements", lambda extra="": ["tensorflow-cpu>=2.18"])
    assert doctor.device().todo == ("pip install 'tensorflow-cpu>=2.18' --force-reinstall",)
    monkeypatch.undo()
    monkeypatch.setattr(doctor.subprocess, "run", ends)
    row = doctor.device()
    assert (row.state, row.found) == ("missing", "does not load: ImportError: no such symbol")
    assert row.todo[0].startswith("pip install")

    def hangs(line, timeout, **options):
        raise subprocess.TimeoutExpired(line, timeout)

    monkeypatch.setattr(doctor.subprocess, "run", hangs)
    assert doctor.device().state == "missing"


def test_tensorflow_is_loaded_in_a_process_of_its_own():
    row = doctor.device()
    assert row.state == "ok", row
    assert re.fullmatch(r"\d+\.\S+, loads in \d+ s, trains on \S.*", row.found)


@pytest.mark.parametrize(
    "requirement, holds",
    [("numpy>=1", True), ("numpy>=99", False), ("keras_tuner", True), ("no-such-thing", False)],
)
def test_requirements_are_held_beside_what_is_installed(requirement, holds):
    assert extras.satisfied(requirement) == holds
