import dataclasses
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import tiny

from keras_mnist.cli import home
from keras_mnist.command import guarded
from keras_mnist.data import Dataset, find_data
from keras_mnist.runs import Store
from keras_mnist.runs.executors.local import usable_cores
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import Watcher, run_all

ROOT = Path(__file__).parents[1]  # of the checkout
MNIST = os.environ.get("KERAS_MNIST_DATA")
STARTING = {"ablate", "cluster"}  # fixtures of tests that start processes
needs_mnist = pytest.mark.skipif(not MNIST, reason="KERAS_MNIST_DATA names no MNIST file")


def pytest_addoption(parser):
    group = parser.getgroup("faults", "tests/faults, the long versions")
    group.addoption("--kills", type=int, default=200, metavar="N", help="how many (default 200)")
    group.addoption("--inputs", type=int, default=100_000, metavar="N", help="of each reader")
    group.addoption("--fault-seed", type=int, default=0, metavar="N", help="of random moments")
    group.addoption("--counts", metavar="FILE", help="add the counts to those in this JSON file")


def pytest_configure(config):
    # Started in the background by a shell, the tests ignore Ctrl-C, and with them each command.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # by nohup, say: neither here nor there
        signal.signal(signal.SIGHUP, lambda *_: None)
    # One thread, as in every worker; it must be said before TensorFlow's first operation.
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
    if MNIST:
        os.environ["KERAS_MNIST_DATA"] = str(Path(MNIST).resolve())


