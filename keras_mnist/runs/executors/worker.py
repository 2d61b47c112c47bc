"""A worker: one process that runs one task after another, and the driver's handle on it."""

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from multiprocessing import util
from multiprocessing.connection import Connection
from typing import Any

from keras_mnist import start
from keras_mnist.base.errors import WorkerError
from keras_mnist.base.plain_matplotlib import import_plain
from keras_mnist.runs.executors.birth import end_server, kept_apart, limits, not_started
from keras_mnist.runs.executors.endings import (
    AGAIN,
    WorkerLost,
    died,
    ending,
    lost,
    unfit,
)

# Compiled networks are never quite given back (about 9 MiB each): a worker that has grown by
# this much since its first task is replaced, which costs 0.02 s.
LARGEST_GROWTH = 64 * 2**20
SOCKETS = "KERAS_MNIST_SOCKETS"  # tells the fork server our number and the folder of sockets
PRELOAD = "keras_mnist.runs.executors.preload"  # what the fork server imports
LOG_TAIL = 4000  # characters of a failed worker's output that are shown

_starting = threading.Lock()


class Worker:
    """A process started from the fork server; `call` runs one task in it and waits.

    Args:
        initializer: called once in the process as `initializer(*initargs, emit)`.
        initargs: sent once, when the process starts.
        before: called when it is this worker's turn to start; what it raises is passed on.

    Attributes:
        usable: whether another task may be given to it.

    Raises:
        WorkerLost: the fork server was lost while it started the process.
        ExperimentError: the system does not let a process start.
    """

    def __init__(self, initializer, initargs: tuple, before: Callable = lambda: None):
        try:
            self._start(initializer, initargs, before)
        except KeyboardInterrupt:
            end_server()  # or it would be left, should it have been stopped
            raise
        except (ConnectionError, EOFError) as error:  # the fork server was killed just now
            raise WorkerLost(
                "the fork server, which starts the workers, must live",
                repr(error),
                f"Processes or memory may be short: try fewer --jobs. {limits()}{AGAIN}",
            ) from None
        except OSError as error:
            raise not_started(error) from None
        self.usable, self._ready, self._why = True, False, ""

    def _start(self, initializer, initargs: tuple, before: Callable) -> None:
        methods = multiprocessing.get_all_start_methods()
        # Of either kind, which is more than typeshed knows of a context in general.
        context: Any = multiprocessing.get_context(
            "forkserver" if "forkserver" in methods else "spawn"
        )
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - kept as long as the worker
        self._connection, theirs = context.Pipe()
        with _starting, kept_apart() as path:
            before()
            folder = util.get_temp_dir()
            os.environ[SOCKETS] = f"{os.getpid()}:{folder}"
            if hasattr(context, "set_forkserver_preload"):
                context.set_forkserver_preload([start.FIRST, PRELOAD])
            # A connection's descriptor is sent with the process; any other, by a thread of its own.
            log = Connection(os.dup(self._log.fileno()))
            self._process = context.Process(
                target=_serve, args=(theirs, log, path, folder, initializer, initargs), daemon=True
            )
            self._process.start()
        log.close()
        theirs.close()  # or the end of the process would not read as the end of the pipe

    def prepare(self) -> None:
        """Wait until the process is ready for its first task; it may be called again.

        Raises:
            WorkerLost: the process ended first.
            WorkerUnfit: an import or the initializer raised.
        """
        if not self._ready:
            self._answer(lost)
            self._ready = True

    def call(self, function, args: tuple, on_event):
        """Run `function(*args)` in the process and return its value.

        Raises:
            WorkerLost, WorkerUnfit: as in `prepare`, which it does first.
            WorkerDied: the process ended before the function returned.
            WorkerError: the function raised.
        """
        self.prepare()
        return self._answer(died, (function, args), on_event)

    def _answer(self, ended, task=None, on_event: Any = None):
        """Return what the process says next but events; `ended`: makes the error of its end.

        Without a task there are no events.
        """
        try:
            if task:
                self._connection.send(task)
            while (message := self._connection.recv())[0] == "event":
                on_event(message[1])
        except (EOFError, OSError):
            self.usable = False
            self._process.join()
            why = self._why or ending(self._process.exitcode)
            raise ended(why, self._output()) from None
        kind, value, self.usable = message
        if not self.usable:
            self.kill()
        if kind == "unfit":
            raise unfit(value[0], value[1] + self._output())
        if kind == "raised":
            raise WorkerError("a run must not raise", value[0], output=value[1] + self._output())
        return value

    def kill(self, why: str = "") -> None:
        """End the process at once; `why`: what its task's error says of it."""
        self.usable, self._why = False, why
        self._process.kill()

    def _output(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-LOG_TAIL:]


def _serve(connection, log, path, folder, initializer, initargs) -> None:
    """Be a worker until the driver has no more tasks or is gone."""
    sys.path[:] = path
    tempfile.tempdir = folder  # it is killed, and removes nothing of what libraries leave there
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    log.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to handle
    threading.Thread(target=_follow_parent, daemon=True).start()
    try:
        if server := sys.modules.get(PRELOAD):  # not so where somebody else started the server
            server.require_whole()
        import_plain()  # a worker draws nothing
        initializer(*initargs, lambda event: connection.send(("event", event)))
    except Exception as error:
        connection.send(("unfit", _told(error), False))
        return
    connection.send(("ready", None, True))
    first = None
    while True:
        try:
            function, args = connection.recv()
            answer = ("returned", function(*args))
        except EOFError:
            return
        except ImportError as error:  # in a task, or as one arrives
            connection.send(("unfit", _told(error), False))
            return
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
    driver: Any = multiprocessing.parent_process()  # a worker has one
    driver.join()
    os._exit(1)


def _peak_memory() -> int:
    """Return the process's peak resident size in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
