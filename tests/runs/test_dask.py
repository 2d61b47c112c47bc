"""Runs over a Dask cluster: a real scheduler and real workers, in processes of their own."""

import dataclasses
import os
import pickle
import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from clusters import Cluster, kill, wait_until
from conftest import LONGER, ROOT
from stores import contents
from tiny import STUDY, TINY, slow, stand_in, wanted

from keras_mnist import Experiment, Study, run_study
from keras_mnist.base import extras
from keras_mnist.base.errors import KerasMnistError
from keras_mnist.command import guarded
from keras_mnist.data import Dataset
from keras_mnist.networks.own import own_network
from keras_mnist.runs import Store
from keras_mnist.runs.executors.chosen import chosen_executor
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import Watcher, run_all

pytest.importorskip("distributed", reason="needs the extra .[dask]")
import bad_worker
import psutil
from distributed.protocol import dumps, to_serialize
from distributed.protocol.serialize import ToPickle

import keras_mnist.runs.executors.cluster as executors
import keras_mnist.runs.executors.connection as connection
import keras_mnist.runs.executors.wire as wire
from keras_mnist.runs.executors.cluster import ClusterLost


def planned(study, dataset, folder, executor):
    jobs, make = chosen_executor(executor, None)
    return make_plan(wanted(study, dataset), dataset, Store(folder), jobs, executor=make)


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
    cluster, small, broken, whole, tmp_path
):
    """Two workers and one that joins late, with other versions: it leaves before any run.

    Then runs that raise, which say what they printed.
    """
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
    assert contents(tmp_path / "dask") == contents(whole)
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


OWN = """
import keras
from helper import LABELS
from keras import layers


@keras.saving.register_keras_serializable()
class Scaled(layers.Layer):
    def call(self, inputs):
        return inputs * LABELS


def network(shape, classes, width=6, dropout=0.5):
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(),
            Scaled(),
            layers.Dense(width, activation="relu"),
            layers.Dropout(dropout),
            layers.Dense(classes),
        ]
    )
"""


def test_own_networks_and_own_data_travel_to_a_cluster(cluster, inside, digits, tmp_path):
    """A file with what it imports from beside it, which no worker finds, and a closure."""
    Path("mine.py").write_text(OWN)
    Path("helper.py").write_text("LABELS = 0.5")
    pixels = {"x_train": digits.x_train[:200], "x_test": digits.x_test[:50]}
    names = np.array([f"class {n}" for n in range(10)])
    labels = {"y_train": names[digits.y_train[:200]], "y_test": names[digits.y_test[:50]]}
    np.savez("mine.npz", **pixels, **labels)
    registered(cluster, cluster.start_worker("--no-nanny"), cluster.start_worker("--no-nanny"))
    line = ("--model", "mine.py", "--data", "mine.npz", "--epochs", 1, "--seeds", 2, "--quiet")
    for more in (("--runs", "local"), ("--runs", "dask", "--executor", cluster.name)):
        done = inside("ablate", *line, "--no-dropout", "--out", "out", *more)
        assert done.returncode == 0, done.stderr
    assert contents(Path("dask")) == contents(Path("local"))
    assert len(contents(Path("dask"))) == 4
    (name,) = {record.data["class_names"][3] for record in Store("dask").records()}
    assert name == "class 3"

    units = 5

    def network(shape, classes, activation="relu"):
        import keras

        dense = keras.layers.Dense(units, activation=activation)
        return keras.Sequential(
            [keras.Input(shape), keras.layers.Flatten(), dense, keras.layers.Dense(classes)]
        )

    baseline = Experiment(network=own_network(network)).change(epochs=1)
    study = Study.of(baseline, {"activation": ["tanh"]}, seeds=[0])
    data = tuple({**pixels, **labels}[name] for name in ("x_train", "y_train", "x_test", "y_test"))
    for name, executor in (("local", "local"), ("dask", cluster.name)):
        run_study(study, data, f"{name}-2", quiet=True, executor=executor)
    assert contents(Path("dask-2")) == contents(Path("local-2"))
    assert len(contents(Path("dask-2"))) == 2


