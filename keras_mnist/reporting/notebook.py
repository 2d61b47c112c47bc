"""Progress in a notebook: one line that changes, or a bar where there are ipywidgets."""

import os
import time
from typing import Any

from keras_mnist.base.extras import installed
from keras_mnist.reporting import wording
from keras_mnist.reporting.progress import StudyProgress
from keras_mnist.runs.plan import Plan

EVERY = 0.2  # seconds between two changes at least: a notebook keeps up with no more


def of_a_notebook(console) -> bool:
    """Return whether a console shows in a notebook: a cell's, or that of a command begun by `!`."""
    return console.is_jupyter or (console.is_terminal and "JPY_PARENT_PID" in os.environ)


class NotebookProgress(StudyProgress):
    """Shows in one line how far the study is. What stays of it in the end is one line of text.

    Args:
        plan, console: as in `StudyProgress`.
    """

    def __init__(self, plan: Plan, console):
        super().__init__(plan, console)
        self._begun, self._shown = time.monotonic(), 0.0
        self._left = f"{plan.roughly} {wording.duration(plan.seconds)} left"
        self._running: dict[tuple, float] = {}  # by run, the share of its epochs that is done
        self._view: Any = None

    def __enter__(self):
        if self._plan.missing:
            self._view = _view(self.console, self._total, self._line(""))
        return self

    def __exit__(self, *ended):
        if self._view is None:
            return
        done = f"{self._done} of {wording.count(self._total, 'run')}"
        if ended[0] is None:
            took = wording.duration(time.monotonic() - self._begun)
            self._view.close(f"trained {done} in {took}")
        else:
            self._view.close(
                f"stopped: {done} trained and stored; the same call goes on from there"
            )

    @property
    def _total(self) -> int:
        return len(self._plan.missing)

    def started(self, run):
        """Show that it began."""
        with self._lock:
            self._running[run] = 0.0
            self._show(f"{self._plan.label(run)}: starting")

    def epoch(self, run, epoch, values):
        """Show its last figure."""
        epochs = run[0].fit.epochs
        with self._lock:
            self._running[run] = epoch / epochs
            self._show(f"{self._plan.label(run)}: epoch {epoch} of {epochs}, {self._state(values)}")

    def finished(self, run, record, output):
        """Count it."""
        with self._lock:
            self._running.pop(run, None)
            self._left = self._finish()
            if not record.completed:
                self._tell_failure(run, record, output)
            self._show(f"{self._plan.label(run)}: {record.status}", at_once=True)

    def _show(self, what: str, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._shown >= EVERY:
            self._shown = now
            self._view.show(self._done + sum(self._running.values()), self._line(what))

    def _line(self, what: str) -> str:
        line = f"{self._done} of {wording.count(self._total, 'run')}, {self._left}"
        return f"{line}; {what}" if what else line


class _Line:
    """A text that the notebook replaces, wherever it stands."""

    def __init__(self, text: str):
        from IPython.display import display

        self._handle: Any = display({"text/plain": text}, raw=True, display_id=True)

    def show(self, done: float, text: str) -> None:
        self.close(text)

    def close(self, text: str) -> None:
        self._handle.update({"text/plain": text}, raw=True)


class _Bar:
    """A bar with the text beside it; in the end it gives way to a text, which a file keeps."""

    def __init__(self, total: int, text: str):
        from IPython.display import display
        from ipywidgets import FloatProgress, HBox, Label

        self._bar, self._label = FloatProgress(0.0, max=float(total)), Label(text)
        self._box = HBox([self._bar, self._label])
        self._handle: Any = display(self._box, display_id=True)

    def show(self, done: float, text: str) -> None:
        self._bar.value, self._label.value = done, text

    def close(self, text: str) -> None:
        self._handle.update({"text/plain": text}, raw=True)
        for widget in (self._bar, self._label, self._box):
            widget.close()


class _Typed:
    """A line of a command's output that is written over: a notebook heeds no other control code."""

    def __init__(self, console, text: str):
        self._console, self._width = console, 0
        self._write(text, "")

    def show(self, done: float, text: str) -> None:
        self._write(text, "")

    def close(self, text: str) -> None:
        self._write(text, "\n")

    def _write(self, text: str, end: str) -> None:
        while len(text) >= self._console.width and ", " in text:
            text = text.rpartition(", ")[0]  # whole numbers, or none
        text = text[: self._console.width - 1]
        self._console.file.write(f"\r{text.ljust(self._width)}{end}")
        self._console.file.flush()
        self._width = len(text)


def _view(console, total: int, text: str) -> _Line | _Bar | _Typed:
    if not console.is_jupyter:
        return _Typed(console, text)
    return _Bar(total, text) if installed("ipywidgets") else _Line(text)
