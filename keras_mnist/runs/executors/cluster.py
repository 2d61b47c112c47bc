"""The cluster's executor: Dask's own, with this package's errors, events and data."""

import logging
from concurrent.futures import Executor, Future

from distributed import Client, KilledWorker

from keras_mnist.base.errors import ExperimentError, KerasMnistError, WorkerError
from keras_mnist.runs.executors import station
from keras_mnist.runs.executors.worker import WorkerDied

TIMEOUT = 10  # seconds for a scheduler to answer, and for a first worker to be there
_NAME = "keras_mnist-"
_START = "Start workers with: dask worker {} --nthreads 1"


class ClusterLost(KerasMnistError):
    """The scheduler, or the way to it, is gone: no run can go on."""

    exit_code = 1


def connected(address: str) -> Client:
    """Return a client of the scheduler at `address`.

    Raises:
        ExperimentError: none answers there.
    """
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters, we say ourselves
    try:
        return Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ExperimentError(
            f"a Dask scheduler must answer at {address} within {TIMEOUT} s",
            " ".join(str(error).split())[:200] or type(error).__name__,
            "Start one with: dask scheduler",
        ) from None


def usable_workers(address: str) -> list[str]:
    """Return the addresses of the workers there.

    Raises:
        ExperimentError: there is none, or one has another version of something that decides a
            run's bits, or more than one thread.
    """
    with connected(address) as client:
        return _checked(client, address)


def _checked(client: Client, address: str) -> list[str]:
    try:
        client.wait_for_workers(1, timeout=TIMEOUT)
    except TimeoutError:
        raise ExperimentError(
            f"the scheduler at {address} must have a worker", "none", _START.format(address)
        ) from None
    answers = client.run(station.found, on_error="return")
    wanted = station.required()
    reasons = [
        f"{worker}: {answer}"  # this package cannot even be imported there
        if isinstance(answer, Exception)
        else station.objection(worker, wanted, answer)
        for worker, answer in sorted(answers.items())
    ]
    if any(reasons):
        raise ExperimentError(
            "every worker must have one thread and the versions that this command has",
            "; ".join(filter(None, reasons)),
            f"Stop those workers. {_START.format(address)}, in an environment like this one",
        )
    return list(answers)


class ClusterExecutor(Executor):
    """A `concurrent.futures.Executor` over Dask's, in place of a `LocalExecutor`.

    Dask gives the tasks of a lost worker to others; a task that has cost two workers raises
    `WorkerDied`, as does one whose training process has died on a living worker.

    Args:
        address: of the scheduler, `tcp://HOST:PORT`.
        jobs: nothing here: every worker there is does one task at a time.
        initializer, initargs, on_event: as in `LocalExecutor`. Also called as
            `on_event(None, text)`, where a person should be told of a worker.
    """

    def __init__(self, address: str, jobs: int, initializer, initargs: tuple, on_event):
        self._address, self._on_event = address, on_event
        self._client = connected(address)
        self._numbers: dict[tuple, int] = {}  # by a task's arguments: a second try has the first's
        self._tasks: dict[int, tuple[Future, tuple]] = {}
        # By the client's name, for what a killed driver left to be known as such.
        self._name = _NAME + self._client.id
        try:
            _checked(self._client, address)
            for name in self._client.run_on_scheduler(_left_behind):
                self._client.unregister_worker_plugin(name)
            self._client.subscribe_topic(self._name, lambda event: self._hear(event[1]))
            plugin = station.Station(self._name, initializer, initargs)
            self._client.register_plugin(plugin, name=self._name)
            self._executor = self._client.get_executor(pure=False)
        except OSError as error:  # a worker that is lost just now, say
            self._client.close(timeout=1)
            raise self._lost(f"{type(error).__name__}: {error}") from None
        except BaseException:
            self._client.close(timeout=1)
            raise

    def submit(self, function, /, *args) -> Future:
        """Schedule `function(*args)` on the next free worker."""
        future, number = Future(), self._numbers.setdefault(args, len(self._numbers))
        self._tasks[number] = future, args
        theirs = self._executor.submit(
            station.take_up,
            self._name,
            number,
            function,
            args,
            priority=-number,  # seeds of one experiment together: compiled once
        )
        theirs.add_done_callback(lambda theirs: self._settle(number, theirs))
        future.add_done_callback(lambda future: future.cancelled() and theirs.cancel())
        return future

    def _hear(self, message: list) -> None:
        kind, what, *more = message
        if kind == station.REFUSED:
            self._on_event(None, f"a worker was refused: {what}")
        elif what in self._tasks:
            future, args = self._tasks[what]
            if kind == station.STARTED:
                # From here on it cannot be cancelled; a second start may follow a lost worker.
                if future.running() or future.set_running_or_notify_cancel():
                    self._on_event(args, None)
            else:
                self._on_event(args, more[0])

    def _settle(self, number: int, theirs: Future) -> None:
        future, _ = self._tasks.pop(number)
        if future.cancelled():
            return
        if theirs.cancelled():
            future.set_exception(self._lost("its connection broke"))
        elif isinstance(error := theirs.exception(), KilledWorker):
            future.set_exception(_died("the end of every worker that had it"))
        elif error is not None:
            future.set_exception(self._lost(f"{type(error).__name__}: {error}"))
        else:
            _answer(future, *theirs.result())

    def _lost(self, what: str) -> ClusterLost:
        return ClusterLost(
            f"the Dask scheduler at {self._address} must serve until all runs are done",
            " ".join(what.split())[:300],
            "Finished runs are stored: start scheduler and workers, then the same command again",
        )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers' training processes and free the data: after all tasks if `wait`."""
        if self._client.status == "running":
            self._executor.shutdown(wait=wait and not cancel_futures)
            self._client.unregister_worker_plugin(self._name)
            self._client.set_metadata([self._name], {})
        self._client.close(timeout=1)


def _left_behind(dask_scheduler) -> list[str]:
    """Return the names of plugins whose drivers are gone; run by Dask on the scheduler."""
    return [
        name
        for name in dask_scheduler.worker_plugins
        if name.startswith(_NAME) and name.removeprefix(_NAME) not in dask_scheduler.clients
    ]


def _answer(future: Future, kind: str, value, output: str) -> None:
    """Pass on what `station.take_up` returned."""
    if kind == "returned":
        future.set_result(value)
    elif kind == "died":
        future.set_exception(_died(value, output))
    else:
        future.set_exception(WorkerError("a run must not raise", value, output=output))


def _died(received: str, output: str = "") -> WorkerDied:
    return WorkerDied("a worker must live until its run is finished", received, output=output)