def test_a_run_that_kills_its_worker_twice_fails_and_the_others_do_not(cluster, small, tmp_path):
    nanny = cluster.start_worker()  # it starts a killed worker again

    class Killer(Listener):
        def epoch(self, run, epoch, values):
            super().epoch(run, epoch, values)
            if run[0].network.dropout == 0 and epoch == 1:
                for child in psutil.Process(nanny.pid).children():
                    if "spawn_main" in " ".join(child.cmdline()):
                        child.kill()

    study = Study(TINY, STUDY.combinations, seeds=(0,))
    killer = Killer()
    plan = planned(study, small, tmp_path / "runs", cluster.name)
    records = run_all(plan, killer, task=slow)
    found = {e.network.dropout: (r.status, r.attempts) for (e, _), r in records.items()}
    assert found == {0.2: ("completed", 1), 0.0: ("failed", 2)}
    reason = next(r.reason for r in records.values() if not r.completed)
    assert re.fullmatch(r"the end of its workers, (tcp://\S+) and (tcp://\S+)", reason)
    assert killer.heard.count(1) == 3, "once the good run, twice the other"


def test_workers_and_scheduler_killed(cluster, ablate, inside, finished):
    """The real command goes on when a worker is lost and, started again, when all else is."""
    over = (*LONGER, "--executor", cluster.name)
    workers = [cluster.start_worker()]
    runs = ablate.folder / "runs"
    stored = lambda: list(runs.glob("*/seed-*.json"))  # noqa: E731
    process = ablate.start(*over)
    wait_until(stored)
    process.kill()
    process.communicate()
    left = re.search(r"plugin (keras_mnist-\S+)", cluster.log(workers[0]))[1]

    workers += registered(cluster, cluster.start_worker())
    process = ablate.start(*over)
    wait_until(lambda: f"Removing Worker plugin {left}" in cluster.log(workers[0]))
    for victim in (workers[0], cluster.scheduler):
        before = len(stored())
        wait_until(lambda before=before: len(stored()) > before)
        kill(victim)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"error: the Dask scheduler at tcp://127.0.0.1:{cluster.port} must serve" in said
    assert "Finished runs are stored" in said
    assert "Traceback" not in said, said
    kill(workers[1])
    kept = {path: path.stat().st_mtime_ns for path in stored()}
    assert 0 < len(kept) < 12

    cluster.start_scheduler()
    cluster.start_worker()
    done = inside("ablate", *over)
    assert done.returncode == 0, done.stderr
    assert f"{12 - len(kept)} trained, {len(kept)} stored before, 0 failed" in done.stderr
    assert contents(runs) == contents(finished / "runs")
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())


