import contextlib
import dataclasses
import errno
import io
import os
import re
import signal
from pathlib import Path

import pytest
import tensorflow
from rich.console import Console
from tiny import STUDY, TINY, WILD, slow, stand_in, wanted

import keras_mnist.runs.executors.local as local
import keras_mnist.runs.executors.worker as worker
import keras_mnist.runs.run_all as running
from keras_mnist import Study
from keras_mnist.base.errors import DataError, ExperimentError
from keras_mnist.reporting.announce import announce
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.executors.task import prepare
from keras_mnist.runs.forecast import predicted_seconds
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import Watcher, run_all
from keras_mnist.runs.verification import Verification, verify_runs


def planned(study, dataset, folder, jobs=1, **options):
    return make_plan(wanted(study, dataset), dataset, Store(folder), jobs, **options)


def carried_out(study, dataset, folder, jobs=1, watcher=None, **options):
    plan = planned(study, dataset, folder, jobs)
    return run_all(plan, watcher or Watcher(), **options)


def hashes(records):
    return {(e.name, seed): r.weights_sha256 for (e, seed), r in records.items()}


@pytest.fixture
def pids(monkeypatch):
    """The process that runs each run, as long as the test lasts."""
    found = {}

    class Known(local.Worker):
        def call(self, function, args, on_event):
            found[args] = self._process.pid
            return super().call(function, args, on_event)

    monkeypatch.setattr(local, "Worker", Known)
    return found


@pytest.fixture
def one(whole, small):
    """The records of the study's runs, done by one worker."""
    return planned(STUDY, small, whole).stored


class Killer(Watcher):
    """Kills the worker of one run, at its first epoch, a number of times."""

    def __init__(self, pids, seed, times):
        self.pids, self.seed, self.times = pids, seed, times

    def epoch(self, run, epoch, values):
        if run[1] == self.seed and run[0].network.dropout == 0 and self.times:
            self.times -= 1
            os.kill(self.pids[run], signal.SIGKILL)


def test_one_worker_and_two_give_the_same_bits(small, one, tmp_path):
    two = carried_out(STUDY, small, tmp_path, jobs=2)
    assert len(one) == 4
    assert all(record.completed for record in one.values())
    assert hashes(one) == hashes(two)
    assert len(set(hashes(one).values())) == 4
    assert one[STUDY.on(small).baseline, 0].environment["threads"] == 1


def test_stored_runs_are_not_trained_again(small, whole):
    plan = planned(STUDY, small, whole)
    assert (len(plan.stored), plan.missing, plan.seconds) == (4, [], 0)
    wider = Study.of(TINY, {"dropout": [0.0, 0.5]}, seeds=(0, 1, 2))
    assert len(planned(wider, small, whole).missing) == 5


def test_a_killed_worker_costs_its_run_one_attempt(small, one, tmp_path, pids):
    killer = Killer(pids, seed=1, times=1)
    records = carried_out(STUDY, small, tmp_path, jobs=2, watcher=killer)
    assert hashes(records) == hashes(one)
    attempts = {(e.network.dropout, seed): r.attempts for (e, seed), r in records.items()}
    assert attempts == {(0.2, 0): 1, (0.2, 1): 1, (0.0, 0): 1, (0.0, 1): 2}


def test_a_worker_killed_twice_leaves_a_failed_record(small, tmp_path, pids):
    killer = Killer(pids, seed=0, times=2)
    records = carried_out(STUDY, small, tmp_path, watcher=killer, task=slow)
    failed = [r for r in records.values() if not r.completed]
    assert [(r.status, r.seed, r.attempts) for r in failed] == [("failed", 0, 2)]
    assert "SIGKILL" in failed[0].reason
    assert sum(r.completed for r in records.values()) == 3

    plan = planned(STUDY, small, tmp_path)
    assert not plan.missing, "a failed run is data: not trained again unasked"
    plan = planned(STUDY, small, tmp_path, retry_failed=True)
    assert [seed for _, seed in plan.missing] == [0]
    assert run_all(plan, Watcher(), task=stand_in)[plan.missing[0]].completed


def test_a_fork_server_lost_before_a_worker_starts_costs_one_attempt(small, tmp_path, monkeypatch):
    """And not the worker's place: with one job there is no other."""
    starts = []

    class Unlucky(local.Worker):
        def _start(self, *arguments):
            starts.append(arguments)
            if len(starts) == 1:
                raise EOFError
            super()._start(*arguments)

    monkeypatch.setattr(local, "Worker", Unlucky)
    records = carried_out(STUDY, small, tmp_path, jobs=1, task=stand_in)
    assert all(record.completed for record in records.values())
    assert sorted(record.attempts for record in records.values()) == [1, 1, 1, 2]


