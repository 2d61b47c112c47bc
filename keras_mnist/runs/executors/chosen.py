"""Who trains: worker processes of this machine, or the workers of a Dask cluster."""

import math
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from keras_mnist.base.checks import number
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.extras import require
from keras_mnist.runs.executors.local import LocalExecutor, checked_jobs

LOCAL = "local"
_SCHEMES = {"dask": "tcp", "dask+tls": "tls"}  # ours and Dask's
_STALLED = 10  # seconds, which a worker may take to start and to compile its first network


def chosen_executor(
    name: str, jobs: int | None, stalled_after: float | None = None
) -> tuple[int, Callable]:
    """Return how many runs go on side by side, and what makes the executor that does them.

    What makes it takes the arguments of `LocalExecutor`. A cluster is asked at once, so that
    nothing else is done before it is known to be of use.

    Args:
        name: `local`, or `dask://HOST:PORT`, where a Dask scheduler answers, `dask+tls://` where
            it does so with certificates.
        jobs: worker processes of this machine; `None`: as many as suit it.
        stalled_after: seconds without an epoch after which a worker is ended, at least 10;
            `None`: none is.

    Raises:
        ExperimentError: neither; no Dask here; or no cluster there that can be used.
    """
    if stalled_after is not None:
        number("--stalled-after", stalled_after, _STALLED, math.inf, "[)")
    if name == LOCAL:
        return checked_jobs(jobs), partial(LocalExecutor, stalled_after=stalled_after)
    address = _address(name)
    if stalled_after is not None:
        raise ExperimentError(
            "--stalled-after must be left out with a cluster, which ends its workers itself",
            stalled_after,
        )
    if jobs is not None:
        raise ExperimentError(
            "--jobs must be left out with a cluster, whose workers do a run each", jobs
        )
    require(("distributed",), "dask", "--executor dask://")
    from keras_mnist.runs.executors.cluster import ClusterExecutor
    from keras_mnist.runs.executors.connection import usable_workers

    return len(usable_workers(address)), partial(ClusterExecutor, address)


def _address(name: str) -> str:
    """Return the scheduler's address as Dask writes it."""
    with suppress(ValueError):  # it is no address at all, or its port is none
        parts = urlsplit(name)
        whole = parts.hostname and parts.port and parts.scheme in _SCHEMES
        if whole and name.casefold() == f"{parts.scheme}://{parts.netloc}".casefold():
            return f"{_SCHEMES[parts.scheme]}://{parts.netloc}"
    raise ExperimentError(
        f"--executor must be {LOCAL}, dask://HOST:PORT or dask+tls://HOST:PORT",
        repr(name),
        "The port of a Dask scheduler is 8786 unless it was told another",
    )