def pytest_xdist_auto_num_workers(config):
    """More than cores: a test that starts processes waits for them most of the time."""
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else usable_cores() + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin each worker's share with tests that start processes, or the last would wait for one."""
    workers, count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1)), len(items)
    long = [item for item in items if STARTING & {*item.fixturenames}]
    brief = iter([item for item in items if not STARTING & {*item.fixturenames}])
    items[:] = []
    for place in range(workers):
        items += long[place::workers]
        items += islice(brief, max(0, count * (place + 1) // workers - len(items)))
    assert len(items) == len({*items}) == count


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Make a folder by its name, once for all workers of the tests: the others wait for it."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent  # theirs in common

    def found(name: str, make) -> Path:
        """Return the folder `name`, which `make(folder)` has filled."""
        folder, unfinished = place / f"once-{name}", place / f"unfinished-{name}"
        with open(place / f"once-{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir()
                make(unfinished)
                unfinished.rename(folder)
        return folder

    return found


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return find_data("digits")


@pytest.fixture(scope="session")
def small() -> Dataset:
    """320 training and 50 test images of noise whose brightness tells the digit."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 370).astype(np.uint8)
    images = random.integers(0, 25, (370, 28, 28)) + labels[:, None, None] * 25
    images = images.astype(np.uint8)
    return Dataset("small", images[:320], labels[:320], images[320:], labels[320:], note="noise")


@pytest.fixture
def broken(small) -> Dataset:
    """The same with test images that no network takes, past the checks of whoever makes one."""
    found = dataclasses.replace(small)
    object.__setattr__(found, "x_test", small.x_test[:, :27, :27])
    return found


class Command:
    """Runs the package's commands as a person would: in their own process and folder."""

    def __init__(self, folder: Path, data: Path):
        self.folder = folder
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
        # The tests' own checkout or an installed package, whichever these tests import.
        import keras_mnist

        package = str(Path(keras_mnist.__file__).parents[1])
        self.environment |= {"PYTHONPATH": package, "KERAS_MNIST_DATA": str(data)}

    def line(self, *arguments, command="ablate") -> list[str]:
        return [sys.executable, "-m", f"keras_mnist.{command}", *map(str, arguments)]

    def start(self, *arguments, **options) -> subprocess.Popen:
        return self.start_line(self.line(*arguments), **options)

    def start_line(self, line: list[str], **options) -> subprocess.Popen:
        return subprocess.Popen(
            line,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def __call__(self, *arguments) -> subprocess.CompletedProcess:
        return self.run("ablate", *arguments)

    def run(self, command: str, *arguments) -> subprocess.CompletedProcess:
        return self.execute(self.line(*arguments, command=command))

    def execute(self, line: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(
            line,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=200,
        )


@pytest.fixture(scope="session")
def data_file(small, once) -> Path:
    """The small data set as a file; its training images are two whole batches of 128.

    One for all workers of the tests: its path stands in results that they share.
    """
    arrays = {name: getattr(small, name) for name in ("x_train", "y_train", "x_test", "y_test")}
    return once("data", lambda folder: np.savez(folder / "small.npz", **arrays)) / "small.npz"


@pytest.fixture
def ablate(tmp_path, data_file) -> Command:
    return Command(tmp_path, data_file)


@pytest.fixture
def inside(tmp_path, data_file, monkeypatch, capsys):
    """Run a command of the package in this process: where a process of its own is not the point.

    What it trains it trains in workers all the same, whose fork server serves all such tests.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_MNIST_DATA", str(data_file))

    def run(command: str, *arguments) -> subprocess.CompletedProcess:
        capsys.readouterr()
        code = guarded(import_module(home(command)).main, list(map(str, arguments)))
        said = capsys.readouterr()
        return subprocess.CompletedProcess((command, *arguments), code, said.out, said.err)

    return run


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler, in a process of its own; the tests start the workers."""
    from clusters import Cluster

    folder = tmp_path / "cluster"
    folder.mkdir()
    found = Cluster(folder)
    yield found
    found.end()


@pytest.fixture
def gate_here(monkeypatch):
    """Exported files are asked in this process: that another starts has tests of its own."""
    import keras

    from keras_mnist.serving import parity

    def ask(line, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(sys.modules, "keras", keras)  # which it takes away
            parity._answer(*map(str, line[-4:]))
        return subprocess.CompletedProcess(line, 0, "", "")

    monkeypatch.setattr(parity.subprocess, "run", ask)


@pytest.fixture(scope="session")
def whole(once, small) -> Path:
    """A store with the runs of `tiny.STUDY`, done by one worker of this machine."""

    def make(folder):
        plan = make_plan(tiny.wanted(tiny.STUDY, small), small, Store(folder), jobs=1)
        run_all(plan, Watcher())

    return once("whole", make)


LONGER = ("--no-relu", "--seeds", 6, "--epochs", 8, "--train-size", 160)


@pytest.fixture(scope="session")
def finished(once, data_file) -> Path:
    """The folder in which the study of `LONGER`, of 12 runs, has run to its end."""

    def make(folder):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("KERAS_MNIST_DATA", str(data_file))
            line = list(map(str, (*LONGER, "--jobs", 1)))
            assert guarded(import_module(home("ablate")).main, line) == 0

    return once("longer", make)


def signalled(sign: signal.Signals, moment, command):
    """Return what `command()` returns in this process, sent a signal at a moment.

    Args:
        sign: which.
        moment: tells, whenever it is called, whether it has come.
        command: to be called.
    """
    over = threading.Event()

    def send():
        while not over.is_set() and not moment():
            time.sleep(0.01)
        if not over.is_set():
            os.kill(os.getpid(), sign)

    before = signal.signal(signal.SIGTERM, lambda *_: None)  # one that comes late ends no tests
    sender = threading.Thread(target=send)
    sender.start()
    try:
        return command()
    finally:
        over.set()
        sender.join()
        signal.signal(signal.SIGTERM, before)


@pytest.fixture
def float64():
    """In double precision, and without XLA, whose compiling would take a second a network.

    In single precision a near-tie in max-pooling or an activation near 0 may fall either way, and
    batch normalization of a few images multiplies rounding.
    """
    import keras
    import tensorflow as tf

    for precision, eagerly in (("float64", True), ("float32", False)):
        keras.config.set_floatx(precision)
        keras.config.set_dtype_policy(precision)
        tf.config.run_functions_eagerly(eagerly)
        if eagerly:
            yield
