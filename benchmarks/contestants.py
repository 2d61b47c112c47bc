"""The processes that take part in `throughput.py`, and what they are told.

A turn trains one fresh network. The first epoch, with whatever is set up or traced in it, is
not timed: all processes of a contestant wait at its end and go on together.
"""

import contextlib
import multiprocessing
import os
import sys
import time

from keras_mnist.experiment import Experiment
from keras_mnist.networks import LeNet

# All 60,000 images train: 469 steps of 128, the last one smaller. Nothing is validated.
_LENET5 = Experiment(network=LeNet()).change(
    validation_split=0.0, normalize=True, optimizer="sgd", momentum=0.9
)
EXPERIMENTS = {
    "mlp": Experiment().change(validation_split=0.0),
    "lenet5": _LENET5,  # of file 004
    "lenet5_reg": _LENET5.change(  # of file 000
        model=LeNet(padding="valid", c5_activation=False, batchnorm=True, dropout=0.3),
        **{"side": 32, "shift": 0.1, "rotation": 0.15},
    ),
}
TEST_BATCH = 1000  # images a step where the test set is measured, as in the package


class Gate:
    """Told of each finished epoch in a worker; holds it after the first until all are there."""

    def __init__(self, connection, last: int):
        self._connection, self._last = connection, last

    def __call__(self, epoch: int, *_) -> None:
        """Be told that `epoch`, from 1, is finished."""
        if epoch == 1:
            self._connection.send("ready")
            self._connection.recv()
        if epoch == self._last:
            self._connection.send("done")


def work(connection, start, threads: int, make, model: str, dataset, epochs: int, *rest) -> None:
    """Be a worker: make a turn, then take one each time a seed arrives.

    Args:
        connection: to the driver.
        start: takes `threads`, prepares the framework for them and says what it is.
        threads: how many this process may use.
        make: takes all that follows and returns the turn, a function of a seed and a gate.
        model: of `EXPERIMENTS`.
        dataset: whose images are trained on.
        epochs: of a turn.
        rest: what else `make` takes.
    """
    sys.stderr = os.fdopen(os.dup(2), "w")  # tracebacks stay visible, TensorFlow's lines do not
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    said = start(threads)
    turn = make(model, dataset, epochs, *rest)
    connection.send(said)
    with contextlib.suppress(EOFError):  # the driver has left
        while True:
            connection.send(turn(connection.recv(), Gate(connection, epochs)))


class Contestant:
    """The driver's side of the processes that take their turns together.

    Args:
        processes: how many.
        arguments: of `work`, after the connection.

    Attributes:
        processes: how many.
    """

    def __init__(self, processes: int, *arguments):
        context = multiprocessing.get_context("spawn")
        self.processes = processes
        self._connections = []
        for _ in range(processes):
            connection, theirs = context.Pipe()
            context.Process(target=work, args=(theirs, *arguments), daemon=True).start()
            theirs.close()
            self._connections.append(connection)

    def tell(self, messages) -> None:
        """Send each process its message."""
        for connection, message in zip(self._connections, messages, strict=True):
            connection.send(message)

    def hear(self) -> list:
        """Return what each process says next."""
        return [connection.recv() for connection in self._connections]

    def turn(self, number: int) -> tuple[float, list]:
        """Take turn `number`, from 0; no seed occurs twice.

        Returns:
            The seconds from the common start to the last end, and the turns' values.

        Raises:
            RuntimeError: a run ended before its last epoch.
        """
        self.tell(range(number * self.processes, (number + 1) * self.processes))
        self._expect("ready")
        begin = time.perf_counter()
        self.tell(["go"] * self.processes)
        self._expect("done")
        return time.perf_counter() - begin, self.hear()

    def _expect(self, word: str) -> None:
        if any(said != word for said in self.hear()):
            raise RuntimeError(f"a worker must say {word}: did a run diverge?")
