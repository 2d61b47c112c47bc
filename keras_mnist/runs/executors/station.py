"""What a cluster's worker has of this package: the data, and a process that trains.

Dask's worker process itself never loads TensorFlow. It keeps one process of the kind that trains
on a single machine, so the bits, the one thread, what a failed run printed and the renewal of a
process that has grown are those of the local executor.
"""

import contextlib
import json
import multiprocessing
import pickle
import platform
import time
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from distributed import Client, Reschedule, WorkerPlugin, get_client, get_worker

from keras_mnist import __version__
from keras_mnist.base.errors import ExperimentError, WorkerError
from keras_mnist.runs import RunRecord
from keras_mnist.runs.executors.endings import WorkerDied, WorkerLost, WorkerUnfit
from keras_mnist.runs.executors.worker import Worker
from keras_mnist.runs.run_all import ATTEMPTS

# The kinds of events by which a worker tells the driver all that it tells: text and numbers.
STARTED, EPOCH, REFUSED = "started", "epoch", "refused"
ANSWERS = RETURNED, RAISED, DIED = "returned", "raised", "died"

_PAUSE = 0.2  # seconds


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


def there(worker) -> dict:
    """Return the same of one of Dask's workers, as it is there."""
    return required() | {"threads": worker.state.nthreads}


def found(dask_worker) -> str:
    """Return that as JSON; run by Dask, which fills the argument."""
    return json.dumps(there(dask_worker))


def objection(address: str, wanted: dict, has: dict) -> str:
    """Return why a worker may not train, `tcp://...: numpy 1.0 instead of 2.4.6`, or nothing."""
    other = [
        f"{name} {has.get(name)} instead of {value}"
        for name, value in wanted.items()
        if has.get(name) != value
    ]
    return f"{address}: {', '.join(other)}" if other else ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def operation(client: Client, name: str) -> Callable[..., Awaitable]:
    """Return one of the things that the scheduler does for its clients."""
    return getattr(client.scheduler, name)


def asked(client: Client, name: str, /, **what) -> Any:
    """Return what the scheduler answers to `operation(client, name)`, in a thread that may wait."""
    return client.sync(operation(client, name), **what)


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
        self._process: Worker | None = None
        self.refused = False

    def setup(self, worker) -> None:
        """Take up the post, or, where something is another than the driver's, leave the cluster."""
        reason = objection(worker.address, self._wanted, there(worker))
        if reason:
            self.leave(worker, reason)
            return
        try:
            self._initargs = pickle.loads(self._packed)
        except Exception as error:
            self.leave(worker, f"{worker.address}: {type(error).__name__}: {error}", unfit=True)
            return
        self._packed = b""
        # Dask's nanny makes its worker a daemon, which may have no children. Ours ends with it.
        multiprocessing.current_process().daemon = False

    def leave(self, worker, reason: str, unfit: bool = False) -> None:
        """Leave the cluster and tell the driver why; `unfit`: not for the versions there."""
        self.refused = True
        told = {"kind": REFUSED, "reason": reason, "unfit": unfit}
        worker.log_event(self.name, told)
        worker.loop.add_callback(worker.close, reason=reason)

    def prepared(self) -> Worker:
        """Return a training process that is ready; errors as in `Worker.prepare`, at last."""
        for _ in range(1, ATTEMPTS):
            with contextlib.suppress(WorkerLost):
                return self._prepared()
        return self._prepared()

    def _prepared(self) -> Worker:
        if self._process is None or not self._process.usable:
            self._process = Worker(self._initializer, (*self._initargs, 0))
        self._process.prepare()
        return self._process

    def teardown(self, worker) -> None:
        """End the training process."""
        if self._process is not None:
            self._process.kill()


def take_up(name: str, number: int, function, args: tuple, others: tuple) -> None:
    """Train one run on this worker and tell the driver what came of it, as text.

    Dask gives the task of a lost worker to another one, up to four times; the scheduler keeps
    for us which workers began it, so that it is not begun more often than on one machine. A worker
    that cannot train at all leaves, and the task is another's.

    Args:
        name: of the `Station`.
        number: of the run.
        function, args: to be called; it returns the record.
        others: workers on which it has failed, which leave it to any that is none of them.
    """
    worker = get_worker()
    station = worker.plugins.get(name)
    if not isinstance(station, Station) or station.refused:
        raise Reschedule
    scheduler, note = get_client(), [name, str(number)]
    if worker.address in others and scheduler.scheduler_info()["workers"].keys() - {*others}:
        time.sleep(_PAUSE)  # Dask gives an idle worker what waits for a busy one
        raise Reschedule

    def tell(kind: str, **more) -> None:
        worker.log_event(name, {"kind": kind, "number": number, **more})

    begun: tuple[str, ...] = asked(scheduler, "get_metadata", keys=note, default=())
    if len(begun) >= ATTEMPTS:
        tell(DIED, text=f"the end of its workers, {' and '.join(begun)}")
        return
    try:
        process = station.prepared()
        scheduler.set_metadata(note, [*begun, worker.address])
        tell(STARTED)
        record = process.call(
            function, args, lambda event: tell(EPOCH, epoch=event[0], values=event[1])
        )
    except (WorkerUnfit, WorkerLost, ExperimentError) as error:
        scheduler.set_metadata(note, begun)  # it was not the run
        station.leave(worker, f"{worker.address}: {error.received}", unfit=True)
        raise Reschedule from None
    except WorkerError as error:
        kind = DIED if isinstance(error, WorkerDied) else RAISED
        tell(kind, text=str(error.received), output=error.output)
    else:
        is_record = isinstance(record, RunRecord)
        tell(RETURNED, text=record.to_json() if is_record else type(record).__name__)
