"""How a worker may end before its task does, and what a person is told of it."""

import signal

from keras_mnist.base.errors import WorkerError
from keras_mnist.runs.executors.birth import limits

AGAIN = "Nothing was recorded of its run: mend that, then start the same command again"


class WorkerDied(WorkerError):
    """The process ended before its task did."""


class WorkerLost(WorkerDied):
    """The process ended before it was ready for a task, which may be bad luck, once."""


class WorkerUnfit(WorkerError):
    """The process cannot be made ready for any task: no run's failure."""


def died(received: str, output: str) -> WorkerDied:
    """Return the error of a task whose worker ended."""
    return WorkerDied("a worker must live until its run is finished", received, output=output)


def lost(received: str, output: str) -> WorkerLost:
    """Return the error of a worker that ended before it was ready."""
    again = limits() + AGAIN
    return WorkerLost("a worker must live until it can train", received, again, output)


def unfit(received: str, output: str) -> WorkerUnfit:
    """Return the error of a worker that cannot be made ready."""
    return WorkerUnfit(
        "a worker must be able to import what it needs and to take the data",
        received,
        limits() + AGAIN,
        output,
    )


def ending(exitcode: int | None) -> str:
    """Return how a process ended, in words."""
    if exitcode is not None and exitcode < 0:
        return f"an end by signal {-exitcode} ({signal.Signals(-exitcode).name})"
    return f"an end with exit code {exitcode}"