def test_a_worker_starts_without_what_keras_loads_for_others():
    """It is there all the same for whoever asks for it."""
    ready = worker.Worker(print, ())
    names = "{'tensorflow', 'keras', 'sklearn', 'matplotlib', 'pandas'}"
    loaded = ready.call(eval, (f"sorted({names} & __import__('sys').modules.keys())",), None)
    assert loaded == ["keras", "tensorflow"]
    assert ready.call(eval, ("__import__('sklearn').__name__",), None) == "sklearn"
    ready.kill()


def unfit(*arguments):
    raise RuntimeError("no such device")


def killed(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)


def killed_once(*arguments):
    """The first time: a file says so in the folder that the data set names in its note."""
    mark = Path(arguments[0].note, "killed")
    if not mark.exists():
        mark.touch()
        killed()
    prepare(*arguments)


def without(experiment, seed):
    raise ImportError("no module named augmentation")


@pytest.mark.parametrize(
    "options, initializer, reason",
    [
        ({}, unfit, "RuntimeError: no such device"),
        ({}, killed, r"an end by signal 9 \(SIGKILL\)"),
        ({"task": without}, prepare, "ImportError: no module named augmentation"),
    ],
)
def test_a_worker_that_cannot_train_is_no_run_s_failure(
    options, initializer, reason, small, tmp_path, monkeypatch
):
    monkeypatch.setattr(running, "prepare", initializer)
    with pytest.raises(worker.WorkerError, match=reason) as error:
        carried_out(STUDY, small, tmp_path, jobs=2, **options)
    assert error.value.exit_code == 1
    assert "the same command again" in error.value.remedy
    assert not list(tmp_path.iterdir())


def test_a_worker_killed_before_it_can_train_costs_an_attempt(small, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "prepare", killed_once)
    noted = dataclasses.replace(small, note=str(tmp_path))
    records = carried_out(STUDY, noted, tmp_path / "runs", jobs=1, task=stand_in)
    assert sorted(record.attempts for record in records.values()) == [1, 1, 1, 2]
    assert all(record.completed for record in records.values())


@pytest.mark.parametrize(
    "error, told, remedy",
    [
        (OSError(errno.EMFILE, "Too many open files"), "allow more open files", "--jobs"),
        (OSError(errno.EAGAIN, "Try again"), "room for one more process", "--jobs"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "room for one more process", "--jobs"),
        (OSError(errno.EPERM, "Operation not permitted"), "let a worker's process start", ""),
        (OSError(errno.ENOSPC, "No space left on device"), "folder of temporary files", "TMPDIR"),
        (OSError("AF_UNIX path too long"), "folder of temporary files", "TMPDIR"),
    ],
)
def test_why_no_worker_can_start_is_told_as_it_is(
    error, told, remedy, small, tmp_path, monkeypatch
):
    def failing(*arguments):
        raise error

    monkeypatch.setattr(worker.Worker, "_start", failing)
    with pytest.raises(ExperimentError, match=told) as raised:
        carried_out(STUDY, small, tmp_path)
    assert str(error) in str(raised.value)
    assert remedy in raised.value.remedy
    assert ("temporary files" in str(raised.value)) == (remedy == "TMPDIR")


def of_other_data(record):
    return dataclasses.replace(record, data=record.data | {"digest": "0" * 64})


# What the runs of the baseline answer, by seed, and what is said of it.
ANSWERS = (
    (lambda record: record, ""),
    (lambda record: dataclasses.replace(record, seed=7), "the seed must be that of .*, seed 1. R"),
    (of_other_data, "the data must be that of .*0000"),
    (
        lambda record: dataclasses.replace(record, experiment=record.experiment.change(width=17)),
        "the experiment must be that of",
    ),
    (lambda record: None, "a run must return its record. Received: NoneType"),
)


def of_another(experiment, seed):
    record = stand_in(experiment, seed)
    return ANSWERS[seed][0](record) if experiment.network.dropout else record


def test_the_record_of_another_run_is_not_stored(small, tmp_path):
    study = Study.of(TINY.change(epochs=1), {"dropout": [0.0]}, seeds=range(len(ANSWERS)))
    records = carried_out(study, small, tmp_path, task=of_another)
    for (experiment, seed), record in records.items():
        _, told = ANSWERS[seed] if experiment.network.dropout else ANSWERS[0]
        assert record.completed == (not told)
        if told:
            assert (record.status, record.attempts, record.metrics) == ("failed", 2, {})
            assert record.reason.startswith("an answer that was refused: ")
            assert re.search(told, record.reason)
    stored = {(r.experiment, r.seed): r for r in Store(tmp_path).records()}
    assert stored == records and len(stored) == 2 * len(ANSWERS)


