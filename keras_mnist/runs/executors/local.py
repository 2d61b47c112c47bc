"""The local executor: as many one-thread worker processes as there are jobs."""

import os
import queue
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from keras_mnist.base.checks import as_python, integer
from keras_mnist.runs.executors.birth import end_server
from keras_mnist.runs.executors.devices import gpus
from keras_mnist.runs.executors.endings import WorkerDied
from keras_mnist.runs.executors.waiting import Waiting
from keras_mnist.runs.executors.worker import Worker

_PATIENCE = 5.0  # seconds, for the threads of workers that were killed


def usable_cores() -> int:
    """Return how many cores this process may use, by affinity and by its control group."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        cores = os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        cores = min(cores, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass  # no control group, or no limit in it
    return cores


def checked_jobs(jobs: int | None) -> int:
    """Return how many workers to use: `jobs`, or as many as there are usable cores.

    Where there are GPUs, a run has one to itself: there are no more workers than those.

    Raises:
        ExperimentError: not a whole number from 1 to 1024.
    """
    jobs = usable_cores() if jobs is None else as_python(jobs)
    integer("jobs", jobs, 1, 1024)
    return min(jobs, gpus() or jobs)


class LocalExecutor(ThreadPoolExecutor):
    """A `concurrent.futures.Executor` whose workers fail one by one.

    In `ProcessPoolExecutor` one worker's end fails every task in flight, and nothing tells
    whose fault it was. Here each thread drives one process, so a lost worker costs its own
    task only, which raises `WorkerDied`; the next task gets a new process.

    A worker goes on with what it has compiled: the seeds of one experiment stay with it as long as
    another has something else to begin.

    Args:
        jobs: how many processes.
        initializer: called in each process as `initializer(*initargs, place, emit)`, where no two
            processes have the same `place`, from 0 to `jobs - 1`, at one time.
        initargs: sent once to each process.
        on_event: called as `on_event(args, event)`, in a thread, with the arguments of the
            task that the event belongs to; with the event `None` when a worker takes it up.
        stalled_after: seconds without an event after which whoever watches calls `end`; kept for
            them.
    """

    def __init__(
        self,
        jobs: int,
        initializer,
        initargs: tuple,
        on_event,
        stalled_after: float | None = None,
    ):
        super().__init__(max_workers=jobs)
        self.stalled_after = stalled_after
        self._new_worker = lambda place: Worker(
            initializer, (*initargs, place), self._require_wanted
        )
        self._on_event = on_event
        self._waiting = Waiting()
        # Each thread has a place, best one whose worker is there and idle.
        self._idle: queue.SimpleQueue = queue.SimpleQueue()
        self._empty: queue.SimpleQueue = queue.SimpleQueue()
        for place in range(jobs):
            self._empty.put(place)
        self._workers: dict[int, Worker] = {}  # by their places
        self._at_work: dict[tuple, Worker] = {}  # by a task's arguments
        self._killed = False

    # By position alone: the arguments say whose an event is.
    def submit(self, function, /, *args) -> Future:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Schedule `function(*args)`; those of one first argument are best done by one worker."""
        future: Future = Future()
        self._waiting.put(args[:1], future, (function, args))
        super().submit(self._do_one)
        return future

    def _do_one(self) -> None:
        """Do one of the tasks that wait, unless it was cancelled meanwhile."""
        try:
            place = self._idle.get_nowait()
        except queue.Empty:
            place = self._empty.get_nowait()  # there are as many as threads that ask
        try:
            if chosen := self._waiting.take(place):
                self._do(place, *chosen)
        finally:
            worker = self._workers.get(place)
            if worker and worker.usable:
                self._idle.put(place)
            else:
                self._workers.pop(place, None)
                self._waiting.forget(place)
                self._empty.put(place)

    def _do(self, place: int, future: Future, task: tuple) -> None:
        function, args = task
        try:
            self._on_event(args, None)
            worker = self._at_work[args] = self._worker(place)
            try:
                answer = worker.call(function, args, lambda event: self._on_event(args, event))
            finally:
                self._at_work.pop(args, None)
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(answer)

    def end(self, args: tuple, why: str) -> None:
        """End the worker that does the task of these arguments, whose `WorkerDied` says why.

        Where it has not even started, the fork server stands still: it is ended.
        """
        if worker := self._at_work.get(args):
            worker.kill(why)
        else:
            end_server()

    def _worker(self, place: int) -> Worker:
        if place not in self._workers:
            self._workers[place] = self._new_worker(place)
        if self._killed:
            self._workers[place].kill()
        self._require_wanted()
        return self._workers[place]

    def _require_wanted(self) -> None:
        if self._killed:
            raise WorkerDied("a worker must not be started any more")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: after their tasks if `wait`, else at once."""
        if cancel_futures or not wait:
            self._waiting.cancel()
        if not wait:
            self._killed = True
            for worker in list(self._workers.values()):
                worker.kill()
            super().shutdown(wait=False)
            deadline = time.monotonic() + _PATIENCE
            for thread in self._threads:
                thread.join(deadline - time.monotonic())
            if any(thread.is_alive() for thread in self._threads):
                end_server()  # which was stopped while it started a worker
        super().shutdown()
        for worker in list(self._workers.values()):
            worker.kill()
