"""The cluster's executor: Dask's own, with this package's errors, events and data."""

import concurrent.futures
import contextlib
from collections import defaultdict
from concurrent.futures import Executor

from keras_mnist.base.errors import KerasMnistError, shown
from keras_mnist.runs.executors import station
from keras_mnist.runs.executors.connection import (
    checked,
    connected,
    ending,
    left_behind,
    on_scheduler,
    post,
)
from keras_mnist.runs.executors.pending import Pending, died

_NAME = "keras_mnist-"


class ClusterLost(KerasMnistError):
    """The scheduler, or the way to it, is gone, or every worker: no run can go on."""

    exit_code = 1


class ClusterExecutor(Executor):
    """A `concurrent.futures.Executor` over Dask's, in place of a `LocalExecutor`.

    Its futures give a record's JSON text, whatever that says, and say in `workers` by which
    workers, as the scheduler knows them, the task was begun. Dask gives the tasks of a lost worker
    to others; a task that has cost two workers raises `WorkerDied`, as does one whose training
    process has died on a living worker. A task submitted again goes to another worker, if possible.

    Args:
        address: of the scheduler, `tcp://HOST:PORT` or `tls://HOST:PORT`.
        jobs: nothing here: every worker there is does one task at a time.
        initializer, initargs, on_event: as in `LocalExecutor`. Also called as
            `on_event(None, text)`, where a person should be told of a worker.
    """

    def __init__(self, address: str, jobs: int, initializer, initargs: tuple, on_event):
        self._address, self._on_event = address, on_event
        self._client = connected(address)
        self._numbers: dict[tuple, int] = {}  # by a task's arguments: a second try has the first's
        self._tasks: dict[int, tuple[Pending, tuple]] = {}
        self._begun: dict[int, list[str]] = defaultdict(list)
        self._answers: dict[int, dict] = {}
        self._left: set[str] = set()  # workers that will do nothing
        self._unfit: list[str] = []  # why, where it is not their versions
        # By the client's name, for what a killed driver left to be known as such.
        self._name = _NAME + self._client.id
        try:
            checked(self._client, address)
            for name in on_scheduler(self._client, left_behind, _NAME):
                self._client.unregister_worker_plugin(name)
            self._client.subscribe_topic(self._name, lambda event: self._hear(event[1]))
            post(self._client, station.Station(self._name, initializer, initargs))
        except KerasMnistError:
            self._client.close(timeout=1)
            raise
        except Exception as error:  # a worker that is lost just now, say
            self._client.close(timeout=1)
            raise self._lost(f"{type(error).__name__}: {error}") from None
        except BaseException:
            self._client.close(timeout=1)
            raise

    # By position alone: the arguments say whose an event is.
    def submit(self, function, /, *args) -> Pending:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Schedule `function(*args)` on the next free worker."""
        number = self._numbers.setdefault(args, len(self._numbers))
        future = Pending(self._begun[number])
        self._tasks[number] = future, args
        try:
            others = self._others(future.workers)
            theirs = future.theirs = self._client.submit(
                station.take_up,
                self._name,
                number,
                function,
                args,
                tuple(future.workers),
                pure=False,
                priority=-number,  # seeds of one experiment together: compiled once
                workers=others,
                allow_other_workers=bool(others),  # those may be lost
            )
        except Exception as error:
            del self._tasks[number]
            future.set_exception(self._lost(f"{type(error).__name__}: {error}"))
            return future
        theirs.add_done_callback(lambda theirs: self._settle(number, theirs))
        future.add_done_callback(lambda future: future.cancelled() and theirs.cancel())
        return future

    def _others(self, workers: list[str]) -> list[str] | None:
        """Return what workers there are but those, or `None`: no matter which."""
        there = self._client.scheduler_info()["workers"] if workers else ()
        return [address for address in there if address not in workers] or None

    def _hear(self, message) -> None:
        """Take in a worker's event; one that says nothing we know is as good as none."""
        with contextlib.suppress(KeyError, TypeError, ValueError):
            worker, kind = str(message["worker"]), message["kind"]  # the first by the scheduler
            if kind == station.REFUSED:
                self._leave_out(worker, shown(message["reason"]), message["unfit"] is True)
                return
            future, args = self._tasks[message["number"]]
            if future.done():
                return
            if kind == station.STARTED:
                self._begun[message["number"]].append(worker)
                # From here on it cannot be cancelled; a second start may follow a lost worker.
                if future.running() or future.set_running_or_notify_cancel():
                    self._on_event(args, None)
            elif kind == station.EPOCH:
                values = {str(name): float(v) for name, v in message["values"].items()}
                self._on_event(args, (int(message["epoch"]), values))
            elif kind in station.ANSWERS:
                self._answers[message["number"]] = message

    def _leave_out(self, worker: str, reason: str, unfit: bool) -> None:
        self._on_event(None, f"a worker was refused: {reason}")
        self._left.add(worker)
        if unfit:
            self._unfit.append(reason)
            for workers in self._begun.values():  # it was none of their failures
                workers[:] = [other for other in workers if other != worker]
        if loop := self._client.loop:  # a client that is connected has one
            loop.add_callback(self._end_without_workers)

    async def _end_without_workers(self) -> None:
        """Fail all tasks if no worker is there but some that cannot train."""
        identity = station.operation(self._client, "identity")
        there = (await identity(n_workers=-1))["workers"]
        if self._unfit and there.keys() <= self._left:
            error = ClusterLost(
                f"the scheduler at {self._address} must have a worker that can train",
                "; ".join(self._unfit)[:1000],
                "Nothing was recorded of the runs: mend that, start workers, then the same "
                "command again",
            )
            for future, _ in list(self._tasks.values()):
                with contextlib.suppress(Exception):  # it is settled just now
                    future.set_exception(error)

    def _settle(self, number: int, theirs) -> None:
        """Pass on what came of a task."""
        future, _ = self._tasks.pop(number)
        answer = self._answers.pop(number, None)
        if future.done():
            return
        try:
            if answer:
                future.settle(answer)
            elif theirs.status in ("finished", "error"):
                future.set_exception(self._error_of(theirs.key, future.workers))
            else:
                future.set_exception(self._lost("its connection broke"))
        except Exception as error:
            if not future.done():
                future.set_exception(self._lost(f"{type(error).__name__}: {error}"))

    def _error_of(self, key, workers: list[str]) -> KerasMnistError:
        """Return why a task ended without an answer, and note whose fault it is."""
        found = on_scheduler(self._client, ending, key)
        workers.extend(worker for worker in found["workers"] if worker not in workers)
        if found["killed"]:
            return died("the end of every worker that had it")
        if not workers:
            return self._lost(found["text"])
        return died(f"no answer from {workers[-1]}: {shown(found['text'])}")

    def _lost(self, what: str) -> ClusterLost:
        return ClusterLost(
            f"the Dask scheduler at {self._address} must serve until all runs are done",
            shown(what),
            "Finished runs are stored: start scheduler and workers, then the same command again",
        )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers' training processes and free the data: after all tasks if `wait`."""
        futures = [future for future, _ in list(self._tasks.values())]
        if wait and not cancel_futures:
            concurrent.futures.wait(futures)
        # What is stored is stored, whatever becomes of a cluster that is not needed any more.
        with contextlib.suppress(Exception):
            if self._client.status == "running":
                self._client.cancel([future.theirs for future in futures])
                self._client.unregister_worker_plugin(self._name)
                self._client.set_metadata([self._name], {})
        self._client.close(timeout=1)
