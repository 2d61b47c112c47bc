"""Names in place of paths of this machine, in what leaves it."""

import shlex
from collections.abc import Iterable
from pathlib import Path


def named(word: str) -> str:
    """Return a command's word without a path of this machine, `--data=mine.npz`.

    What lies below the current folder is told from there, anything else by its name.
    """
    flag, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    path = Path(value)
    if not path.is_absolute():
        return word
    here = Path.cwd()
    told = path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name
    return f"{flag}{equals}{told}"


def as_line(words: Iterable[str]) -> str:
    """Return a command as one line, fit to be published."""
    return shlex.join(map(named, words))