def test_a_run_that_raises_is_recorded_with_what_it_printed(broken, tmp_path):
    told = []

    class Listener(Watcher):
        def finished(self, run, record, output):
            told.append(output)

    records = carried_out(STUDY, broken, tmp_path, watcher=Listener())
    assert {r.status for r in records.values()} == {"failed"}
    assert all("27" in r.reason or "shape" in r.reason for r in records.values())
    assert all("Traceback" in output for output in told)
    assert len(list(tmp_path.glob("*/seed-*.json"))) == 4


def test_fail_fast_starts_no_further_run(small, tmp_path):
    study = Study.of(
        TINY.change(learning_rate=WILD), {"learning_rate": [0.01], "dropout": [0.0]}, seeds=(0, 1)
    )
    records = carried_out(study, small, tmp_path, fail_fast=True, task=slow)
    assert next(iter(records.values())).status == "diverged"
    assert len(records) <= 2  # the one that diverged and at most one already begun
    assert len(carried_out(study, small, tmp_path, task=stand_in)) == 8 - len(records)


def test_epochs_are_told_while_a_run_goes_on(small, tmp_path):
    heard = []

    class Listener(Watcher):
        def started(self, run):
            heard.append(("started", run[1]))

        def epoch(self, run, epoch, values):
            heard.append((epoch, run[1], round(values["val_accuracy"], 6)))

        def finished(self, run, record, output):
            heard.append(("finished", run[1], record.history["val_accuracy"]))

    study = Study(TINY, ((("dropout", 0.0),),), seeds=(7,))
    carried_out(study, small, tmp_path, watcher=Listener())
    kinds = [h[0] for h in heard]
    assert kinds.count("started") == kinds.count(1) == kinds.count(2) == 2
    assert kinds[0] == "started"
    assert kinds[-1] == "finished"
    assert heard[-1][2][1] == pytest.approx([h for h in heard if h[0] == 2][-1][2], abs=1e-6)


def test_verification_tells_equal_weights_from_others(small, one):
    records = list(one.values())
    other = dataclasses.replace(
        records[1],
        weights_sha256="0" * 64,
        environment=records[1].environment | {"tensorflow": "1.0"},
    )
    found = list(
        verify_runs([records[0], other], small, 1, lambda plan: contextlib.nullcontext(Watcher()))
    )
    assert [v.same for v in found] == [True, False]
    assert [v.same_weights for v in found] == [True, False]
    assert not found[1].other_figures
    assert found[0].differences == []
    assert found[1].differences == [f"tensorflow 1.0 then, {tensorflow.__version__} now"]
    again = found[0].again
    history = {**again.history, "train_loss": [again.history["train_loss"][0], 0.5]}
    for changes, told in (
        ({"metrics": {**again.metrics, "test_loss": 9.0}}, "test_loss 9.0 then, "),
        ({"metrics": {**again.metrics, "other": None, "new": 1.0}}, "new 1.0 then, None now"),
        ({"history": history}, "train_loss of epoch 2 0.5 then, "),
        ({"status": "diverged"}, "status diverged then, completed now"),
    ):
        altered = Verification(dataclasses.replace(again, **changes), again)
        assert altered.same_weights and not altered.same
        assert [figure[: len(told)] for figure in altered.other_figures] == [told]
    stranger = dataclasses.replace(small, name="other", y_test=small.y_test[::-1])
    with pytest.raises(DataError, match="trained on"):
        list(verify_runs(records, stranger, 1, None))


def test_a_forecast_with_patience_says_at_most_and_learns_from_what_was_trained(small, tmp_path):
    patient = TINY.change(epochs=10, patience=1)
    plan = planned(Study.of(patient, {"dropout": [0.0]}, seeds=(0, 1)), small, tmp_path)
    assert planned(STUDY, small, tmp_path).roughly == "about"
    console = Console(file=io.StringIO())
    announce(plan, "runs", console)
    assert "time: at most about" in console.file.getvalue()
    experiment, before = next(iter(plan.labels)), plan.forecast.left
    seconds = predicted_seconds(experiment, 256, 64, 50) / 2  # of five epochs of ten
    record = RunRecord(experiment, 0, small.identity, "completed", seconds=seconds)
    history = {"val_loss": [4.0, 3.0, 2.0, 1.0, 5.0]}
    plan.forecast.learn(dataclasses.replace(record, history=history))
    assert plan.forecast.left == pytest.approx(before)
