"""Defaults from a file in the current folder: what a person would type with every command.

Such a file may have come with a folder that somebody else made, so it may say less than a command
line: nothing that runs code, asks another machine, forgets something, or writes anywhere else.
"""

import argparse
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from keras_mnist.base.errors import ExperimentError, nearest, shown
from keras_mnist.base.reading import read_bytes
from keras_mnist.base.toml import parse_toml
from keras_mnist.commands import COMMANDS
from keras_mnist.options import add_run_options
from keras_mnist.takes import names_for, place_for

FILE, OTHERS = "keras_mnist.toml", "pyproject.toml"  # of the latter, `[tool.keras_mnist]`
_LARGEST = 2**20  # bytes
# The paths that may be given, and those that may if they are below this folder.
_ANYWHERE, _BELOW = ("runs", "data"), ("out", "directory")
# Of the flags without a value, those that ask for nothing and forget nothing.
_SWITCHES = ("quiet", "fail_fast", "retry_failed", "until_told")


class _Table(NamedTuple):
    """What a file says: its name and text, the table in it, and the keys that lead there."""

    name: str
    text: str
    table: dict
    above: tuple[str, ...]

    def error(self, keys: tuple, requirement: str, received=None, remedy="") -> ExperimentError:
        """Return an error about the value under keys of the table, with its line."""
        from keras_mnist.documents.file.lines import lines_of

        line = lines_of(self.text).get((*self.above, *keys))
        where = f"{self.name}, line {line}" if line else self.name
        key = shown(".".join(keys), 80)
        received = None if received is None else shown(repr(received), 80)
        return ExperimentError(f"{where}: {key} must {requirement}", received, remedy)


class Defaults(NamedTuple):
    """The words that a file adds to a line, and what a person is told of them."""

    words: list[str]
    told: str = ""


def defaults_for(
    parser: argparse.ArgumentParser, command: str, given: set[str], apart: list[set[str]]
) -> Defaults:
    """Return what a file in the current folder adds to a command's line.

    Args:
        parser: the command's.
        command: its name.
        given: the destinations of the flags that stand in the line, which win.
        apart: those that exclude one another: what is given excludes the others' defaults.

    Raises:
        ExperimentError: a file that is no TOML, an unknown key, a value that the flag refuses, or
            one that may not stand in such a file.
    """
    found = _read()
    if found is None:
        return Defaults([])
    words, told, flags = [], [], _flags(parser)
    for keys, value in _meant(found, command):
        action = flags.get(_plain(keys[-1]))
        if action is None:
            if len(keys) == 1:
                continue  # other commands have it
            known = [flag for flag, one in flags.items() if _unusual(flag, one, ".") is None]
            near = nearest(_plain(keys[-1]), known, f"See {command} --help")
            raise found.error(keys, f"be a flag of {command}", None, near)
        given = given.union(*(excluding for excluding in apart if excluding & given))
        if action.dest not in given:
            added = _words(found, keys, value, action, parser)
            words += added
            told += [f"{_plain(keys[-1])} {shown(_text(value), 40)}"] * bool(added)
            given = given | {action.dest}
    return Defaults(words, f"defaults from {found.name}: {', '.join(told)}" if told else "")


def _plain(key: str) -> str:
    return key.replace("-", "_")


def _flags(parser: argparse.ArgumentParser) -> dict[str, argparse.Action]:
    """Return the flags of a parser by how a file calls them: `until_told`."""
    named = [(flag, one) for flag, one in parser._option_string_actions.items() if flag[:2] == "--"]
    return {_plain(flag[2:]): one for flag, one in named if flag != "--help"}


