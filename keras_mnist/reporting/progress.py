"""What a person sees while runs are trained: bars on a terminal, plain lines elsewhere.

In a notebook, see `notebook.py`.
"""

import threading

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from keras_mnist.reporting import wording
from keras_mnist.reporting.announce import say, tell_notes
from keras_mnist.runs import RunRecord
from keras_mnist.runs.plan import Plan
from keras_mnist.runs.run_all import Watcher


class StudyProgress(Watcher):
    """Shows a plan being worked off. Used as a context manager.

    Args:
        plan: its missing runs are the work; its forecast gives the time left.
        console: where to show it.
    """

    def __init__(self, plan: Plan, console: Console):
        self._plan, self.console = plan, console
        self._lock = threading.Lock()
        self._done = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def told(self, message):
        """Print it."""
        with self._lock:
            tell_notes([message], self.console)

    @staticmethod
    def _state(values: dict) -> str:
        """Say how well a run did in an epoch."""
        metric = "val_accuracy" if "val_accuracy" in values else "train_accuracy"
        return f"{wording.name(metric)} {wording.number(metric, values[metric])} %"

    def _finish(self) -> str:
        """Count a finished run and say how long the others will take."""
        self._done += 1
        if self._done == len(self._plan.missing):
            return "done"
        return f"{self._plan.roughly} {wording.duration(self._plan.forecast.left)} left"

    def _tell_failure(self, run: tuple, record: RunRecord, output: str) -> None:
        self.console.print(
            f"{self._plan.label(run)}: {record.status}: {record.reason}", style="bold", markup=False
        )
        if output:
            self.console.print(f"Its process printed:\n{output}", markup=False, highlight=False)


class PlainProgress(StudyProgress):
    """A line a finished run, without control codes, for pipes and logs."""

    def finished(self, run, record, output):
        """Print what came of the run."""
        with self._lock:
            left = self._finish()
            if not record.completed:
                self._tell_failure(run, record, output)
                return
            accuracy = wording.number("test_accuracy", record.metrics["test_accuracy"])
            done = f"{self._done}/{len(self._plan.missing)} {self._plan.label(run)}"
            took = wording.duration(record.seconds)
            say([f"{done}: test accuracy {accuracy} %, {took}; {left}"], self.console)


class BarProgress(StudyProgress):
    """A bar for the study and one for each running worker."""

    def __init__(self, plan: Plan, console: Console):
        super().__init__(plan, console)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[state]}", markup=False),
            console=console,
            transient=True,
        )
        total = len(plan.missing)
        state = f"{plan.roughly} {wording.duration(plan.seconds)} left"
        self._study = self._bars.add_task("study", total=total, state=state, visible=total > 0)
        self._running: dict = {}

    def __enter__(self):
        self._bars.start()
        return self

    def __exit__(self, *_):
        self._bars.stop()

    def started(self, run):
        """Add the run's bar."""
        with self._lock:
            if run in self._running:  # a second attempt
                self._bars.remove_task(self._running.pop(run))
            epochs = run[0].fit.epochs
            self._running[run] = self._bars.add_task(
                self._plan.label(run), total=epochs, state="starting"
            )

    def epoch(self, run, epoch, values):
        """Move the run's bar on."""
        state = self._state(values)
        with self._lock:
            if run in self._running:
                self._bars.update(self._running[run], completed=epoch, state=state)

    def finished(self, run, record, output):
        """Remove the run's bar and count it."""
        with self._lock:
            left = self._finish()
            if run in self._running:
                self._bars.remove_task(self._running.pop(run))
            if not record.completed:
                self._tell_failure(run, record, output)
            self._bars.update(self._study, completed=self._done, state=left)


class Silence(StudyProgress):
    """Nothing but failures."""

    def finished(self, run, record, output):
        """Tell of a run that did not complete."""
        with self._lock:
            if not record.completed:
                self._tell_failure(run, record, output)


def progress_for(plan: Plan, console: Console, quiet: bool) -> StudyProgress:
    """Return the form of progress that suits the console."""
    from keras_mnist.reporting.notebook import NotebookProgress, of_a_notebook

    if quiet:
        return Silence(plan, console)
    if of_a_notebook(console):
        return NotebookProgress(plan, console)
    if console.is_terminal:
        return BarProgress(plan, console)
    return PlainProgress(plan, console)
