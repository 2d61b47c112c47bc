"""What a cluster's worker has of this package: the data, and a process that trains.

Dask's worker process itself never loads TensorFlow. It keeps one process of the kind that trains
on a single machine, so the bits, the one thread, what a failed run printed and the renewal of a
process that has grown are those of the local executor.
"""

import multiprocessing
import pickle
import platform
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from distributed import Reschedule, WorkerPlugin, get_client, get_worker

from keras_mnist import __version__
from keras_mnist.base.errors import WorkerError
from keras_mnist.runs.executors.worker import Worker, WorkerDied
from keras_mnist.runs.run_all import ATTEMPTS

STARTED, EPOCH, REFUSED = "started", "epoch", "refused"


def required() -> dict:
    """Return what must be the same here and on every worker: versions, and one thread."""
    packages = ("tensorflow", "keras", "numpy")
    versions = {name: _version(name) for name in packages}
    return {
        "python": platform.python_version(),
        "keras_mnist": __version__,
        **versions,
        "threads": 1,
    }


def found(dask_worker) -> dict:
    """Return the same of a worker, as it is there; run by Dask, which fills the argument."""
    return required() | {"threads": dask_worker.state.nthreads}


def objection(address: str, wanted: dict, there: dict) -> str:
    """Return why a worker may not train, `tcp://...: numpy 1.0 instead of 2.4.6`, or nothing."""
    other = [
        f"{name} {there.get(name)} instead of {value}"
        for name, value in wanted.items()
        if there.get(name) != value
    ]
    return f"{address}: {', '.join(other)}" if other else ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


class Station(WorkerPlugin):
    """Sent to every worker once, to those that join later, too, before it gets any task.

    Args:
        name: of this plugin, of its events' topic and of its place in the scheduler's notes.
        initializer, initargs: as in `LocalExecutor`.
    """

    def __init__(self, name: str, initializer, initargs: tuple):
        self.name, self._initializer = name, initializer
        self._wanted = required()
        # Unpacked only where the versions are right.
        self._packed = pickle.dumps(initargs, protocol=5)
        self.refused, self._process = False, None

    def setup(self, worker) -> None:
        """Take up the post, or, where something is another than the driver's, leave the cluster."""
        reason = objection(worker.address, self._wanted, found(worker))
        if reason:
            self.refused = True
            worker.log_event(self.name, [REFUSED, reason])
            worker.loop.add_callback(worker.close, reason=reason)
            return
        self._initargs = pickle.loads(self._packed)
        self._packed = None
        # Dask's nanny makes its worker a daemon, which may have no children. Ours ends with it.
        multiprocessing.current_process()._config["daemon"] = False

    def call(self, function, args: tuple, on_event):
        """Run `function(*args)` in the training process; errors as in `Worker.call`."""
        if self._process is None or not self._process.usable:
            self._process = Worker(self._initializer, (*self._initargs, 0))
        return self._process.call(function, args, on_event)

    def teardown(self, worker) -> None:
        """End the training process."""
        if self._process is not None:
            self._process.kill()


def take_up(name: str, number: int, function, args: tuple) -> tuple:
    """Train one run on this worker. Errors are part of the answer: they lose fields on the way.

    Dask gives the task of a lost worker to another one, up to four times; the scheduler keeps
    for us which workers began it, so that it is not begun more often than on one machine.

    Args:
        name: of the `Station`.
        number: of the run.
        function, args: to be called; it returns the record.

    Returns:
        `returned`, `raised` or `died`; the record or the reason; what the process printed.
    """
    worker = get_worker()
    station = worker.plugins.get(name)
    if station is None or station.refused:
        raise Reschedule
    scheduler, note = get_client(), [name, str(number)]
    begun = scheduler.get_metadata(note, [])
    if len(begun) >= ATTEMPTS:
        return "died", f"the end of its workers, {' and '.join(begun)}", ""
    begun = [*begun, worker.address]
    scheduler.set_metadata(note, begun)
    worker.log_event(name, [STARTED, number])
    try:
        record = station.call(
            function, args, lambda event: worker.log_event(name, [EPOCH, number, event])
        )
    except WorkerError as error:
        kind = "died" if isinstance(error, WorkerDied) else "raised"
        return kind, str(error.received), error.output
    return "returned", replace(record, attempts=len(begun)), ""
