"""Imports keras-tuner, and TensorFlow behind it, without the lines that TensorFlow prints."""

import contextlib
import os
import sys


@contextlib.contextmanager
def _silenced():
    """Send what is written to the process's error stream nowhere: it bypasses Python."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


with _silenced():
    import keras_tuner as kt
    import tensorflow as tf

    tf.config.list_physical_devices()  # says the rest of it now

__all__ = ["kt"]
