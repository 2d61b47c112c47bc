"""A worker: one process that runs one task after another, and the driver's handle on it."""

import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import traceback
from multiprocessing import util
from multiprocessing.connection import Connection

from keras_mnist.errors import ExperimentError, WorkerError

# Compiled networks are never quite given back (about 9 MiB each): a worker that has grown by
# this much since its first task is replaced, which costs 0.02 s.
LARGEST_GROWTH = 64 * 2**20
SOCKETS = "KERAS_MNIST_SOCKETS"  # tells the fork server the folder of its and our sockets
LOG_TAIL = 4000  # characters of a failed worker's output that are shown

_starting = threading.Lock()


class WorkerDied(WorkerError):
    """The process ended before its task did."""


class Worker:
    """A process started from the fork server; `call` runs one task in it and waits.

    Args:
        initializer: called once in the process as `initializer(*initargs, emit)`.
        initargs: sent once, when the process starts.

    Attributes:
        usable: whether another task may be given to it.

    Raises:
        WorkerDied: the fork server was lost while it started the process.
        ExperimentError: the folder of temporary files does not serve.
    """

    def __init__(self, initializer, initargs: tuple):
        try:
            self._start(initializer, initargs)
        except (ConnectionError, EOFError) as error:  # the fork server was killed just now
            raise WorkerDied("a worker must be started", repr(error)) from None
        except OSError as error:
            raise ExperimentError(
                "the folder of temporary files must have room for a worker's sockets and output, "
                "and a short name",
                f"{tempfile.gettempdir()}: {error}",
                "Name another in TMPDIR",
            ) from None
        self.usable = True

    def _start(self, initializer, initargs: tuple) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - kept as long as the worker
        self._connection, theirs = context.Pipe()
        with _starting, _no_main_module():
            os.environ[SOCKETS] = util.get_temp_dir()
            if hasattr(context, "set_forkserver_preload"):
                context.set_forkserver_preload(["keras_mnist.execution.preload"])
            # A connection's descriptor is sent with the process; any other, by a thread of its own.
            log = Connection(os.dup(self._log.fileno()))
            self._process = context.Process(
                target=_serve, args=(theirs, log, initializer, initargs), daemon=True
            )
            self._process.start()
        log.close()
        theirs.close()  # or the end of the process would not read as the end of the pipe

    def call(self, function, args: tuple, on_event):
        """Run `function(*args)` in the process and return its value.

        Raises:
            WorkerDied: the process ended first.
            WorkerError: the function raised, or the process could not be prepared.
        """
        try:
            self._connection.send((function, args))
            while (message := self._connection.recv())[0] == "event":
                on_event(message[1])
        except (EOFError, OSError):
            self.usable = False
            self._process.join()
            raise WorkerDied(
                "a worker must live until its run is finished",
                _ending(self._process.exitcode),
                output=self._output(),
            ) from None
        kind, value, self.usable = message
        if not self.usable:
            self.kill()
        if kind == "raised":
            raise WorkerError("a run must not raise", value[0], output=value[1] + self._output())
        return value

    def kill(self) -> None:
        """End the process at once."""
        self.usable = False
        self._process.kill()

    def _output(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-LOG_TAIL:]


def _serve(connection, log, initializer, initargs) -> None:
    """Be a worker until the driver has no more tasks or is gone."""
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    log.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to handle
    threading.Thread(target=_follow_parent, daemon=True).start()
    try:
        initializer(*initargs, lambda event: connection.send(("event", event)))
        ready = None
    except Exception as error:
        ready = _told(error)
    first = None
    while True:
        try:
            function, args = connection.recv()
        except EOFError:
            return
        if ready is not None:
            connection.send(("raised", ready, False))
            return
        try:
            answer = ("returned", function(*args))
        except Exception as error:
            answer = ("raised", _told(error))
        memory = _peak_memory()
        first = first or memory
        connection.send((*answer, memory - first < LARGEST_GROWTH))


def _told(error: Exception) -> tuple[str, str]:
    """Return an exception in a line and in full."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300], traceback.format_exc()


def _follow_parent() -> None:
    """End this process when the driver ends, however it ends."""
    multiprocessing.parent_process().join()
    os._exit(1)


def _peak_memory() -> int:
    """Return the process's peak resident size in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _ending(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return f"an end by signal {-exitcode} ({signal.Signals(-exitcode).name})"
    return f"an end with exit code {exitcode}"


@contextlib.contextmanager
def _no_main_module():
    """Keep workers from importing the caller's script, which they never need.

    Otherwise five lines in a file, without `if __name__ == "__main__":`, would start themselves
    again in each worker.
    """
    main = sys.modules["__main__"]
    hidden = {
        name: main.__dict__.pop(name) for name in ("__file__", "__spec__") if name in vars(main)
    }
    main.__spec__ = None
    try:
        yield
    finally:
        del main.__spec__
        vars(main).update(hidden)
