"""`keras-mnist COMMAND`: the console script over the commands of this package."""

import sys
from importlib import import_module

from keras_mnist.base.errors import nearest
from keras_mnist.command import guarded

COMMANDS = {
    "ablate": "change a choice of a network and learn what changed",
    "reproduce": "every claim of the published documents, with a verdict",
    "new-document": "a document of your own, a file to begin with",
    "report": "the verdicts again, from stored runs alone",
    "page": "everything that stored runs say, as one HTML file",
    "search": "search dense width and dropout with keras-tuner",
    "compare": "what each variant changes, of anybody's numbers",
    "verify": "train stored runs again and compare weights and figures",
    "export": "a trained network as a SavedModel, and in other formats",
    "exports": "the exported networks there are",
    "predict": "which digits pictures show",
}
# Where a command is not a module of this package of the same name.
_HOMES = {"search": "tuner.search", "new-document": "keras_mnist.new_document"}


def home(command: str) -> str:
    """Return the module that a command is."""
    return _HOMES.get(command, f"keras_mnist.{command}")


def main() -> int:
    """Hand over to the command named first and return its exit code."""
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in COMMANDS:
        return guarded(import_module(home(name)).main, arguments)
    lines = "\n".join(f"  {command:12s} {text}" for command, text in COMMANDS.items())
    usage = f"usage: keras-mnist COMMAND [--help]\n\n{lines}"
    if name in ("-h", "--help"):
        print(usage)
        return 0
    remedy = nearest(name, COMMANDS)
    print(f"error: there is no command {name!r}. {remedy}\n\n{usage}", file=sys.stderr)
    return 2