@pytest.mark.parametrize(
    "options, message",
    [
        (["--executor", "dask"], "dask+tls://HOST:PORT. Received: 'dask'"),
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
    assert "pip install 'distributed>=" in said


@pytest.fixture
def bad(cluster, monkeypatch):
    """A function that starts a worker with a fault of `bad_worker`, and waits for it."""

    def start(fault, workers=1):
        monkeypatch.setenv("FAULT", fault)
        options = "--no-nanny", "--preload", Path(bad_worker.__file__), "--nworkers", 1
        registered(cluster, cluster.start_worker(*options))

    return start


def registered(cluster, *workers):
    for worker in workers:
        wait_until(lambda: "Registered to" in cluster.log(worker))  # noqa: B023
    return workers


def test_of_a_message_only_what_is_plain_arrives():
    """Wherever in it the rest is."""
    evil = bad_worker.Evil()
    for hidden in (ToPickle(evil), to_serialize(evil), pickle.dumps(evil), evil, b""):
        message = {"op": "event", "number": 7, "values": ("text", {"loss": 0.5, "what": hidden})}
        (values, inner) = wire.plain(dumps(message))["values"]
        assert (values, inner["loss"]) == ("text", 0.5)
        assert isinstance(inner["what"], str)
    whole = {"status": "OK", "result": to_serialize("a text" * 10_000), "none": None}
    arrived = wire.plain(dumps(whole, serializers=[wire.PLAIN]))
    assert arrived == whole | {"result": "a text" * 10_000}
    error = {"status": "error", "exception_text": "why", "exception": to_serialize(evil)}
    assert wire.plain(dumps(error))["exception"] == "why"


@pytest.fixture
def unpickled(tmp_path, monkeypatch):
    """The processes that have unpickled what a bad worker made."""
    notes = tmp_path / "notes"
    monkeypatch.setenv(bad_worker.NOTES, str(notes))
    return lambda: notes.read_text().split() if notes.exists() else []


def test_the_driver_unpickles_nothing_that_a_worker_sends(cluster, bad, small, tmp_path, unpickled):
    """As a result, an error, an answer, an event or a warning; others may be as careless."""
    bad("evil")
    study = Study(TINY, STUDY.combinations, seeds=range(len(bad_worker.EVIL)))
    plan = planned(study, small, tmp_path / "runs", cluster.name)
    records = run_all(plan, Watcher(), task=stand_in)
    assert str(cluster.scheduler.pid) in unpickled()
    assert str(os.getpid()) not in unpickled()
    for (_, seed), record in records.items():
        assert record.completed == (bad_worker.EVIL[seed] is bad_worker.warning)
        assert record.completed or re.search(r"tcp://127.0.0.1:\d+", record.reason)


@pytest.mark.parametrize("fault", ["found", "found_error", "setup"])
def test_nor_does_it_before_a_worker_gets_anything(fault, cluster, bad, small, tmp_path, unpickled):
    bad(fault)
    with pytest.raises(KerasMnistError, match=r"tcp://127.0.0.1:\d+: .*(read|EvilError)"):
        run_all(planned(STUDY, small, tmp_path / "runs", cluster.name), Watcher())
    assert str(os.getpid()) not in unpickled()


def test_what_is_no_record_of_the_run_is_not_stored(cluster, bad, small, whole, tmp_path):
    """The worker is named that said it; where there is another, that one does the run."""
    bad("wrong")
    study = Study(TINY, STUDY.combinations, seeds=range(len(bad_worker.WRONG)))
    plan = planned(study, small, tmp_path / "runs", cluster.name)
    records = run_all(plan, Watcher(), task=stand_in)
    for (_, seed), record in records.items():
        _, told = bad_worker.WRONG[seed]
        assert record.completed == (not told)
        if told:
            assert (record.status, record.attempts, record.metrics) == ("failed", 2, {})
            assert re.match(r"an answer that was refused, by tcp://\S+:\d+: ", record.reason)
            assert told in record.reason
    stored = {(r.experiment, r.seed): r for r in Store(tmp_path / "runs").records()}
    assert stored == records

    registered(cluster, cluster.start_worker("--no-nanny"))
    records = run_all(planned(STUDY, small, tmp_path / "others", cluster.name), Watcher())
    assert contents(tmp_path / "others") == contents(whole)
    assert 2 in {record.attempts for record in records.values()}, "the bad one had none"


def test_a_second_try_is_asked_of_those_workers_that_did_not_fail(monkeypatch):
    """Of any, where there is no other."""
    asked, workers = [], {"one": {}, "two": {}, "three": {}}

    class Client:
        id = "client"
        scheduler_info = staticmethod(lambda: {"workers": workers})
        subscribe_topic = unregister_worker_plugin = lambda *told: None

        def submit(self, *what, workers, allow_other_workers, **how):
            asked.append((workers, allow_other_workers))
            return SimpleNamespace(add_done_callback=lambda call: None)

    monkeypatch.setattr(executors, "connected", lambda address: Client())
    monkeypatch.setattr(executors, "checked", lambda client, address: list(workers))
    monkeypatch.setattr(executors, "on_scheduler", lambda *what: [])
    monkeypatch.setattr(executors, "post", lambda client, plugin: None)
    executor = executors.ClusterExecutor("tcp://here:1", 3, None, (), None)
    for begun in (["two"], ["three"], ["one"]):
        future = executor.submit(stand_in, "the run", 0)
        future.workers += begun
    executor.submit(stand_in, "the run", 0)
    executor.submit(stand_in, "another run", 0)
    assert asked == [
        (None, False),
        (["one", "three"], True),
        (["one"], True),
        (None, False),
        (None, False),
    ]


def test_a_worker_that_cannot_train_leaves_and_without_any_the_command_ends(
    cluster, small, tmp_path
):
    """It is no run's failure."""
    broken = tmp_path / "broken" / "tensorflow"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('libsomething.so: no such file')")
    good, unfit = (cluster.start_worker(path=path) for path in ((), [broken.parent]))
    registered(cluster, good, unfit)
    listener = Listener()
    plan = planned(STUDY, small, tmp_path / "runs", cluster.name)
    records = run_all(plan, listener, task=stand_in)
    assert [(r.status, r.attempts) for r in records.values()] == [("completed", 1)] * 4
    (told,) = [heard for heard in listener.heard if "refused" in str(heard)]
    assert re.search(r"tcp://127.0.0.1:\d+: ImportError: libsomething.so", told)
    assert unfit.wait(60) is not None
    kill(good)
    registered(cluster, cluster.start_worker(path=[broken.parent]))
    plan = planned(STUDY, small, tmp_path / "more", cluster.name)
    with pytest.raises(ClusterLost, match=r"a worker that can train.*libsomething\.so") as error:
        run_all(plan, Watcher())
    assert error.value.exit_code == 1
    assert not (tmp_path / "more").exists()


@pytest.fixture
def certificates(tmp_path):
    """Dask's options for certificates of an authority, and of another one, fresh from openssl."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")

    def made(name):
        folder = tmp_path / name
        folder.mkdir()
        authority = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
        key = ("-newkey", "rsa:2048", "-nodes", "-keyout")
        for line in (
            ("req", "-x509", *key, "ca.key", "-out", "ca.pem", "-subj", "/CN=ca"),
            ("req", *key, "node.key", "-out", "node.csr", "-subj", "/CN=node"),
            ("x509", "-req", "-in", "node.csr", *authority, "-out", "node.pem"),
        ):
            subprocess.run(["openssl", *line], cwd=folder, check=True, capture_output=True)
        return folder / "ca.pem", folder / "node.pem", folder / "node.key"

    return made


def test_certificates(certificates, ablate, tmp_path):
    """A scheduler that has them answers to those who have some of the same authority."""
    names = ("TLS__CA_FILE", "TLS__CLIENT__CERT", "TLS__CLIENT__KEY")
    ours, others = certificates("ours"), certificates("others")

    def use(files):
        for name, file in zip(names, files, strict=True):
            ablate.environment[f"DASK_DISTRIBUTED__COMM__{name}"] = str(file)

    (tmp_path / "secured").mkdir()
    options = ("--tls-ca-file", "--tls-cert", "--tls-key")
    security = [word for pair in zip(options, ours, strict=True) for word in pair]
    secured = Cluster(tmp_path / "secured", security=security)
    try:
        registered(secured, secured.start_worker())
        line = ("--no-relu", "--seeds", 1, "--epochs", 1, "--train-size", 64, "--executor")
        done = ablate(*line, secured.name)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert "dask+tls:// needs certificates in Dask's configuration" in done.stderr
        use((tmp_path / "none", *ours[1:]))
        done = ablate(*line, secured.name)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert "must be readable" in done.stderr
        use(others)
        for name in (secured.name, secured.name.replace("+tls", "")):
            done = ablate(*line, name)
            assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
            assert "a Dask scheduler must answer at" in done.stderr
        use(ours)
        done = ablate(*line, secured.name)
        assert done.returncode == 0, done.stderr
        assert "2 trained, 0 stored before, 0 failed" in done.stderr
    finally:
        secured.end()


@pytest.mark.parametrize(
    "said, told",
    [
        (b"", "Received: nothing."),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9, "no message of Dask's"),
    ],
)
def test_a_port_where_no_scheduler_answers(said, told, monkeypatch, capsys):
    """It accepts, and says nothing at all, or something else."""
    from keras_mnist.ablate import main

    for module in (connection, wire):
        monkeypatch.setattr(module, "TIMEOUT", 2)
    held = []

    def serve():
        while True:
            held.append(port.accept()[0])
            held[-1].sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as port:
        threading.Thread(target=serve, daemon=True).start()
        name = f"dask://127.0.0.1:{port.getsockname()[1]}"
        line = ["--no-relu", "--data", "digits", "--plan", "--executor", name]
        assert guarded(main, line) == 2
    said = capsys.readouterr().err
    assert "a Dask scheduler must answer at tcp://127.0.0.1" in said
    assert told in said


PAGE = ROOT / "docs" / "machines.md"


def test_the_page_s_cluster_on_one_machine_listens_to_that_machine_alone(tmp_path):
    (block,) = re.findall(
        r"On one machine:\n\n(?:<!--.*?-->\n)?```bash\n(.*?)```", PAGE.read_text(), re.DOTALL
    )
    lines = [line.rstrip("&").split() for line in block.splitlines() if line.startswith("dask ")]
    assert len(lines) == 2
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        ports = {"8786": str(one.getsockname()[1]), "8787": str(two.getsockname()[1])}
    cluster = Cluster(tmp_path, scheduler=False)
    try:
        for line in lines:
            line = [re.sub(r"878[67]", lambda found: ports[found[0]], word) for word in line[1:]]
            port = ("--port", ports["8786"]) if line[0] == "scheduler" else ()
            process = cluster.start(*line, *port)
        wait_until(lambda: cluster.log(process).count("Registered to") == 2)
        found = [address for process in cluster.processes() for address in listening(process)]
        assert len(found) >= 6, "scheduler, two nannies and workers, their pages"
        assert {address.ip for address in found} == {"127.0.0.1"}
    finally:
        cluster.end()


def listening(process):
    return [c.laddr for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]


def test_clusters_that_cannot_be_used(cluster, monkeypatch, capsys):
    """No scheduler, no worker, and one whose worker has two threads."""
    from keras_mnist.ablate import main

    monkeypatch.setattr(connection, "TIMEOUT", 2)
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
