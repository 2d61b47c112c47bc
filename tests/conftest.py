import dataclasses
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from keras_mnist.cli import home
from keras_mnist.command import guarded
from keras_mnist.data import Dataset, find_data

ROOT = Path(__file__).parents[1]  # of the checkout
MNIST = os.environ.get("KERAS_MNIST_DATA")
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
    # One thread, as in every worker; it must be said before TensorFlow's first operation.
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
    if MNIST:
        os.environ["KERAS_MNIST_DATA"] = str(Path(MNIST).resolve())


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
def data_file(small, tmp_path_factory) -> Path:
    """The small data set as a file; its training images are two whole batches of 128."""
    path = tmp_path_factory.mktemp("data") / "small.npz"
    arrays = {name: getattr(small, name) for name in ("x_train", "y_train", "x_test", "y_test")}
    np.savez(path, **arrays)
    return path


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
