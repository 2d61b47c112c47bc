"""`keras-mnist completion SHELL`: what the shell needs to complete our lines on TAB by itself."""

import argparse
import hashlib
import re
import sys
from importlib import import_module

from keras_mnist.base import extras
from keras_mnist.command import Parser, guarded
from keras_mnist.commands import COMMANDS, home
from keras_mnist.takes import names_for, place_for

SHELLS = ("bash", "zsh", "fish")


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="keras-mnist completion",
        description="Print what a shell needs to complete commands, flags, and what these take. "
        "On TAB, nothing of this package is started. See docs/shell.md for where to put it.",
    )
    top.add_argument("shell", choices=SHELLS, help="for which shell")
    return top


def script(shell: str) -> str:
    """Return what a shell reads once, of all commands as they are now.

    Args:
        shell: one of `SHELLS`.

    Raises:
        ExperimentError: the package that writes it is not installed.
    """
    shtab = extras.load("shtab", "completion", "completion")
    top = argparse.ArgumentParser(prog="keras-mnist")
    top.add_argument("-V", "--version", action="store_true", help="print the version")
    commands = top.add_subparsers(metavar="COMMAND")
    for name, text in COMMANDS.items():
        copy = commands.add_parser(name, help=text, description=text)
        for action in import_module(home(name)).parser()._actions:
            if action.dest != "help":
                _add(copy, action)
    return shtab.complete(top, shell)


def _add(copy: argparse.ArgumentParser, action: argparse.Action) -> None:
    """Add an argument as shells see it: a flag alone, with a value, or with one each time."""
    about: dict = {"help": action.help, "default": action.default}
    names = [name for name in names_for(action) if re.fullmatch(r"[\w./+-]+", name, re.ASCII)]
    place = place_for(action)
    if action.nargs == 0:
        copy.add_argument(*action.option_strings, action="store_true", **about)
        return
    about["metavar"] = action.dest  # not its own, in which zsh would find signs of its own
    if action.option_strings:
        about |= {"dest": action.dest, "action": "append" if _repeated(action) else "store"}
    else:
        about["nargs"] = action.nargs
    if names and place not in ("file", "folder"):
        about["choices"] = names
    added = copy.add_argument(*action.option_strings or [action.dest], **about)
    if place in ("file", "folder"):
        setattr(added, "complete", _complete(names, place))  # noqa: B010 - shtab reads it


def _repeated(action: argparse.Action) -> bool:
    return isinstance(action, argparse._AppendAction) or getattr(action, "asks", False)


def _complete(names: list[str], place: str) -> dict:
    """Return how each shell completes what is one of some names, or a path."""
    words = " ".join(names)
    # Its name says `files`, by which bash's part knows that a path goes on after a folder.
    function = f"_keras_mnist_files_{place}_{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    bash, zsh, fish = {
        "file": ("compgen -f", "_files", "__fish_complete_path (commandline -ct)"),
        "folder": ("compgen -d", "_files -/", "__fish_complete_directories (commandline -ct)"),
    }[place]
    return {
        "bash": function,
        "zsh": function,
        "fish": f"(printf '%s\\n' {words}; {fish})" if names else f"({fish})",
        "preamble": {
            "bash": f'{function}() {{ compgen -W "{words}" -- "$1"; {bash} -- "$1"; }}\n',
            "zsh": f"{function}() {{ _alternative 'names:name:({words})' 'paths:path:{zsh}' }}\n",
        },
    }


def main(arguments=None) -> int:
    """Print it and return the exit code."""
    print(script(parser().parse_args(arguments).shell))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
