"""What a notebook shows: tables and figures in place, one line of progress, an interruption."""

import io
import re
from types import SimpleNamespace

import pytest
import tiny
from rich.console import Console

from keras_mnist.base.errors import ExperimentError
from keras_mnist.reporting import notebook
from keras_mnist.reporting.notebook import NotebookProgress
from keras_mnist.reporting.progress import progress_for
from keras_mnist.runs import Store
from keras_mnist.runs.plan import make_plan

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("ipywidgets")

FIRST = """
import os, signal, sys, threading, time
from multiprocessing import active_children
from pathlib import Path
from keras_mnist import Experiment, Study, run_study

sys.modules["ipywidgets"] = None
tiny = Experiment().change(width=16, epochs=2, batch_size=32)
def asked(seeds, **changes):
    return Study.of(tiny.change(**changes), {{"dropout": [0.0]}}, seeds=range(seeds))
def trained():
    return len(list(Path("runs").glob("*/seed-*.json")))
how = dict(data={data!r}, runs="runs", jobs=1)
"""
INTERRUPTED = """
def interrupt():  # as a server does: the kernel and whatever belongs to its group
    while not trained():
        time.sleep(0.01)
    os.killpg(0, signal.SIGINT)
threading.Thread(target=interrupt).start()
run_study(asked(40), **how)
"""
AFTER = "print(trained(), len(active_children()), threading.active_count() < 20)"
GOES_ON = "result = run_study(asked(3), **how)\nprint(result.cached, result.trained)"
WITH_BAR = 'del sys.modules["ipywidgets"]\nother = run_study(asked(1, width=24), **how)'
STORED = "run_study(asked(3), **how).trained"
CELLS = {
    "first": FIRST,
    "interrupted": INTERRUPTED,
    "after": AFTER,
    "goes on": GOES_ON,
    "stored": STORED,
    "result": "result",
    "figure": 'result.figure("forest")',
    "figures": "result.draw()",
    "bar": WITH_BAR,
}


class Client(nbclient.NotebookClient):
    """Executes a notebook and keeps what a file of it does not: what was shown and replaced."""

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] in ("display_data", "update_display_data"):
            cell.metadata.setdefault("shown", []).append(msg["content"]["data"])
        return super().process_message(msg, cell, cell_index)


@pytest.fixture(scope="module")
def cells(data_file, tmp_path_factory):
    """The cells by name, executed in one kernel."""
    new = nbformat.v4
    book = new.new_notebook(cells=[new.new_code_cell(text) for text in CELLS.values()])
    book.cells[0].source = FIRST.format(data=str(data_file))
    book.cells[1].metadata["tags"] = ["raises-exception"]
    folder = str(tmp_path_factory.mktemp("notebook"))
    Client(book, timeout=200, resources={"metadata": {"path": folder}}).execute()
    return dict(zip(CELLS, book.cells, strict=True))


def printed(cell) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_an_interrupted_kernel_keeps_finished_runs_and_leaves_no_workers(cells):
    line, error = cells["interrupted"].outputs
    assert error.ename == "KeyboardInterrupt"
    stopped = re.fullmatch(
        "stopped: (\\d+) of 80 runs trained and stored; the same call goes on from there",
        line.data["text/plain"],
    )
    kept, workers, few_threads = printed(cells["after"]).split()
    assert int(kept) - int(stopped[1]) in (0, 1), "stored, and perhaps not counted any more"
    assert (workers, few_threads) == ("0", "True")


def test_the_same_call_goes_on_in_one_line(cells):
    kept = int(printed(cells["after"]).split()[0])
    cached, trained = map(int, printed(cells["goes on"]).split())
    assert 1 <= cached <= kept and cached + trained == 6
    line, said = cells["goes on"].outputs
    assert re.fullmatch(f"trained {trained} of {trained} runs? in .+", line.data["text/plain"])
    assert said.output_type == "stream"
    shown = [data["text/plain"] for data in cells["goes on"].metadata["shown"]]
    assert len(shown) >= trained + 2, "at the beginning, after every run, in the end"
    assert any(re.match(r"\d of \d runs?, .+ left", text) for text in shown)
    assert not any("\n" in text for text in shown)


def test_where_nothing_is_trained_nothing_is_shown(cells):
    (only,) = cells["stored"].outputs
    assert only.data["text/plain"] == "0"


def test_a_bar_where_there_are_widgets_gives_way_to_a_line(cells):
    first, *_, last = cells["bar"].metadata["shown"]
    assert "application/vnd.jupyter.widget-view+json" in first
    (kept,) = cells["bar"].outputs
    assert kept.data == last
    assert re.fullmatch("trained 2 of 2 runs in .+", last["text/plain"])


def test_a_result_is_html_and_a_figure_a_picture(cells):
    (table,) = cells["result"].outputs
    assert "<table>" in table.data["text/html"] and "no dropout" in table.data["text/html"]
    assert "\x1b" not in table.data["text/plain"]
    (figure,) = cells["figure"].outputs
    assert len(figure.data["image/png"]) > 5000
    (figures,) = cells["figures"].outputs
    assert figures.data["text/html"].count("<img src='data:image/png;base64,") == 3


def test_a_figure_that_a_study_has_not():
    from test_reporting import factorial

    with pytest.raises(ExperimentError, match=r"one of curves, forest, shares\. Rec.*'pie'"):
        factorial().figure("pie")


class Watched(NotebookProgress):
    """Counts what it shows, into nothing."""

    def __enter__(self):
        self.lines: list[str] = []
        self._view = SimpleNamespace(
            show=lambda done, text: self.lines.append(text), close=self.lines.append
        )
        return self


def test_a_thousand_epochs_are_no_thousand_changes(small, tmp_path):
    study = tiny.Study.of(tiny.TINY.change(epochs=1000), {"dropout": [0.0]}, seeds=(0,))
    plan = make_plan(tiny.wanted(study, small), small, Store(tmp_path), jobs=1)
    with Watched(plan, Console(file=io.StringIO())) as watcher:
        for run in plan.missing:
            watcher.started(run)
            for epoch in range(1, 1001):
                watcher.epoch(run, epoch, {"train_accuracy": 0.5})
    assert 1 <= len(watcher.lines) < 50


def test_a_command_in_a_notebook_writes_over_one_line(small, tmp_path, monkeypatch):
    """`!keras-mnist ablate` has a terminal, of which a notebook heeds only the carriage return."""
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    monkeypatch.setattr(notebook, "EVERY", 0.0)
    console = Console(file=io.StringIO(), force_terminal=True, width=60)
    plan = make_plan(tiny.wanted(tiny.STUDY, small), small, Store(tmp_path), jobs=1)
    with progress_for(plan, console, quiet=False) as watcher:
        for run in plan.missing:
            watcher.started(run)
            watcher.epoch(run, 1, {"val_accuracy": 0.5})
            watcher.finished(run, SimpleNamespace(completed=True, status="completed"), "")
    text = console.file.getvalue()
    assert "\x1b" not in text
    assert text.count("\n") == 1 and text.endswith("\n")
    lines = text.strip("\n").split("\r")
    assert max(map(len, lines)) < 60
    assert "; baseline, seed 0: epoch 1 of 2" in text and "accuracy 5" not in text, "whole or not"
    assert "trained 4 of 4 runs in " in text.split("\r")[-1]
    monkeypatch.delenv("JPY_PARENT_PID")
    assert not isinstance(progress_for(plan, console, quiet=False), NotebookProgress)
