"""Ends from outside: SIGTERM and a closed terminal are raised like Ctrl-C, once."""

import contextlib
import signal
import threading
from collections.abc import Iterator

_WORDS = {"SIGTERM": "terminated", "SIGHUP": "the terminal is gone"}
_INTERRUPTED, _SIGNALLED = 130, 128  # the shell's codes: for Ctrl-C; added to a signal's number


class Ended(KeyboardInterrupt):
    """A signal that ends a command, handled wherever Ctrl-C is.

    Args:
        number: of the signal.
    """

    def __init__(self, number: int):
        super().__init__(_WORDS[signal.Signals(number).name])
        self.exit_code = _SIGNALLED + number


def told(end: KeyboardInterrupt) -> tuple[str, int]:
    """Return what to say of an end, and the exit code that the shell knows for it."""
    return (str(end), end.exit_code) if isinstance(end, Ended) else ("interrupted", _INTERRUPTED)


@contextlib.contextmanager
def signals_raised() -> Iterator[None]:
    """Raise `Ended` on the first such signal and ignore any further, as the end takes a moment.

    One that is ignored as the command begins, as `nohup` has it, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's alone
        return
    ending = [getattr(signal, name) for name in _WORDS if hasattr(signal, name)]
    heard = {one: by for one in ending if (by := signal.getsignal(one)) != signal.SIG_IGN}

    def end(number, frame):
        for one in heard:
            signal.signal(one, signal.SIG_IGN)
        raise Ended(number)

    for number in heard:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, before in heard.items():
            signal.signal(number, before)
