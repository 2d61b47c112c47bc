"""Who takes part in `throughput.py`: what a worker does in its turn, and the handle on workers.

A turn trains one fresh network. The first epoch, with whatever is set up or traced in it, is
not timed: all processes of a contestant wait at its end and go on together.
"""

import contextlib
import multiprocessing
import os
import statistics
import sys
import time

from keras_mnist.experiment import Experiment

# All 60,000 images train: 469 steps, the last one smaller. Nothing is validated.
BASELINE = Experiment().change(validation_split=0.0)
BATCH = BASELINE.training.batch_size
PEAK_SIDE = 1024  # of the square matrices
PEAK_SECONDS = 2.0


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


def ours(dataset, epochs: int):
    """Return a turn of the package's own trainer; its value is the training accuracy."""
    from keras_mnist.training.trainer import Trainer

    trainer = Trainer(BASELINE.change(epochs=epochs), dataset)
    return lambda seed, gate: trainer.run(seed, gate).history["train_accuracy"][-1]


def fit(dataset, epochs: int, steps_per_execution: int):
    """Return a turn of Keras's `fit`; its value is the training accuracy."""
    import keras
    from plain_fit import plain_model, scaled

    images, labels = scaled(dataset.x_train), dataset.y_train.astype("int32")
    model = plain_model("relu", steps_per_execution)
    model.optimizer.build(model.trainable_variables)
    variables = model.variables + model.optimizer.variables
    start = [variable.numpy() for variable in variables]

    def turn(seed, gate):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        callback = keras.callbacks.Callback()
        callback.on_epoch_end = lambda epoch, logs=None: gate(epoch + 1)
        history = model.fit(
            images,
            labels,
            batch_size=BATCH,
            epochs=epochs,
            verbose=0,
            callbacks=[callback],
        )
        return history.history["accuracy"][-1]

    return turn


def peak(dataset, epochs: int):
    """Return a turn of matrix products; its value is their median rate in FLOP a second."""
    import tensorflow as tf

    a, b = (tf.random.normal((PEAK_SIDE, PEAK_SIDE)) for _ in range(2))

    def turn(seed, gate):
        for _ in range(5):
            tf.matmul(a, b)
        gate(1)
        times, end = [], time.perf_counter() + PEAK_SECONDS
        while (begin := time.perf_counter()) < end:
            tf.matmul(a, b)
            times.append(time.perf_counter() - begin)
        gate(epochs)
        return 2 * PEAK_SIDE**3 / statistics.median(times)

    return turn


def work(connection, one_thread: bool, make, *arguments) -> None:
    """Be a worker: make a turn, then take one each time a seed arrives.

    Args:
        connection: to the driver.
        one_thread: keep TensorFlow to one thread.
        make: `ours`, `fit` or `peak`.
        arguments: of `make`: the data set, the epochs of a turn, and what else it takes.
    """
    sys.stderr = os.fdopen(os.dup(2), "w")  # tracebacks stay visible, TensorFlow's lines do not
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from keras_mnist.training.environment import environment
    from keras_mnist.training.run import use_one_thread

    if one_thread:
        use_one_thread()
    turn = make(*arguments)
    connection.send(environment())
    epochs = arguments[1]
    with contextlib.suppress(EOFError):  # the driver has left
        while True:
            connection.send(turn(connection.recv(), Gate(connection, epochs)))


class Contestant:
    """The driver's side of the processes that take their turns together.

    Args:
        processes: how many.
        one_thread, make, arguments: as in `work`.

    Attributes:
        processes: how many.
    """

    def __init__(self, processes: int, one_thread: bool, make, *arguments):
        context = multiprocessing.get_context("spawn")
        self.processes = processes
        self._connections = []
        for _ in range(processes):
            connection, theirs = context.Pipe()
            task = (theirs, one_thread, make, *arguments)
            context.Process(target=work, args=task, daemon=True).start()
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
