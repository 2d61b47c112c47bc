"""Every exception a person may meet: what is required, what was received, what to do."""

import contextlib
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

_LISTED = 40  # known words
_NEAR = 0.5  # likeness from which a word may have been meant


class KerasMnistError(Exception):
    """Base of all expected failures; its text is fit to be shown without a traceback.

    Args:
        requirement: what must hold, as a sentence without its full stop.
        received: what was found instead; left out of the text when `None`.
        remedy: what to do about it.
    """

    exit_code = 2

    def __init__(self, requirement: str, received: object = None, remedy: str = ""):
        self.requirement, self.received, self.remedy = requirement, received, remedy
        text = f"{requirement}."
        if received is not None:
            text += f" Received: {received}."
        if remedy:
            text += f" {remedy}."
        super().__init__(printable(text))


class ExperimentError(KerasMnistError):
    """An experiment, study or setting that cannot be run as written."""


class Unbuildable(ExperimentError):
    """A network of a person's own that cannot be built with these arguments, on these data."""


class DataError(KerasMnistError):
    """A data set that is missing, damaged or not of MNIST's form."""


class DocumentError(ExperimentError):
    """A document's file that cannot be read as one."""


class StoreError(KerasMnistError):
    """A run record that could not be read from or written to its folder."""

    exit_code = 1


class WorkerError(KerasMnistError):
    """A run that raised, or whose process ended; `output` is what the process printed."""

    exit_code = 1

    def __init__(self, requirement: str, received: object = None, remedy: str = "", output=""):
        super().__init__(requirement, received, remedy)
        self.output = output


def nearest(word: str, known, otherwise: str | None = "") -> str:
    """Return a remedy that names the known words nearest to `word`, or `otherwise`, or all.

    Args:
        word: as it was given.
        known: the words there are.
        otherwise: what to do where none is near; empty: all of them; `None`: nothing more.
    """
    known = sorted(known)
    likeness = {one: _likeness(_bare(one), _bare(word)) for one in known}
    most = max(likeness.values(), default=0)
    if most >= _NEAR:
        near = [one for one, like in likeness.items() if like >= max(_NEAR, most - 0.1)]
        near.sort(key=likeness.__getitem__, reverse=True)
        return f"Did you mean {' or '.join(near[:3])}"
    if otherwise is None:
        return ""
    more = f" and {len(known) - _LISTED:,} more" if len(known) > _LISTED else ""
    return otherwise or f"Known: {', '.join(known[:_LISTED])}{more}"


def _likeness(known: str, word: str) -> float:
    """Return how alike two words are, from 0 to 1; what is written as its initials is meant."""
    initials = "".join(part[:1] for part in known.split("-"))
    meant = len(initials) > 1 and initials == word
    return 1.0 if meant else SequenceMatcher(None, known, word).ratio()


def _bare(word: str) -> str:
    """Return a word without what all flags begin with, be it a longer dash, and capitals."""
    return word.lstrip("-\u2013\u2014").replace("_", "-").casefold()


def printable(text: str) -> str:
    r"""Return a text whose control characters are written out: `\\x1b[2J` clears no screen.

    Line ends stay. So do spaces of any kind, but for those that end a line, too.
    """
    if text.isprintable():  # as most are
        return text
    return "".join(map(_written, text))


def _written(sign: str) -> str:
    if sign.isprintable() or sign == "\n" or unicodedata.category(sign) == "Zs":
        return sign
    return " " if sign == "\t" else sign.encode("unicode_escape").decode()


def shown(text, length: int = 300) -> str:
    """Return what came from elsewhere, a worker or a record, as one line fit for a terminal."""
    line = " ".join(str(text).split())
    return "".join(letter for letter in line if letter.isprintable())[:length]


@contextlib.contextmanager
def stored_as(requirement: str) -> Iterator[None]:
    """Say what is required, as a `StoreError`, where data that are read back are something else."""
    try:
        yield
    except KeyError as error:
        raise StoreError(requirement, f"data without {error}") from None
    except ExperimentError as error:
        raise StoreError(requirement, f"{error.requirement}, not {error.received}") from None
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise StoreError(requirement, f"{type(error).__name__}: {error}") from None
