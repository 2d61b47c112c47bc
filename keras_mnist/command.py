"""What every command shares: its parser, errors and ends fit for people."""

import argparse
import contextlib
import errno
import os
import sys
from typing import Any, NoReturn

from keras_mnist.base.checks import no_blank, one_of
from keras_mnist.base.ends import signals_raised, told
from keras_mnist.base.errors import (
    ExperimentError,
    KerasMnistError,
    StoreError,
    nearest,
    shown,
)
from keras_mnist.base.plain_matplotlib import import_plain
from keras_mnist.base.signs import write_any_sign
from keras_mnist.defaults import Defaults, defaults_for

_OF_OUTPUT = {errno.ENOSPC, errno.EIO, errno.EBADF}  # why a stream takes no more
_OF_PATH = {errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG}  # why none is looked at
_NUMBERS: dict = {int: "a whole number", float: "a number such as 0.1"}
# What the system says of compiled code that no memory is left for.
_NO_ROOM = ("failed to map segment", "cannot allocate memory")


def stores_runs(command):
    """Mark a command's `main`: when it is ended early, its finished runs are kept."""
    command.stores_runs = True
    return command


def guarded(command, arguments=None) -> int:
    """Run a command's `main` and return its exit code; expected failures print one message."""
    import_plain()
    _open_closed()
    write_any_sign()
    try:
        with signals_raised(), _end_uncovered():
            code = command(arguments)
            sys.stdout.flush()
            return code
    except KerasMnistError as error:
        _tell(f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt as end:
        message, code = told(end)
        if getattr(command, "stores_runs", False):
            message += ": finished runs are stored; the same command goes on from there"
        _tell(f"\n{message}")
        return code
    except (ImportError, MemoryError) as error:
        if isinstance(error, ImportError) and not any(w in str(error).lower() for w in _NO_ROOM):
            raise
        from keras_mnist.runs.executors.birth import limits

        said, needed = shown(error), "the command must have more memory than it may take"
        _tell(f"error: {StoreError(needed, said or 'MemoryError', limits().rstrip('. '))}")
        return StoreError.exit_code
    except BrokenPipeError:  # the reader of our output, such as `head`, has left
        _write_nowhere()
        return 0
    except OSError as error:
        if error.filename is not None and error.errno in _OF_PATH:
            needed = f"{error.filename} must be a path that may be looked at"
            _tell(f"error: {StoreError(needed, error.strerror, 'See who may read its folder')}")
            return StoreError.exit_code
        if error.filename is not None or error.errno not in _OF_OUTPUT:
            raise
        _write_nowhere()
        _tell(f"error: the output must have somewhere to go: {error.strerror}")
        return KerasMnistError.exit_code


def _tell(message: str) -> None:
    """Say how a command ends, where there is anywhere to say it."""
    with contextlib.suppress(OSError):
        print(message, file=sys.stderr, flush=True)


def _open_closed() -> None:
    """Open the streams that were closed before we began, so that they lead nowhere.

    Else the next file that is opened takes their number, and what is printed is written into it.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest that is free
            setattr(sys, name, getattr(sys, name) or open(number, mode, closefd=False))  # noqa: SIM115


def _write_nowhere() -> None:
    """Send what is still to be printed nowhere; Python would try again as it ends, and complain."""
    with contextlib.suppress(OSError, ValueError):  # a stream without a descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def _end_uncovered():
    """Raise the end that came during an import of compiled code, which makes an error of it."""
    try:
        yield
    except ImportError as error:
        cause = error
        while cause and not isinstance(cause, KeyboardInterrupt):
            cause = cause.__cause__ or cause.__context__
        raise cause or error from None


class Parser(argparse.ArgumentParser):
    """A parser that answers an unknown flag or word with the nearest known ones.

    What a line leaves open, a file in the current folder may say (`defaults.py`). Flags are not to
    be abbreviated: what they are depends on the network, and `--seed` means no `--seeds`.
    """

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, **options)
        self._apart: list[set[str]] = []

    @property
    def command(self) -> str:
        """The name of the command: of `python -m keras_mnist.ablate`, `ablate`."""
        return self.prog.replace(".", " ").split()[-1]

    def apart(self, *destinations: str) -> None:
        """Say of options that they exclude one another: where one is given, others' defaults go."""
        self._apart.append({*destinations})

    def parse_args(self, args=None, namespace=None):  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return the options; `line` is the words that they were read from, defaults included.

        Raises:
            ExperimentError: a word that is no option; a file of defaults that cannot be taken.
        """
        words, known = list(sys.argv[1:] if args is None else args), self._option_string_actions
        given = set()
        no_blank(words, self.prog)
        for word in self._flags_in(words):
            if word not in known:
                raise self._no_option(word)  # said before what is missing for lack of it
            given.add(known[word].dest)
        usual = Defaults([])
        if not {"-h", "--help"} & {*words}:
            usual = defaults_for(self, self.command, given, self._apart)
        options, unknown = self.parse_known_args([*usual.words, *words], namespace)
        if unknown and unknown[0].startswith("-"):
            raise self._no_option(unknown[0])
        if unknown:
            near = nearest(unknown[0], known, "See --help")
            raise ExperimentError(f"{self.prog} must do without {unknown[0]}", None, near)
        if usual.told:
            print(usual.told, file=sys.stderr)
        options.line = [*usual.words, *words]
        return options

    def error(self, message: str) -> NoReturn:
        """End the command with what argparse says is wrong, without all the flags there are."""
        self.exit(2, f"error: {message}. See {self.prog} --help\n")

    def _print_message(self, message, file: Any = None):
        """Print help where argparse would; that it goes nowhere is not passed over."""
        print(message, end="", file=file or sys.stderr, flush=True)

    def _get_value(self, action, arg_string):
        """Return a value as its flag reads it; what is no number is said as the house says it."""
        try:
            return super()._get_value(action, arg_string)  # pyright: ignore[reportAttributeAccessIssue]
        except argparse.ArgumentError:
            if action.type not in _NUMBERS:
                raise
            called = (action.option_strings or [action.metavar])[-1]
            self.error(f"{called} must be {_NUMBERS[action.type]}. Received: {arg_string!r}")

    def _no_option(self, word: str) -> ExperimentError:
        near = nearest(word, self._option_string_actions, "See --help")
        return ExperimentError(f"{word} must be an option of {self.prog}", None, near)

    @staticmethod
    def _flags_in(words: list[str]) -> list[str]:
        """Return the flags among words, which argparse takes for such whether it knows them."""
        until = words.index("--") if "--" in words else len(words)
        found = [word.partition("=")[0] for word in words[:until] if word.startswith("--")]
        return [word for word in found if " " not in word]

    def _check_value(self, action, value):
        """Raise `ExperimentError` for a value that is none of the action's choices."""
        if action.choices is not None:
            called = action.option_strings or [action.metavar or action.dest]
            one_of(str(called[0]), value, action.choices)
