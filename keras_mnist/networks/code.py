"""A person's code: a file's function as it stood when it was named, or a function at hand.

A file is kept with those it imports from beside it, as texts: every worker, wherever it is, runs
what stood there when the command began. Nothing is run here.
"""

import ast
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.base.reading import read_text
from keras_mnist.networks.argument import Signature
from keras_mnist.networks.signatures import functions_in, signature_in

KIND = "own"  # of all people's own networks, in records
USUAL = "network"  # the function that is meant where a file's name stands alone
_LARGEST = 2**22  # bytes of a file of code


@dataclass(frozen=True)
class Code:
    """What builds a network, on its way to the workers.

    Attributes:
        name: what a person calls it: `mine.py`, `mine.py:other`.
        function: its name in the file; of a function at hand, its own.
        files: (module, path, text) of the file, and of those that it imports from beside it.
        pickled: a function at hand, by value.
    """

    name: str
    function: str
    files: tuple[tuple[str, str, str], ...] = ()
    pickled: bytes = b""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        sha = hashlib.sha256(self.function.encode() + b"\0" + self.pickled)
        for module, _, text in self.files:
            sha.update(f"{module}\0{text}\0".encode())
        return sha.hexdigest()


def kind_of(name: str) -> str:
    """Return a word for what a person calls a network that is fit for a folder: `mine-other`."""
    file, _, function = name.partition(":")
    word = "-".join([Path(file).stem, *([function] if function else [])])
    word = "".join(c if c.isalnum() or c in "-_." else "-" for c in word)
    return word[:40].strip("-.") or KIND


def code_of_file(what: str) -> tuple[Code, Signature | None]:
    """Return the function that `mine.py` or `mine.py:other` names, and its signature.

    The signature is `None` where only running the file would tell it.

    Raises:
        ExperimentError: there is no such file or function, or it is no Python.
    """
    path_text, colon, function = (
        what.rpartition(":") if not what.endswith(".py") else (what, "", "")
    )
    path = Path(path_text)
    text = _read(path)
    tree = _parsed(text, path)
    there_are = functions_in(tree)
    if not colon:
        if USUAL in there_are or len(there_are) != 1:
            function = USUAL
        else:
            (function,) = there_are
    defined = [n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    if function not in defined:
        raise ExperimentError(
            f"{path} must have a function {function} that returns a Keras model",
            f"a file with {', '.join(there_are) or 'no function'}",
            (nearest(function, there_are) if colon else f"Name one: {path}:{there_are[0]}")
            if there_are
            else "Write one: def network(shape, classes, width=64): ...",
        )
    name = path.name if function == USUAL or not colon else f"{path.name}:{function}"
    code = Code(name, function, _with_imports(path.resolve(), text, tree))
    return code, signature_in(tree, function, name)


def _read(path: Path) -> str:
    try:
        return read_text(path, _LARGEST)
    except (OSError, ValueError) as error:
        raise ExperimentError(
            f"{path} must be a file of Python code", error, "Check the path"
        ) from None


def _parsed(text: str, path: Path) -> ast.Module:
    try:
        return ast.parse(text, str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}: " if line else ""
        raise ExperimentError(
            f"{path} must be Python", f"{where}{getattr(error, 'msg', None) or error}"
        ) from None


def _with_imports(path: Path, text: str, tree: ast.Module) -> tuple[tuple[str, str, str], ...]:
    """Return the file, and what it and these import from its folder."""
    folder = path.parent
    found = {path.stem: (path, text)}
    waiting = [tree]
    while waiting:
        for name in _imported(waiting.pop()):
            parts = name.split(".")
            for length in range(1, len(parts) + 1):
                module = ".".join(parts[:length])
                there = _beside(folder, parts[:length])
                if module in found or there is None:
                    continue
                try:
                    inner = _read(there)
                    found[module] = (there, inner)
                    waiting.append(ast.parse(inner))
                except (ExperimentError, SyntaxError, ValueError):
                    continue  # the import itself will say it
    return tuple((module, str(there), inner) for module, (there, inner) in found.items())


def _imported(tree: ast.Module) -> list[str]:
    """Return the names of modules that a file may import, wherever in it."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def _beside(folder: Path, parts: list[str]) -> Path | None:
    place = folder.joinpath(*parts)
    for candidate in (place / "__init__.py", place.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


def code_of_function(function: Callable) -> Code:
    """Return a function at hand, by value: of a notebook's cell, a closure, a lambda, a method.

    What it calls from modules that are not installed goes with it.

    Raises:
        ExperimentError: it cannot be sent to a worker.
    """
    from keras_mnist.networks.sending import by_value

    name = getattr(function, "__name__", type(function).__name__)
    return Code(name, name, pickled=by_value(function, name))
