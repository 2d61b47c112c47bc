"""Workers that stand still: told once, ended where that was asked for, in no end's way."""

import contextlib
import functools
import os
import signal
import threading
import time
from multiprocessing import forkserver

import pytest
from tiny import STUDY, stand_in, wanted

import keras_mnist.runs.run_all as running
from keras_mnist.base.errors import ExperimentError
from keras_mnist.runs import Store
from keras_mnist.runs.executors import local
from keras_mnist.runs.executors.chosen import chosen_executor
from keras_mnist.runs.executors.endings import WorkerDied
from keras_mnist.runs.executors.worker import Worker
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import Watcher, run_all
from keras_mnist.runs.stalls import LEAST, Stalls

AFTER = 4.0  # seconds, of which a worker takes some to start


@pytest.fixture
def watched():
    """Stalls of runs whose epochs take 2 s, the clock they go by, and what they did."""

    class Watched:
        now, told, ended = 0.0, [], []

        def stalls(self, after=None):
            self.told, self.ended = [], []
            return Stalls(
                lambda run: 2.0,
                lambda run, said: self.told.append((run, said)),
                lambda run, why: self.ended.append((run, why)),
                after,
                lambda: self.now,
            )

        def wait(self, stalls, seconds):
            self.now += seconds
            stalls.look()

    return Watched()


def test_a_run_without_an_epoch_is_told_once_and_again_after_another_epoch(watched):
    stalls = watched.stalls()
    stalls.begun("a")
    stalls.begun("b")
    watched.wait(stalls, LEAST - 1)
    assert not watched.told
    stalls.epoch("b")
    watched.wait(stalls, 2)
    assert [run for run, _ in watched.told] == ["a"]
    watched.wait(stalls, 600)
    assert [run for run, _ in watched.told] == ["a", "b"], "its first epoch took 59 s"
    assert watched.told[0][1].startswith("no epoch since ")
    stalls.epoch("a")
    stalls.over("b")
    watched.wait(stalls, 6_000)
    watched.wait(stalls, 600)
    assert [run for run, _ in watched.told] == ["a", "b"], "an epoch of it has taken 661 s"
    watched.wait(stalls, 100)
    assert [run for run, _ in watched.told] == ["a", "b", "a"]
    assert not watched.ended


def test_a_run_is_ended_after_the_time_that_was_named(watched):
    stalls = watched.stalls(after=10)
    stalls.begun("a")
    watched.wait(stalls, 9)
    stalls.epoch("a")
    watched.wait(stalls, 9)
    assert not watched.ended
    watched.wait(stalls, 1)
    watched.wait(stalls, 100)
    why = "no epoch for 10 s; --stalled-after is 10"
    assert watched.ended == [("a", why)]
    assert watched.told == [("a", f"{why}: its worker is ended")]


def stopping(folder, times, experiment, seed):
    """Stop this process, the first `times` that one comes here."""
    done = len(list(folder.glob("stopped-*")))
    if done < times:
        (folder / f"stopped-{done}").touch()
        os.kill(os.getpid(), signal.SIGSTOP)
    return stand_in(experiment, seed)


def planned(small, folder):
    executor = functools.partial(local.LocalExecutor, stalled_after=AFTER)
    few = {e: (label, (1,)) for e, (label, _) in list(wanted(STUDY, small).items())[:1]}
    return make_plan(few, small, Store(folder), 1, executor=executor)


@pytest.fixture
def server():
    """A fork server that is ready to start workers at once."""
    first = Worker(print, ())
    first.prepare()
    first.kill()
    return forkserver._forkserver._forkserver_pid


@pytest.mark.parametrize("times, status", [(1, "completed"), (2, "failed")])
def test_a_stopped_worker_is_ended_and_its_run_tried_again(
    times, status, small, tmp_path, monkeypatch, server
):
    monkeypatch.setattr(running, "LOOK", 0.1)
    task = functools.partial(stopping, tmp_path, times)
    (record,) = run_all(planned(small, tmp_path / "runs"), Watcher(), task=task).values()
    assert (record.status, record.attempts) == (status, 2)
    assert status == "completed" or record.reason.endswith("--stalled-after is 4"), record.reason


def test_others_that_finish_fast_hide_nobody_who_stands_still(small, tmp_path, monkeypatch, server):
    monkeypatch.setattr(running, "LOOK", 1_000)
    looked = []
    monkeypatch.setattr(Stalls, "look", lambda stalls: looked.append(stalls))
    run_all(planned(small, tmp_path), Watcher(), task=stand_in)
    assert looked


def test_a_stopped_fork_server_keeps_no_end_waiting(monkeypatch, server):
    """It was stopped while it started a worker, whose thread waits for its answer."""
    monkeypatch.setattr(local, "_PATIENCE", 0.3)
    executor = local.LocalExecutor(2, print, (), lambda args, event: None)
    os.kill(server, signal.SIGSTOP)
    futures = [executor.submit(int, "1"), executor.submit(int, "2")]
    time.sleep(0.3)
    ending = threading.Thread(target=executor.shutdown, kwargs={"wait": False}, daemon=True)
    ending.start()
    ending.join(10)
    still_there = ending.is_alive()
    with contextlib.suppress(ProcessLookupError):
        os.kill(server, signal.SIGCONT)
    assert not still_there
    assert all(isinstance(future.exception(0), WorkerDied) for future in futures)


def test_what_after_how_long_must_be():
    with pytest.raises(ExperimentError, match="--stalled-after must be a number"):
        chosen_executor("local", 1, 9)  # a worker may take as long to start
    with pytest.raises(ExperimentError, match="left out with a cluster"):
        chosen_executor("dask://localhost:1", None, 60)
