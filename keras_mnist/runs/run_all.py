"""Train what a plan lacks: submit, store each record as it comes, retry a lost worker's run."""

import queue
from collections import deque
from collections.abc import Iterable
from concurrent.futures import FIRST_EXCEPTION, wait
from dataclasses import replace

from keras_mnist.base.errors import StoreError, WorkerError
from keras_mnist.data.memory import require_room_for_workers
from keras_mnist.runs import RunRecord
from keras_mnist.runs.executors.endings import WorkerDied, WorkerLost, WorkerUnfit
from keras_mnist.runs.executors.local import LocalExecutor
from keras_mnist.runs.executors.task import prepare, train_here
from keras_mnist.runs.plan import Plan
from keras_mnist.runs.record import SCHEMA
from keras_mnist.runs.stalls import LOOK, Stalls

ATTEMPTS = 2  # a run whose worker died, or answered with something else, may be unlucky once
_PATIENCE = 5.0  # seconds, for another worker to say why none can start
WINDOW = 2048  # runs handed over at a time; more than any executor trains side by side


class Watcher:
    """Hears what happens while runs are trained; subclasses show it."""

    def started(self, run: tuple) -> None:
        """Be told that a worker took up `run`, an (experiment, seed). Called in any thread."""

    def epoch(self, run: tuple, epoch: int, values: dict) -> None:
        """Be told the metrics of a finished epoch. Called in any thread."""

    def told(self, message: str) -> None:
        """Be told what a person should know of the workers. Called in any thread."""

    def finished(self, run: tuple, record: RunRecord, output: str) -> None:
        """Be told of a stored record; `output` is what a failed run's process printed."""

    def following(self) -> Iterable[tuple]:
        """Return runs to train besides, now that one has finished; the plan knows them by then."""
        return ()


def run_all(plan: Plan, watcher: Watcher, fail_fast: bool = False, task=train_here) -> dict:
    """Train the plan's missing runs, storing each record as it comes.

    Failure is data: a run that raises, or whose worker dies twice, gets a record that says so. A
    worker that cannot even start training is no run's failure.

    Args:
        fail_fast: start no further run after one that did not complete.
        task: what a worker does with an experiment and a seed; it returns the record. What an
            executor's future gives may be the record's JSON text; its attribute `workers`, if it
            has one, says which workers began the run.

    Returns:
        The new records by (experiment, seed).

    Raises:
        DataError: the workers of this machine together cannot have the data.
        StoreError: a record could not be written; the remaining runs are abandoned. Or some are
            gone that were there, or were written.
        KerasMnistError: there is no executor any more, or a worker cannot start training; the
            remaining runs are abandoned.
        KeyboardInterrupt: passed on after the workers are ended; stored runs are kept.
    """
    if not plan.missing:
        return {}

    def on_event(run, event):
        if run is None:
            watcher.told(event)
        elif event is None:
            stalls.begun(run)
            watcher.started(run)
        else:
            stalls.epoch(run)
            watcher.epoch(run, *event)

    executor = plan.executor(plan.jobs, prepare, (plan.dataset,), on_event)
    stalls = Stalls(
        lambda run: plan.forecast.epoch(run[0]),
        lambda run, said: watcher.told(f"{plan.label(run)}: {said}"),
        lambda run, why: executor.end(run, why),
        getattr(executor, "stalled_after", None),
    )
    try:
        if isinstance(executor, LocalExecutor):
            require_room_for_workers(plan.dataset, plan.jobs)
        records = _collect(plan, executor, watcher, fail_fast, task, stalls)
        plan.require_kept(records)
    except BaseException:
        executor.shutdown(wait=False)
        raise
    executor.shutdown()
    return records


def _collect(plan: Plan, executor, watcher: Watcher, fail_fast: bool, task, stalls) -> dict:
    records, pending, done = {}, {}, queue.SimpleQueue()
    waiting = deque(plan.missing)

    def submit(run: tuple, attempt: int) -> None:
        future = executor.submit(task, *run)
        pending[future] = run, attempt
        future.add_done_callback(done.put)

    def submit_waiting() -> None:
        while waiting and len(pending) < WINDOW:
            submit(waiting.popleft(), 1)

    submit_waiting()
    while pending:
        try:
            future = done.get(timeout=LOOK)
        except queue.Empty:
            stalls.look()
            continue
        run, attempt = pending.pop(future)
        stalls.over(run)
        stalls.look()  # others may stand still, however fast these runs follow each other
        if future.cancelled():
            continue
        workers = getattr(future, "workers", ())
        attempt = max(attempt, len(workers))
        try:
            record, output = replace(_answer(future, run, plan), attempts=attempt), ""
        except WorkerUnfit:
            raise
        except WorkerDied as error:
            if attempt < ATTEMPTS:
                submit(run, attempt + 1)
                continue
            if isinstance(error, WorkerLost):
                raise _reason(pending) or error from None
            record, output = _failed(run, plan, error, attempt), error.output
        except WorkerError as error:
            record, output = _failed(run, plan, error, attempt), error.output
        plan.store.save(record)
        plan.forecast.learn(record)
        plan.forecast.strike(run[0])
        records[run] = record
        watcher.finished(run, record, output)
        if fail_fast and not record.completed:
            waiting.clear()
            for other in list(pending):
                other.cancel()
        else:
            waiting.extend(watcher.following())
        submit_waiting()
    return records


def _reason(pending) -> WorkerUnfit | None:
    """Return why no worker can start, if another that is about to says so."""
    wait(pending, _PATIENCE, FIRST_EXCEPTION)
    ended = [future for future in pending if future.done() and not future.cancelled()]
    errors = (future.exception() for future in ended)
    return next((error for error in errors if isinstance(error, WorkerUnfit)), None)


def _answer(future, run: tuple, plan: Plan) -> RunRecord:
    """Return the record of `run` that a worker answered with.

    Raises:
        WorkerDied: it is something else, and the worker as good as lost.
        WorkerError: as the worker raised it.
    """
    record = future.result()
    try:
        if isinstance(record, str):
            record = RunRecord.from_json(record)
        if not isinstance(record, RunRecord):
            raise StoreError("a run must return its record", type(record).__name__)
        _require_own(record, run, plan)
    except StoreError as error:
        whose = "".join(f", by {worker}" for worker in getattr(future, "workers", ())[-1:])
        needed = "a worker must answer with the record of its run"
        raise WorkerDied(needed, f"an answer that was refused{whose}: {error}") from None
    return record


def _require_own(record: RunRecord, run: tuple, plan: Plan) -> None:
    for name, theirs, ours in (
        ("experiment", record.experiment, run[0]),
        ("seed", record.seed, run[1]),
        ("data", record.data, plan.dataset.identity),
        ("key", record.key, run[0].key(plan.dataset.digest, SCHEMA)),
    ):
        if theirs != ours:
            raise StoreError(f"the {name} must be that of {plan.label(run)}", _short(theirs))


def _short(value) -> str:
    text = getattr(value, "name", None) or str(value)
    return text if len(text) < 200 else f"{text[:200]}..."


def _failed(run: tuple, plan: Plan, error: WorkerError, attempt: int) -> RunRecord:
    experiment, seed = run
    return RunRecord(
        experiment=experiment,
        seed=seed,
        data=plan.dataset.identity,
        status="failed",
        reason=str(error.received),
        attempts=attempt,
    )
