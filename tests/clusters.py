"""Dask clusters of processes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import keras_mnist


class Cluster:
    """A scheduler and workers as a person starts them, each in a process group of its own."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", inside=()):
        self._folder, self._started, self._host = folder, [], host
        with socket.create_server(("", 0)) as free:
            self.port = free.getsockname()[1]
        self.name = f"dask://{host}:{self.port}"
        self.scheduler = self.start_scheduler(inside)

    def start_scheduler(self, inside=()):
        return self._start("scheduler", "--host", self._host, "--port", self.port, inside=inside)

    def start_worker(self, *options, threads=1, path=(), inside=()):
        """Start a worker; `path`: folders in which it finds packages first."""
        address = f"tcp://{self._host}:{self.port}"
        arguments = "worker", address, "--nthreads", threads, *options
        return self._start(*arguments, path=path, inside=inside)

    def _start(self, *arguments, path=(), inside=()):
        """Start `dask` with these arguments; `inside`: a command that starts it elsewhere."""
        line = [sys.executable, "-m", "dask", *map(str, arguments), "--no-dashboard"]
        paths = [
            *map(str, path),
            str(Path(keras_mnist.__file__).parents[1]),
            str(Path(__file__).parent),
        ]
        with open(self._folder / f"{arguments[0]}-{len(self._started)}.log", "wb") as log:
            process = subprocess.Popen(
                [*inside, *line],
                cwd=self._folder,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def log(self, process) -> str:
        (path,) = self._folder.glob(f"*-{self._started.index(process)}.log")
        return path.read_text(errors="replace")

    def end(self):
        for process in self._started:
            kill(process)


def kill(process):
    """Kill a started process and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(true, seconds=120):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
