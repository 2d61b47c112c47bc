"""Imported once by the fork server, so that each worker starts with TensorFlow in memory.

TensorFlow's start-up lines bypass Python and its log level, so the server's output goes to
nowhere; if an import fails here, each worker meets the failure again and reports it.
"""

import os

# Before NumPy loads: the server must have one thread when it forks.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, 1)
os.dup2(_nowhere, 2)

import keras_mnist.training.run  # noqa: E402, F401
