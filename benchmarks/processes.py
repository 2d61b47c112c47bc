"""Processes that are asked and answer, and whose death is told.

Each framework has processes of its own: loaded together, two of them may bring each other down.
What a process prints goes to a file, of which the end is shown if it dies.
"""

import contextlib
import multiprocessing
import os
import signal
import tempfile
import time
from pathlib import Path

LINES = 12  # of what a process printed, shown when it is lost
_CONTEXT = multiprocessing.get_context("spawn")


class Lost(Exception):
    """A process that ended, or fell silent, before it had answered."""


class Worker:
    """A process, and the driver's end of the line to it.

    Args:
        target: called there with its end of the line and the arguments.
        arguments: picklable.
        patience: seconds that it may be silent when it is listened to.
    """

    def __init__(self, target, *arguments, patience: float):
        self._patience = patience
        # The file goes with the worker; the process writes to it by name.
        self._printed = tempfile.NamedTemporaryFile(prefix="throughput-", suffix=".txt")  # noqa: SIM115
        self._line, theirs = _CONTEXT.Pipe()
        arguments = (theirs, self._printed.name, target, arguments)
        self._process = _CONTEXT.Process(target=_serve, args=arguments, daemon=True)
        try:
            self._process.start()
        except BrokenPipeError:
            raise self._lost() from None
        finally:
            theirs.close()  # or its end would not be noticed

    def tell(self, message) -> None:
        """Send it a message."""
        try:
            self._line.send(message)
        except OSError:
            raise self._lost() from None

    def hear(self):
        """Return what it says next.

        Raises:
            Lost: it ended, or was silent for too long.
        """
        if not self._line.poll(self._patience):
            raise Lost(f"said nothing for {self._patience:g} s{self._tail()}")
        try:
            return self._line.recv()
        except (EOFError, ConnectionResetError):
            raise self._lost() from None

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
        self._line.close()
        self._printed.close()

    def _lost(self) -> Lost:
        self._process.join(self._patience)
        code = self._process.exitcode
        if code is not None and code < 0:
            how = f"was ended by {signal.Signals(-code).name}"
        else:
            how = f"ended with exit code {code}"
        return Lost(how + self._tail())

    def _tail(self) -> str:
        lines = Path(self._printed.name).read_text(errors="replace").splitlines()[-LINES:]
        return "".join(f"\n    {line}" for line in lines)


def _serve(line, printed: str, target, arguments) -> None:
    """Be the process: all that it prints, libraries in C too, goes to the file `printed`."""
    file = os.open(printed, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # or its own lines fill what is shown
    with contextlib.suppress(EOFError):  # the driver has left
        target(line, *arguments)


def answer(function, *arguments, patience: float):
    """Return what `function` returns of the arguments in a process of its own.

    Raises:
        Lost: it ended, or took longer than `patience` seconds.
    """
    worker = Worker(_answer, function, arguments, patience=patience)
    try:
        return worker.hear()
    finally:
        worker.close()


def _answer(line, function, arguments) -> None:
    line.send(function(*arguments))


class Gate:
    """Told of each finished epoch in a worker; holds it after the first until all are there."""

    def __init__(self, line, last: int):
        self._line, self._last = line, last

    def __call__(self, epoch: int, *_) -> None:
        """Be told that `epoch`, from 1, is finished."""
        if epoch == 1:
            self._line.send("ready")
            self._line.recv()
        if epoch == self._last:
            self._line.send("done")


def take_turns(line, start, threads: int, make, case: str, dataset, epochs: int, *rest) -> None:
    """Be a contestant's process: make a turn, then take one each time a seed arrives.

    A turn trains one fresh network. The first epoch, with whatever is set up or traced in it, is
    not timed: all processes of a contestant wait at its end and go on together.

    Args:
        line: to the driver.
        start: takes `threads`, prepares the framework for them and says what it is.
        threads: how many this process may use.
        make: takes all that follows and returns the turn, a function of a seed and a gate.
        case: of `CASES`.
        dataset: whose images are trained on.
        epochs: of a turn.
        rest: what else `make` takes.
    """
    said = start(threads)
    turn = make(case, dataset, epochs, *rest)
    line.send(said)
    while True:
        line.send(turn(line.recv(), Gate(line, epochs)))


class Contestant:
    """The driver's side of the processes that take their turns together.

    Args:
        processes: how many.
        arguments: of `take_turns`, after the line.
        patience: as a worker has it.

    Attributes:
        processes: how many.
        about: what they say of their framework.

    Raises:
        Lost: one of them ended. So do `turn` and its kind; the others are ended then.
    """

    def __init__(self, processes: int, *arguments, patience: float):
        self.processes, self._workers = processes, []
        with self._together():
            for _ in range(processes):
                self._workers.append(Worker(take_turns, *arguments, patience=patience))
            *_, self.about = [worker.hear() for worker in self._workers]

    def turn(self, number: int) -> tuple[float, list]:
        """Take turn `number`, from 0; no seed occurs twice.

        Returns:
            The seconds from the common start to the last end, and the turns' values.
        """
        with self._together():
            for place, worker in enumerate(self._workers):
                worker.tell(number * self.processes + place)
            self._expect("ready")
            begin = time.perf_counter()
            for worker in self._workers:
                worker.tell("go")
            self._expect("done")
            seconds = time.perf_counter() - begin
            return seconds, [worker.hear() for worker in self._workers]

    def close(self) -> None:
        """End its processes."""
        for worker in self._workers:
            worker.close()
        self._workers = []

    def _expect(self, word: str) -> None:
        if any(worker.hear() != word for worker in self._workers):
            raise Lost(f"did not say {word}: did a run diverge?")

    @contextlib.contextmanager
    def _together(self):
        try:
            yield
        except BaseException:
            self.close()
            raise