def _meant(found: _Table, command: str) -> list[tuple[tuple[str, ...], Any]]:
    """Return the keys and values that are for a command: its own before what is for all."""
    scratch = argparse.ArgumentParser()
    add_run_options(scratch)
    common, own, shared = _flags(scratch), [], []
    for key, value in found.table.items():
        name = key.replace("_", "-")
        if isinstance(value, dict) and name in COMMANDS:
            own += [((key, inner), value[inner]) for inner in value] if name == command else []
        elif _plain(key) in common:
            shared.append(((key,), value))
        else:
            known = nearest(key, (*COMMANDS, *common) if isinstance(value, dict) else common)
            must = "be a command" if isinstance(value, dict) else "be a flag of all that train"
            raise found.error((key,), must, None, known)
    return own + shared


def _unusual(flag: str, action: argparse.Action, text: str) -> str | None:
    """Return why a flag with this text may not stand in such a file; `None`: it may."""
    if getattr(action, "asks", False) or (action.const is True and action.default is False):
        return None if flag in _SWITCHES else "what a command is asked for is no default"
    place = place_for(action)
    if not place or flag in _ANYWHERE or text in names_for(action):
        return None
    if flag in _BELOW and place == "folder":
        below = Path(text).resolve().is_relative_to(Path.cwd())
        return None if below else "it may name a folder in this one only"
    return "a file that lies in a folder may run no code, ask no address, overwrite nothing"


def _words(found: _Table, keys: tuple, value, action: argparse.Action, parser) -> list[str]:
    """Return the words that mean the same on a command line, checked by the flag's own parser."""
    flag, key = f"--{keys[-1].replace('_', '-')}", _plain(keys[-1])
    if action.nargs == 0:
        if not isinstance(value, bool):
            raise found.error(keys, "be true or false", value)
        if why := _unusual(key, action, ""):
            raise found.error(keys, "be given on the command line", None, why.capitalize())
        off = f"--no{flag[1:]}"
        return [flag] if value else [off] * (off in parser._option_string_actions)
    values = value if isinstance(value, list) else [value]
    if not values or not all(map(_typed, values)):
        raise found.error(keys, "be a number, a text or a list of such", value)
    several = isinstance(action, argparse._AppendAction)
    texts = [str(one) for one in values] if several else [",".join(map(str, values))]
    for text in texts:
        if why := _unusual(key, action, text):
            raise found.error(keys, "be given on the command line", value, f"{flag} {text}: {why}")
        try:
            read = action.type(text) if callable(action.type) else text
        except (ValueError, TypeError, argparse.ArgumentTypeError):
            raise found.error(keys, f"be {action.metavar}", value) from None
        if action.choices is not None and read not in action.choices:
            raise found.error(keys, "be one of its words", value, nearest(text, action.choices))
    return [f"{flag}={text}" for text in texts]


def _typed(value) -> bool:
    """Return whether a value is what a person could have typed."""
    if isinstance(value, str):
        return value.isprintable()
    return type(value) in (float, int)


def _text(value) -> str:
    if isinstance(value, bool):
        return "" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _read() -> _Table | None:
    """Return what the current folder's file says: `FILE` or, without one, a table of `OTHERS`."""
    for name, mark in ((FILE, b""), (OTHERS, rb"keras[_-]mnist")):
        content = b""
        try:
            if not os.path.isfile(name):
                continue
            content = read_bytes(name, _LARGEST)
            if not re.search(mark, content):
                continue  # whatever is wrong with it, it is not ours
            text = content.decode("utf-8-sig")
            table = parse_toml(text)
        except (OSError, ValueError, RecursionError) as error:
            if name == OTHERS and not re.search(rb"^\s*\[tool\.\W?" + mark, content, re.MULTILINE):
                continue
            must = f'{name} must be TOML: lines such as runs = "runs"'
            raise ExperimentError(must, shown(error), "Mend it") from None
        if name == FILE:
            return _Table(name, text, table, ())
        tools = table.get("tool", {})
        for key in tools if isinstance(tools, dict) else ():
            if _plain(key) == "keras_mnist" and isinstance(tools[key], dict):
                return _Table(name, text, tools[key], ("tool", key))
    return None
