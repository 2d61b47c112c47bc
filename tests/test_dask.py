"""Runs over a Dask cluster: a real scheduler and real workers, in processes of their own."""

import dataclasses
import os
import re
import socket

import pytest
from clusters import Cluster, kill, wait_until
from stores import contents

from keras_mnist import Experiment, Study
from keras_mnist.base import extras
from keras_mnist.command import guarded
from keras_mnist.data import Dataset
from keras_mnist.runs import Store
from keras_mnist.runs.executors.chosen import chosen_executor
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import Watcher, run_all

pytest.importorskip("distributed", reason="needs the extra .[dask]")
import psutil

import keras_mnist.runs.executors.cluster as cluster_module

TINY = Experiment().change(width=16, epochs=2, batch_size=32)
STUDY = Study.of(TINY, {"dropout": [0.0]}, seeds=(0, 1))


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    found = Cluster(folder)
    yield found
    found.end()


def planned(study, dataset, folder, executor="local"):
    study = study.on(dataset.name)
    wanted = {experiment: (label, study.seeds) for experiment, label in study.labels.items()}
    jobs, make = chosen_executor(executor, None)
    return make_plan(wanted, dataset, Store(folder), jobs, executor=make)


@dataclasses.dataclass(frozen=True)
class Noted(Dataset):
    """Notes in a file which process unpacks it."""

    notes: str = ""

    def __reduce__(self):
        return _unpacked, tuple(getattr(self, f.name) for f in dataclasses.fields(self))


def _unpacked(*values):
    dataset = Noted(*values)
    with open(dataset.notes, "a") as file:
        file.write(f"{os.getpid()}\n")
    return dataset


class Listener(Watcher):
    def __init__(self, on_first=lambda: None):
        self.heard, self.outputs, self.on_first = [], [], on_first

    def started(self, run):
        self.heard.append("started")

    def epoch(self, run, epoch, values):
        self.heard.append(epoch)

    def told(self, message):
        self.heard.append(message)

    def finished(self, run, record, output):
        if "finished" not in self.heard:
            self.on_first()
        self.heard.append("finished")
        self.outputs.append(output)


def test_the_local_pool_s_records_and_data_that_travels_once_a_worker(
    cluster, small, broken, tmp_path
):
    """Two workers and one that joins late, with other versions: it leaves before any run.

    Then runs that raise, which say what they printed.
    """
    run_all(planned(STUDY, small, tmp_path / "local"), Watcher())
    other = tmp_path / "other" / "numpy-1.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0\n")
    workers = [cluster.start_worker("--no-nanny") for _ in range(2)]
    notes = tmp_path / "notes"
    noted = Noted(*(getattr(small, f.name) for f in dataclasses.fields(small)), notes=str(notes))
    late = []

    def join():
        late.append(cluster.start_worker(path=[other.parent]))
        wait_until(lambda: late[0].poll() is not None)  # it closes by itself, its nanny too

    listener = Listener(join)
    plan = planned(STUDY, noted, tmp_path / "dask", cluster.name)
    wait_until(lambda: "Registered to" in cluster.log(workers[1]))
    run_all(plan, listener)
    assert contents(tmp_path / "dask") == contents(tmp_path / "local")
    assert len(contents(tmp_path / "dask")) == 4
    pids = notes.read_text().split()
    assert [pids.count(str(worker.pid)) for worker in workers] == [1, 1]
    assert len(set(pids)) == len(pids) == 4, "each worker and its training process, once"
    assert str(late[0].pid) not in pids
    texts = [heard for heard in listener.heard if isinstance(heard, str)]
    assert [listener.heard.count(word) for word in ("started", 1, 2, "finished")] == [4] * 4
    refused = [text for text in texts if "refused" in text]
    assert len(refused) == 1
    assert re.search(r"tcp://127.0.0.1:\d+: numpy 1.0 instead of [2-9]\.", refused[0])
    training = set(pids) - {str(worker.pid) for worker in workers}
    wait_until(lambda: not any(psutil.pid_exists(int(pid)) for pid in training), 10)

    records = run_all(planned(STUDY, broken, tmp_path / "broken", cluster.name), listener)
    assert {record.status for record in records.values()} == {"failed"}
    assert all("Traceback" in output for output in listener.outputs[-4:])


