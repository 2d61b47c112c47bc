"""Imported once by the fork server, so that each worker starts with TensorFlow in memory.

TensorFlow's start-up lines bypass Python and its log level, so the server's output goes to
nowhere.

The server ends when driver and workers are gone. If the driver was killed, it is the server that
removes the folder of the sockets through which they spoke, and of what workers left.
"""

import atexit
import os
import shutil
import signal

from keras_mnist.base.extras import hidden
from keras_mnist.runs.executors.worker import SOCKETS

# Before NumPy loads: the server must have one thread when it forks.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, 1)
os.dup2(_nowhere, 2)

_server = os.getpid()
_driver, _, _folder = os.environ[SOCKETS].partition(":")


@atexit.register
def _remove_sockets() -> None:
    # A worker, forked from here, ends while others are at work; so may the server.
    if os.getpid() == _server and str(os.getppid()) != _driver:
        shutil.rmtree(_folder, ignore_errors=True)


failure = None  # a second import of what broke midway would say something else
try:
    with hidden("sklearn", "matplotlib", "pandas"):  # Keras would load them: a third of its time
        import keras_mnist.runs.executors.task
        import keras_mnist.training.run  # noqa: F401
except Exception as error:
    failure = error


def require_whole() -> None:
    """Raise in a worker what was raised here, and end the server: the next one may fare better."""
    if failure:
        os.kill(_server, signal.SIGKILL)
        raise failure
