"""`keras-mnist table`: stored runs as one table, and read back."""

import math
from dataclasses import fields

import numpy as np
import pandas
import pytest
from conftest import ROOT
from rich.console import Console

from keras_mnist.experiment import Experiment
from keras_mnist.experiment.fit import Fit
from keras_mnist.reporting import table_files
from keras_mnist.reporting.run_columns import print_runs
from keras_mnist.reporting.run_frame import _column, choices_in
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.baseline import own_named

RUNS = ROOT / "results" / "runs"
FIT = Fit(epochs=2)
MINE = """
open("ran", "w")
def network(shape, classes, width=16, seconds=2.5, names=("a", "b"), rate: float | None = None):
    raise SystemExit
"""


def about(**changes):
    known = {"name": "digits", "digest": "d" * 64, "canonical": False}
    return {
        "data": known,
        "status": "completed",
        "metrics": {"test_accuracy": 0.1 + 0.2, "val_loss": 0.7, "best_epoch": 1},
        "history": {"val_loss": [1 / 3, 0.7]},
        "parameters": 10,
        "seconds": 1.25,
        "environment": {"keras_mnist": "0.3.0", "tensorflow": "2.20.0", "onednn": True},
        **changes,
    }


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """A store of five runs: of two networks, one of a file that is gone, one that failed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    own = Experiment(network=own_named("mine.py", "runs"), fit=FIT).change(train_size=100)
    (tmp_path / "mine.py").unlink()
    store = Store("runs")
    for seed in (0, 1):
        store.save(RunRecord(Experiment(fit=FIT), seed, **about()))
        store.save(RunRecord(own.change(width=8), seed, **about()))
    lost = "=cmd()\nno room\x07"
    nothing = {"metrics": {}, "history": {}, "environment": {}}
    store.save(RunRecord(own, 0, **about(status="failed", reason=lost, **nothing)))
    return store


def read(path):
    """A table as pandas reads it, missing values as `None`."""
    kinds = {
        ".csv": lambda: pandas.read_csv(path, engine="python"),
        ".parquet": lambda: pandas.read_parquet(path),
        ".xlsx": lambda: pandas.read_excel(path),
    }
    frame = kinds[path.suffix]()
    return [
        {name: None if pandas.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


@pytest.mark.parametrize(
    ("name", "package"),
    [("t.csv", ""), ("t.parquet", "pyarrow"), ("deep/t.xlsx", "openpyxl")],
)
def test_read_back_it_gives_the_same_values(runs, inside, tmp_path, name, package):
    if package:
        pytest.importorskip(package, reason=f"needs the package {package}")
    done = inside("table", "--runs", "runs", "--out", name)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [name] and not (tmp_path / "ran").exists()
    rows, records = read(tmp_path / name), list(runs.records())
    assert len(rows) == len(records) == 5
    for row, record in zip(rows, records, strict=True):
        assert (row["seed"], row["status"], row["key"]) == (record.seed, record.status, record.key)
        choices = choices_in(record.experiment)
        for choice, value in choices.items():
            column = "choice_seconds" if choice == "seconds" else choice
            there = str(list(value)).replace("'", '"') if isinstance(value, tuple) else value
            assert row[column] == there, choice
        for metric in ("test_accuracy", "val_loss", "best_epoch"):
            value = record.metrics.get(metric)
            sheet = name.endswith(".xlsx") and value is not None  # which holds 16 digits
            assert row[metric] == (pytest.approx(value, rel=1e-15, abs=0) if sheet else value)
        assert (row["seconds"], row["tensorflow"]) == (1.25, record.environment.get("tensorflow"))
        assert row["epochs_trained"] == record.epochs
    assert {row["reason"] for row in rows} == {None, "=cmd() no room"}, "fit for one line, no more"


def test_curves_are_a_row_an_epoch(runs, inside, tmp_path):
    assert inside("table", "--long", "--out", "t.csv").returncode == 0
    rows = read(tmp_path / "t.csv")
    assert [(row["epoch"], row["val_loss"]) for row in rows] == [(1, 1 / 3), (2, 0.7)] * 4
    assert {row["width"] for row in rows} == {512, 8} and "seconds" not in rows[0]


def test_a_pipe_gets_csv_and_a_terminal_what_fits(runs, inside, tmp_path):
    piped = inside("table")
    inside("table", "--out", "t.csv")
    assert piped.stdout == (tmp_path / "t.csv").read_text()
    console = Console(width=80)
    with console.capture() as capture:
        print_runs(list(runs.records()), console)
    lines = capture.get().splitlines()
    assert all(len(line) <= 80 for line in lines)
    text = " ".join(capture.get().split())
    assert "mine: width 8 + train size 100 " in text and "│ 30.00 ± 0.00 " in text
    assert "0 of 1" in text and "5 runs of 3 experiments" in text


def test_on_paper_is_what_tells_runs_apart(runs, inside, tmp_path):
    inside("table", "--out", "t.tex")
    head, first = (tmp_path / "t.tex").read_text().splitlines()[4:10:4]
    assert head.startswith("network & status & train size & ")
    assert "validation loss" in head and "optimizer" not in head
    assert first.startswith("mine & completed & 100 & ") and first.endswith(r"1.2 \\")


def test_every_kind_of_choice_has_a_column(inside, tmp_path):
    """Of the committed runs: nothing that a part of an experiment holds is left out."""
    done = inside("table", "--runs", RUNS, "--out", "t.csv")
    assert done.returncode == 0, done.stderr
    rows, records = read(tmp_path / "t.csv"), list(Store(RUNS).records())
    parts = {getattr(r.experiment, p.name) for r in records for p in fields(r.experiment)}
    names = {f.name for part in parts for f in fields(part)}
    assert names <= rows[0].keys() and len(rows) == len(records)
    measured = [row["test_accuracy"] for row in rows]
    assert np.array_equal(measured, [record.metrics["test_accuracy"] for record in records])


def test_values_of_several_kinds_become_texts():
    column = _column([1, "a", None])
    assert column.tolist()[:2] == ["1", "a"] and math.isnan(column.tolist()[2] or math.nan)
    assert _column([10**30, None]).tolist()[0] == str(10**30)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--out", "t.doc"), 2, "--out must end in .csv, .parquet, .xlsx, .tex"),
        (("--out", "t"), 2, "--out must end in"),
        (("--runs", "elsewhere"), 1, "must name a folder of run records. Received: elsewhere"),
        (("--runs", "."), 1, "There are some in runs: --runs runs"),
        (("--lond",), 2, "Did you mean --long"),
    ],
)
def test_what_cannot_be_is_told(runs, inside, arguments, code, words):
    done = inside("table", *arguments)
    assert (done.returncode, done.stdout) == (code, "") and words in done.stderr


@pytest.mark.parametrize(("name", "package"), [("t.parquet", "pyarrow"), ("t.xlsx", "openpyxl")])
def test_an_absent_package_is_named_before_anything_is_read(
    runs, inside, monkeypatch, name, package
):
    monkeypatch.setattr("keras_mnist.base.extras.installed", lambda module: False)
    done = inside("table", "--runs", "elsewhere", "--out", name)
    assert done.returncode == 2 and f"pip install '{package}>=" in done.stderr


def test_a_sheet_that_is_too_long_is_refused(runs, monkeypatch):
    pytest.importorskip("openpyxl", reason="needs the package openpyxl")
    monkeypatch.setattr(table_files, "_MOST", 3)
    with pytest.raises(table_files.ExperimentError, match="at most 3 rows"):
        table_files.write_table(pandas.DataFrame({"a": range(4)}), "t.xlsx")


def test_a_damaged_record_is_told_and_left_out(runs, inside):
    record = next(runs.records())
    runs.path(record.experiment, "d" * 64, 0).write_text("{")
    done = inside("table")
    assert done.returncode == 0 and "was set aside" in done.stderr
    assert len(done.stdout.splitlines()) == 1 + 4


def test_where_no_record_can_be_read_that_is_the_reason(inside, tmp_path):
    folder = tmp_path / "torn" / "mlp-0123456789"
    folder.mkdir(parents=True)
    (folder / "seed-0.json").write_text("{")
    done = inside("table", "--runs", tmp_path / "torn")
    assert done.returncode == 1 and not done.stdout
    assert "torn must hold run records" in done.stderr and "was set aside" in done.stderr
