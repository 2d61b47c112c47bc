"""Dask clusters of processes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

import keras_mnist


class Cluster:
    """A scheduler and workers as a person starts them, each in a process group of its own."""

    def __init__(
        self, folder: Path, host: str = "127.0.0.1", inside=(), security=(), scheduler=True
    ):
        """Start a scheduler, if asked to; `security`: options for certificates, of all of them."""
        self._folder, self._started, self._host = folder, [], host
        self._security, self._scheme = security, "tls" if security else "tcp"
        with socket.create_server(("", 0)) as free:
            self.port = free.getsockname()[1]
        self.name = f"{'dask+tls' if security else 'dask'}://{host}:{self.port}"
        self.scheduler = scheduler and self.start_scheduler(inside)

    def start_scheduler(self, inside=()):
        return self.start("scheduler", *self._here(), "--port", self.port, inside=inside)

    def start_worker(self, *options, threads=1, path=(), inside=()):
        """Start a worker; `path`: folders in which it finds packages first."""
        address = f"{self._scheme}://{self._host}:{self.port}"
        here = self._here() if self._host == "127.0.0.1" else ()  # else on another host
        arguments = "worker", address, *here, "--nthreads", threads, *options
        return self.start(*arguments, path=path, inside=inside)

    def _here(self):
        return "--host", f"{self._scheme}://{self._host}", "--dashboard-address", f"{self._host}:0"

    def start(self, *arguments, path=(), inside=()):
        """Start `dask` with these arguments; `inside`: a command that starts it elsewhere."""
        options = map(str, (*arguments, *self._security))
        line = [sys.executable, "-m", "dask", *options]
        paths = [
            *map(str, path),
            str(Path(keras_mnist.__file__).parents[1]),
            str(Path(__file__).parent),
            str(Path(__file__).parent / "runs"),  # whose objects travel
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

    def processes(self):
        """Return what was started and what that has started, as psutil knows them."""
        started = [psutil.Process(process.pid) for process in self._started]
        return started + [child for one in started for child in one.children(recursive=True)]

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
