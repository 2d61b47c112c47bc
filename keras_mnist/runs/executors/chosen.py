"""Who trains: worker processes of this machine, or the workers of a Dask cluster."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.extras import require
from keras_mnist.runs.executors.local import LocalExecutor, checked_jobs

LOCAL, SCHEME = "local", "dask"


def chosen_executor(name: str, jobs: int | None) -> tuple[int, Callable]:
    """Return how many runs go on side by side, and what makes the executor that does them.

    What makes it takes the arguments of `LocalExecutor`. A cluster is asked at once, so that
    nothing else is done before it is known to be of use.

    Args:
        name: `local`, or `dask://HOST:PORT`, where a Dask scheduler answers.
        jobs: worker processes of this machine; `None`: as many as suit it.

    Raises:
        ExperimentError: neither; no Dask here; or no cluster there that can be used.
    """
    if name == LOCAL:
        return checked_jobs(jobs), LocalExecutor
    address = _address(name)
    if jobs is not None:
        raise ExperimentError(
            "--jobs must be left out with a cluster, whose workers do a run each", jobs
        )
    require(("distributed",), "dask", f"--executor {SCHEME}://")
    from keras_mnist.runs.executors.cluster import ClusterExecutor, usable_workers

    return len(usable_workers(address)), partial(ClusterExecutor, address)


def _address(name: str) -> str:
    """Return the scheduler's address as Dask writes it."""
    try:
        parts = urlsplit(name)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or name.casefold() != f"{SCHEME}://{parts.netloc}".casefold():
        raise ExperimentError(
            f"--executor must be {LOCAL} or {SCHEME}://HOST:PORT",
            repr(name),
            "The port of a Dask scheduler is 8786 unless it was told another",
        )
    return f"tcp://{parts.netloc}"
