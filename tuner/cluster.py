"""Chief and workers: keras-tuner's oracle behind a port, asked by any number of processes.

The chief holds the oracle and the journal; each worker trains the trials it is given. On one
machine `--workers` starts them; on several, the same command is started on each with
`KERASTUNER_TUNER_ID` (`chief`, or any other name, one a worker), `KERASTUNER_ORACLE_IP` and
`KERASTUNER_ORACLE_PORT` set. The port asks nobody who they are: it belongs on a private network.
"""

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent import futures

from keras_mnist.base.errors import ExperimentError, WorkerError
from keras_mnist.start import command

ID, IP, PORT = "KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT"
_PARENT, GIVE_UP = "KERAS_MNIST_PARENT", "KERAS_MNIST_FAIL_TRIAL"
RESTARTS = 3
_POLL = 0.2  # seconds


def role() -> str:
    """Return what this process is in a search over several: `chief`, `worker`, or nothing.

    Raises:
        ExperimentError: only some of the three variables are set.
    """
    found = [name for name in (ID, IP, PORT) if os.environ.get(name)]
    if not found:
        return ""
    if len(found) < 3:
        raise ExperimentError(f"{ID}, {IP} and {PORT} must be set together", ", ".join(found))
    return "chief" if "chief" in os.environ[ID] else "worker"


def serve(oracle) -> None:
    """Answer workers until the search is over and all of them have been told so.

    Raises:
        ExperimentError: the port cannot be had.
        StoreError: the journal could not be written.
    """
    import grpc
    from keras_tuner.src import protos
    from keras_tuner.src.distribute.oracle_chief import OracleServicer

    address, port = os.environ[IP], os.environ[PORT]
    try:
        with socket.create_server((address, int(port))):
            pass  # said here, because gRPC would share the port with whoever has it
    except (OSError, ValueError) as error:
        raise ExperimentError(
            f"the port {address}:{port} must be free", error, f"Name another in {PORT}"
        ) from None
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    servicer = OracleServicer(oracle)
    protos.get_service_grpc().add_OracleServicer_to_server(servicer, server)
    server.add_insecure_port(f"{address}:{port}")
    server.start()
    # Not asked under the oracle's lock: after a failure, which only a worker is told, it is held.
    while not oracle.failure and (
        not servicer.stop_triggered or oracle.ongoing_trials or oracle.tuner_ids
    ):
        time.sleep(_POLL)
    server.stop(grace=1).wait()
    if oracle.failure:
        raise oracle.failure


@contextlib.contextmanager
def client(oracle) -> Iterator:
    """Yield the way to the chief's oracle, of which `oracle` is a copy.

    Raises:
        WorkerError: the chief answers no more, or never has.
    """
    import grpc
    from keras_tuner.src.distribute.oracle_client import OracleClient

    try:
        yield OracleClient(oracle)
    except grpc.RpcError as error:
        code, said = (str(getattr(error, name, str)()) for name in ("code", "details"))
        address = f"{os.environ[IP]}:{os.environ[PORT]}"
        raise WorkerError(
            f"the chief at {address} must answer until the search is over",
            f"{code.removeprefix('StatusCode.')}: {said}",
            "Start the chief again, then this worker: they go on from there",
        ) from None


def follow_parent() -> None:
    """End this process when the one that `run_here` started it from ends."""
    parent = int(os.environ.get(_PARENT) or 0)

    def watch():
        while os.getppid() == parent:
            time.sleep(_POLL)
        os._exit(1)

    if parent:
        threading.Thread(target=watch, daemon=True).start()


def run_here(arguments: list[str], workers: int) -> int:
    """Start a chief and workers on this machine and return the chief's exit code.

    A worker that dies is started again under its name and finds its trial; when it has died
    over that three times more, it is told to give the trial up as failed.

    Args:
        arguments: of the command, without `--workers`.
        workers: how many.

    Raises:
        WorkerError: the chief ended before its search did.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shared = {IP: "127.0.0.1", PORT: str(port), _PARENT: str(os.getpid())}

    def start(name, **more):
        environment = {**os.environ, **shared, ID: name, **more}
        line = command("tuner.search", *arguments)
        return subprocess.Popen(line, env=environment, start_new_session=True)

    chief = start("chief")
    deaths = dict.fromkeys((f"tuner{i}" for i in range(workers)), 0)
    running = {name: start(name) for name in deaths}
    try:
        while chief.poll() is None:
            for name, process in list(running.items()):
                if process.poll() is None or process.returncode == 0:
                    continue
                deaths[name] += 1
                give_up = {GIVE_UP: "1"} if deaths[name] % (RESTARTS + 1) == 0 else {}
                running[name] = start(name, **give_up)
            time.sleep(_POLL)
    finally:
        for process in (*running.values(), chief):
            process.kill()
            process.wait()
    if chief.returncode < 0:
        raise WorkerError(
            "the chief must live until the search is over",
            f"an end by signal {-chief.returncode}",
            "The same command goes on from there",
        )
    return chief.returncode
