"""`keras-mnist COMMAND`: the console script over the commands of this package."""

import sys
from importlib import import_module

import keras_mnist
from keras_mnist.base.errors import nearest
from keras_mnist.command import guarded
from keras_mnist.commands import COMMANDS, home


def main() -> int:
    """Hand over to the command named first and return its exit code."""
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in COMMANDS:
        return guarded(import_module(home(name)).main, arguments)
    return guarded(_about, name)


def _about(name: str) -> int:
    """Say which version and which commands there are, and that `name` is none of them."""
    if name in ("-V", "--version"):
        print(f"keras-mnist {keras_mnist.__version__}")
        return 0
    lines = "\n".join(f"  {command:12s} {text}" for command, text in COMMANDS.items())
    usage = f"usage: keras-mnist COMMAND [--help]\n       keras-mnist --version\n\n{lines}"
    if name in ("-h", "--help"):
        print(usage)
        return 0
    remedy = nearest(name, (*COMMANDS, "--help", "--version"), "Name one of these")
    print(f"error: there is no command {name!r}. {remedy}.\n\n{usage}", file=sys.stderr)
    return 2
