"""What is left behind, and by whom: temporary files, processes, records that somebody removed."""

import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import Future
from multiprocessing import util

import living
import pytest
from tiny import STUDY, stand_in, wanted

from keras_mnist.base.errors import KerasMnistError, StoreError
from keras_mnist.command import guarded
from keras_mnist.export import main as export
from keras_mnist.runs import Store
from keras_mnist.runs.executors import task
from keras_mnist.runs.executors.endings import lost, unfit
from keras_mnist.runs.executors.worker import Worker
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import Watcher, run_all
from keras_mnist.serving.shelf import PRETRAINED, find_network

ASKS = """
import sys
from pathlib import Path
import numpy as np
from keras_mnist.serving.parity import require_parity
images = np.zeros((60_000, 28, 28), np.uint8)
require_parity(Path(sys.argv[1]), "numpy", images, np.zeros((60_000, 10), np.float32))
"""


def test_what_libraries_leave_in_a_worker_goes_with_the_command():
    """A worker is killed: it removes nothing. Its folder is that of the sockets."""
    worker = Worker(print, ())
    assert worker.call(eval, ("__import__('tempfile').gettempdir()",), None) == util.get_temp_dir()
    worker.kill()


def test_the_process_that_an_export_asks_ends_with_it():
    line = [sys.executable, "-c", ASKS, str(find_network(PRETRAINED))]
    asking = subprocess.Popen(line, stderr=subprocess.DEVNULL)
    while not (asked := living.family(asking.pid)):
        assert asking.poll() is None
    asking.kill()
    asking.wait()
    try:
        assert living.gone(asked, 10)
    finally:
        [living.kill(pid) for pid in asked]


def test_an_oracle_writes_no_files(tmp_path, monkeypatch):
    pytest.importorskip("keras_tuner")
    from keras_mnist import Experiment
    from tuner.oracles import make_oracle
    from tuner.space import space_of

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    space = space_of(Experiment(), (8, 16))
    oracle = make_oracle("random", "val_loss", space, 2, 1, 1)
    oracle.create_trial("tuner0")
    assert not list(tmp_path.rglob("*"))


class Inline:
    """An executor that does each task at once, in this process, without training."""

    def __init__(self, jobs, initializer, initargs, on_event):
        task._state.update(dataset=initargs[0], emit=lambda event: None)

    def submit(self, function, *args):
        future = Future()
        future.set_result(function(*args))
        return future

    def shutdown(self, wait=True):
        return None


def test_records_that_were_removed_meanwhile_are_missed(small, tmp_path):
    class Remover(Watcher):
        left = 2

        def finished(self, run, record, output):
            self.left -= 1
            if not self.left:
                shutil.rmtree(tmp_path)

    plan = make_plan(wanted(STUDY, small), small, Store(tmp_path), 1, executor=Inline)
    with pytest.raises(StoreError, match="the records of all 4 runs") as missed:
        run_all(plan, Remover(), task=stand_in)
    assert missed.value.received.startswith("2 that are gone: ")
    assert missed.value.exit_code == 1
    again = make_plan(wanted(STUDY, small), small, Store(tmp_path), 1, executor=Inline)
    assert len(again.missing) == 2, "they are trained again"
    assert len(run_all(again, Watcher(), task=stand_in)) == 2


def test_a_path_that_may_not_be_looked_at_is_named(capsys):
    def main(arguments):
        raise PermissionError(errno.EACCES, "Permission denied", "locked/net")

    assert guarded(main) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: locked/net must be a path that may be looked at. Received: Per")


@pytest.mark.parametrize(
    "failure", [MemoryError(), ImportError("x.so: failed to map segment from shared object")]
)
def test_a_limit_on_memory_is_named(failure, monkeypatch, capsys):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (3 * 10**9, 3 * 10**9))

    def main(arguments):
        raise failure

    assert guarded(main) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: the command must have more memory than it may take. Received: ")
    named = "Memory is limited to 3.00 GB a process here: see `ulimit -v`. "
    assert said.endswith(named.strip() + "\n")
    assert all(named in str(error("an end", "")) for error in (lost, unfit))


def test_a_fork_server_that_ends_early_leaves_the_sockets_of_those_who_live():
    """Their absence was told as a lack of the folder of temporary files."""
    from multiprocessing import forkserver

    worker = Worker(print, ())
    worker.prepare()
    worker.kill()
    server, folder = forkserver._forkserver, util.get_temp_dir()
    pid = server._forkserver_pid
    os.close(server._forkserver_alive_fd)  # as at the end of its last driver
    server._forkserver_alive_fd = None
    assert living.gone([pid], 20)
    os.waitpid(pid, 0)
    server._forkserver_pid = server._forkserver_address = None
    assert os.path.isdir(folder)


@pytest.mark.parametrize(
    "name, said",
    [
        ("", "--name of .* must not be blank"),
        (" ", "--name of .* must not be blank"),
        ("a/b", "--name must be letters"),
        ("\x1b[31m", "--name must be letters"),
    ],
)
def test_a_name_that_is_none_is_no_default(name, said):
    with pytest.raises(KerasMnistError, match=said):
        export(["mlp", "--name", name])
