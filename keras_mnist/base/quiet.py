"""Keeps what native libraries print, past Python, off the terminal."""

import contextlib
import os
import sys


@contextlib.contextmanager
def silenced():
    """Send what is written to the process's error stream nowhere, natively written lines too."""
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
