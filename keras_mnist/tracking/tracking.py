"""The side of the command: finished runs go to trackers, which never stop it.

Each tracker has a process of its own. It may be slow, hang or end: runs wait in a queue meanwhile,
and what went wrong is told once.
"""

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict

from keras_mnist import start
from keras_mnist.base import extras
from keras_mnist.base.errors import ExperimentError
from keras_mnist.reporting.announce import tell_notes
from keras_mnist.runs import RunRecord
from keras_mnist.tracking.told import Group, entry_of
from keras_mnist.tracking.tracker import TRACKERS, tracker_named

PATIENCE = 60.0  # seconds that a command waits for trackers in the end, all together
_INTERRUPTED = 3.0  # the same where it was interrupted
_MODULE = "keras_mnist.tracking.teller"


class Tracking:
    """Tells trackers of a group's runs. Used as a context manager.

    Args:
        trackers: as they were named: `mlflow:URI`.
        group: of the runs.
        tell: called with what a person should know of a tracker, in any thread.

    Raises:
        ExperimentError: there is no such tracker.
    """

    def __init__(self, trackers: Iterable[str], group: Group, tell: Callable[[str], None]):
        self._group, self._told = group, set()
        self._lines = [_Line(*tracker_named(text), group, tell) for text in dict.fromkeys(trackers)]

    def __enter__(self):
        for line in self._lines:
            line.start()
        return self

    def run(self, of: str, record: RunRecord) -> None:
        """Tell of a finished run, once.

        Args:
            of: what a person calls its experiment.
            record: of the run.
        """
        which = of, record.key, record.seed
        if self._lines and which not in self._told:
            self._told.add(which)
            self._say({"run": asdict(entry_of(self._group, of, record))})

    def summary(self, values: dict[str, float]) -> None:
        """Tell what the runs come to."""
        self._say({"summary": values})

    def _say(self, what: dict) -> None:
        for line in self._lines:
            line.say(what)

    def __exit__(self, kind, *_):
        """Wait until all is told, but not for long."""
        end = time.monotonic() + (PATIENCE if kind is None else _INTERRUPTED)
        for line in self._lines:
            line.close()
        try:
            for line in self._lines:
                line.wait(end)
        finally:  # also where a person will not wait
            for line in self._lines:
                line.kill()


def teller(console) -> Callable[[str], None]:
    """Return what tells a person on a console what to know of a tracker."""

    def tell(message: str) -> None:
        tell_notes([message], console)

    return tell


class _Line:
    """The way to one tracker."""

    def __init__(self, name: str, where: str, group: Group, tell: Callable[[str], None]):
        self._name, self._tell = name, tell
        home = TRACKERS[name].home
        self._first = {"home": home, "where": where, "group": asdict(group)}
        self._waiting: queue.SimpleQueue = queue.SimpleQueue()
        self._said, self._heard, self._over = 0, 0, False
        self._process: subprocess.Popen | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        known = TRACKERS[self._name]
        try:
            extras.require((known.module,), self._name, f"--track {self._name}")
            quiet = {name: os.environ.get(name, value) for name, value in known.quiet.items()}
            self._process = subprocess.Popen(
                start.command(_MODULE),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=os.environ | quiet,
                start_new_session=True,  # Ctrl-C is the command's: it says what becomes of trackers
            )
        except (ExperimentError, OSError) as error:
            self._give_up(str(error))
            return
        for work in (self._speak, self._listen):
            self._threads.append(threading.Thread(target=work, daemon=True))
            self._threads[-1].start()
        self.say(self._first)

    def say(self, what: dict) -> None:
        if not self._over:
            self._said += 1
            self._waiting.put(json.dumps(what) + "\n")

    def _speak(self) -> None:
        """Hand on what waits, in a thread: the other side may be slow to take it."""
        assert self._process and self._process.stdin
        with contextlib.suppress(OSError), self._process.stdin as pipe:  # it may have ended
            while (line := self._waiting.get()) is not None:
                pipe.write(line)
                pipe.flush()

    def _listen(self) -> None:
        assert self._process and self._process.stdout
        for line in self._process.stdout:
            answer = json.loads(line)
            if "failed" in answer:
                self._give_up(answer["failed"])
                return
            self._heard += 1
        if self._heard < self._said:
            self._give_up("its process ended")

    def _give_up(self, reason: str) -> None:
        """Say once that the tracker is told no more."""
        if not self._over:
            self._over = True
            what = f"{self._name} is told no more of these runs, which go on"
            self._tell(f"{what}: {reason.rstrip('.')}")

    def close(self) -> None:
        self._waiting.put(None)

    def wait(self, deadline: float) -> None:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            done, all_ = max(self._heard - 1, 0), self._said - 1
            self._give_up(f"told {done} of {all_} things in time; the same command tells the rest")

    def kill(self) -> None:
        if self._process:
            self._process.kill()  # nothing, where it has ended
            self._process.wait()