def test_a_run_that_kills_its_worker_twice_fails_and_the_others_do_not(cluster, small, tmp_path):
    nanny = cluster.start_worker()  # it starts a killed worker again

    class Killer(Listener):
        def epoch(self, run, epoch, values):
            super().epoch(run, epoch, values)
            if run[0].model.dropout == 0 and epoch == 1:
                for child in psutil.Process(nanny.pid).children():
                    if "spawn_main" in " ".join(child.cmdline()):
                        child.kill()

    study = Study(TINY, STUDY.combinations, seeds=(0,))
    killer = Killer()
    records = run_all(planned(study, small, tmp_path / "runs", cluster.name), killer)
    found = {e.model.dropout: (r.status, r.attempts) for (e, _), r in records.items()}
    assert found == {0.2: ("completed", 1), 0.0: ("failed", 2)}
    reason = next(r.reason for r in records.values() if not r.completed)
    assert re.fullmatch(r"the end of its workers, (tcp://\S+) and (tcp://\S+)", reason)
    assert killer.heard.count(1) == 3, "once the good run, twice the other"


LONGER = ("--no-relu", "--seeds", 6, "--epochs", 8, "--train-size", 160, "--jobs", 2)


def test_workers_and_scheduler_killed(cluster, ablate):
    """The real command goes on when a worker is lost and, started again, when all else is."""
    whole = ablate(*LONGER, "--runs", "whole")
    assert whole.returncode == 0, whole.stderr
    over = (*LONGER[:-2], "--executor", cluster.name)
    workers = [cluster.start_worker(), cluster.start_worker()]
    runs = ablate.folder / "runs"
    finished = lambda: list(runs.glob("*/seed-*.json"))  # noqa: E731
    process = ablate.start(*over)
    wait_until(finished)
    process.kill()
    process.communicate()
    left = re.search(r"plugin (keras_mnist-\S+)", cluster.log(workers[1]))[1]

    process = ablate.start(*over)
    wait_until(lambda: f"Removing Worker plugin {left}" in cluster.log(workers[1]))
    for victim in (workers[0], cluster.scheduler):
        before = len(finished())
        wait_until(lambda before=before: len(finished()) > before)
        kill(victim)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"error: the Dask scheduler at tcp://127.0.0.1:{cluster.port} must serve" in said
    assert "Finished runs are stored" in said
    assert "Traceback" not in said, said
    kill(workers[1])
    kept = {path: path.stat().st_mtime_ns for path in finished()}
    assert 0 < len(kept) < 12

    cluster.start_scheduler()
    for _ in range(2):
        cluster.start_worker()
    done = ablate(*over)
    assert done.returncode == 0, done.stderr
    assert f"{12 - len(kept)} trained, {len(kept)} stored before, 0 failed" in done.stderr
    assert contents(runs) == contents(ablate.folder / "whole")
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())


@pytest.mark.parametrize(
    "options, message",
    [
        (["--executor", "dask"], "must be local or dask://HOST:PORT. Received: 'dask'"),
        (["--executor", "dask://here"], "dask://HOST:PORT"),
        (["--executor", "dask://:8786"], "dask://HOST:PORT"),
        (["--executor", "dask://here:port"], "dask://HOST:PORT"),
        (["--executor", "dask://here:99999"], "dask://HOST:PORT"),
        (["--executor", "dask://here:8786/path"], "dask://HOST:PORT"),
        (["--executor", "tcp://here:8786"], "dask://HOST:PORT"),
        (["--executor", "dask://here:8786", "--jobs", "2"], "--jobs must be left out"),
    ],
)
def test_executors_that_are_none(options, message, capsys):
    from keras_mnist.ablate import main

    assert guarded(main, ["--no-relu", "--data", "digits", *options]) == 2
    assert message in capsys.readouterr().err


def test_without_dask_the_remedy_is_named(monkeypatch, capsys):
    from keras_mnist.reproduce import main

    monkeypatch.setattr(extras, "installed", lambda module: False)
    assert guarded(main, ["--executor", "dask://127.0.0.1:1", "--data", "digits"]) == 2
    said = capsys.readouterr().err
    assert "needs the package distributed. Received: not installed" in said
    assert "pip install 'keras-mnist[dask]'" in said


def test_clusters_that_cannot_be_used(cluster, monkeypatch, capsys):
    """No scheduler, no worker, and one whose worker has two threads."""
    from keras_mnist.ablate import main

    monkeypatch.setattr(cluster_module, "TIMEOUT", 2)
    line = ["--no-relu", "--data", "digits", "--plan", "--executor"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"dask://127.0.0.1:{free.getsockname()[1]}"
    assert guarded(main, [*line, nobody]) == 2
    assert "a Dask scheduler must answer at tcp://127.0.0.1" in capsys.readouterr().err
    assert guarded(main, [*line, cluster.name]) == 2
    assert "must have a worker. Received: none. Start workers with" in capsys.readouterr().err
    worker = cluster.start_worker("--no-nanny", threads=2)
    wait_until(lambda: "Registered to" in cluster.log(worker))
    assert guarded(main, [*line, cluster.name]) == 2
    assert re.search(r"tcp://127.0.0.1:\d+: threads 2 instead of 1", capsys.readouterr().err)
