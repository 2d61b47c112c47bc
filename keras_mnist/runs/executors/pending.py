"""What a cluster's executor promises: a future that knows who has begun its task."""

from concurrent.futures import Future

import distributed

from keras_mnist.base.errors import WorkerError, shown
from keras_mnist.runs.executors import station
from keras_mnist.runs.executors.endings import WorkerDied
from keras_mnist.runs.executors.worker import LOG_TAIL

_OUTPUT = 5 * LOG_TAIL  # characters of it: a traceback, too


class Pending(Future):
    """A future that gives a record's JSON text, whatever that says.

    Args:
        workers: by which the task was begun, as the scheduler knows them; more may join them.

    Attributes:
        theirs: Dask's own future of the task, once that is submitted.
    """

    def __init__(self, workers: list[str]):
        super().__init__()
        self.workers = workers
        self.theirs: distributed.Future | None = None

    def settle(self, answer: dict) -> None:
        """Pass on what `station.take_up` answered with, a text whatever it is."""
        kind, worker, text = answer["kind"], answer["worker"], str(answer.get("text"))
        output = str(answer.get("output", ""))[-_OUTPUT:]
        output = "".join(letter for letter in output if letter.isprintable() or letter in "\n\t")
        if kind == station.RETURNED:
            if worker not in self.workers:
                self.workers.append(worker)  # unasked, or unsaid
            self.set_result(text)
        elif kind == station.DIED:
            self.set_exception(died(shown(text), output))
        else:
            self.set_exception(WorkerError("a run must not raise", shown(text), output=output))


def died(received: str, output: str = "") -> WorkerDied:
    """Return the error of a task whose training process ended."""
    return WorkerDied("a worker must live until its run is finished", received, output=output)
