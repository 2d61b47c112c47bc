"""Train what a plan lacks: submit, store each record as it comes, retry a lost worker's run."""

from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import replace

from keras_mnist.errors import WorkerError
from keras_mnist.execution.local import LocalExecutor
from keras_mnist.execution.plan import Plan
from keras_mnist.execution.task import prepare, train_here
from keras_mnist.execution.worker import WorkerDied
from keras_mnist.results import RunRecord

ATTEMPTS = 2  # a run whose worker died may be unlucky once


class Watcher:
    """Hears what happens while runs are trained; subclasses show it."""

    def started(self, run: tuple) -> None:
        """Be told that a worker took up `run`, an (experiment, seed). Called in any thread."""

    def epoch(self, run: tuple, epoch: int, values: dict) -> None:
        """Be told the metrics of a finished epoch. Called in any thread."""

    def finished(self, run: tuple, record: RunRecord, output: str) -> None:
        """Be told of a stored record; `output` is what a failed run's process printed."""


def run_all(plan: Plan, watcher: Watcher, fail_fast: bool = False, task=train_here) -> dict:
    """Train the plan's missing runs, storing each record as it comes.

    Failure is data: a run that raises, or whose worker dies twice, gets a record that says so.

    Args:
        fail_fast: start no further run after one that did not complete.
        task: what a worker does with an experiment and a seed; it returns the record.

    Returns:
        The new records by (experiment, seed).

    Raises:
        StoreError: a record could not be written; the remaining runs are abandoned.
        KeyboardInterrupt: passed on after the workers are ended; stored runs are kept.
    """
    if not plan.missing:
        return {}

    def on_event(run, event):
        if event is None:
            watcher.started(run)
        else:
            watcher.epoch(run, *event)

    jobs = min(plan.jobs, len(plan.missing))
    executor = LocalExecutor(jobs, prepare, (plan.dataset,), on_event)
    try:
        records = _collect(plan, executor, watcher, fail_fast, task)
    except BaseException:
        executor.shutdown(wait=False)
        raise
    executor.shutdown()
    return records


def _collect(plan: Plan, executor, watcher: Watcher, fail_fast: bool, task) -> dict:
    pending = {executor.submit(task, *run): (run, 1) for run in plan.missing}
    records = {}
    while pending:
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            run, attempt = pending.pop(future)
            try:
                record, output = replace(future.result(), attempts=attempt), ""
            except WorkerDied as error:
                if attempt < ATTEMPTS:
                    pending[executor.submit(task, *run)] = (run, attempt + 1)
                    continue
                record, output = _failed(run, plan, error, attempt), error.output
            except WorkerError as error:
                record, output = _failed(run, plan, error, attempt), error.output
            plan.store.save(record)
            plan.forecast.learn(record)
            records[run] = record
            watcher.finished(run, record, output)
            if fail_fast and not record.completed:
                pending = {f: rest for f, rest in pending.items() if not f.cancel()}
    return records


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
