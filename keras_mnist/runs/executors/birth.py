"""How a worker's process is started: apart from the person's script and folder."""

import contextlib
import errno
import os
import signal
import sys
import tempfile

from keras_mnist import start
from keras_mnist.base.errors import ExperimentError
from keras_mnist.data.memory import gigabytes
from keras_mnist.start.keras_mnist_start import ROOT

_FEWER = "Ask for fewer workers with --jobs"
# Of what is done on the way, these are about the folder of temporary files; so is a socket's name
# that is too long, an error without a number.
_TEMPORARY = (
    errno.EACCES,
    errno.EDQUOT,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOSPC,
    errno.EROFS,
    None,
)


@contextlib.contextmanager
def kept_apart():
    """Keep what is started meanwhile from importing the caller's script, or files beside it.

    Without the first, five lines in a file, without `if __name__ == "__main__":`, would start
    themselves again in each worker.

    Yields:
        Where such a process is to find modules, once it has found this package.
    """
    path, main = start.safe_path(), sys.modules["__main__"]
    hidden = {
        name: main.__dict__.pop(name) for name in ("__file__", "__spec__") if name in vars(main)
    }
    main.__spec__ = None
    before = {name: os.environ.get(name) for name in start.environment()}
    os.environ.update(start.environment())
    # Last: a fork server that somebody else has started knows no other way to this package.
    ours, sys.path = sys.path, [*path, start.HERE, ROOT]
    try:
        yield path
    finally:
        sys.path = ours
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        del main.__spec__
        vars(main).update(hidden)


def end_server() -> None:
    """End the fork server, that nobody waits for it for ever; the next worker has a new one."""
    from multiprocessing import forkserver

    pid = getattr(forkserver, "_forkserver")._forkserver_pid  # noqa: B009 - no public name
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def limits() -> str:
    """Return a sentence about the limit on this process's memory, if there is one."""
    try:
        import resource
    except ImportError:  # Windows
        return ""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    told = f"Memory is limited to {gigabytes(most)} a process here: see `ulimit -v`. "
    return "" if most == resource.RLIM_INFINITY else told


def not_started(error: OSError) -> ExperimentError:
    """Return what to tell a person whose system does not let a worker start."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        needed, remedy = "the system must allow more open files", f"{_FEWER}, or raise `ulimit -n`"
    elif error.errno in (errno.EAGAIN, errno.ENOMEM):
        needed, remedy = "the system must have room for one more process", _FEWER
    elif error.errno in _TEMPORARY:
        folder = tempfile.tempdir or os.environ.get("TMPDIR", "")
        needed = (
            "the folder of temporary files must have room for a worker's sockets and output, and "
            "a short name"
        )
        return ExperimentError(needed, f"{folder}: {error}", "Name another in TMPDIR")
    else:
        needed, remedy = "the system must let a worker's process start", "See to what it says"
    return ExperimentError(needed, error, remedy)
