"""What decides of code: its text without comments and docstrings, and all that it refers to."""

import ast
import hashlib
import inspect
import sys
import textwrap
import types
from pathlib import Path
from typing import Any

import numpy as np

from keras_mnist.base.backend import keras

_PLAIN = (int, float, complex, str, bytes, bool, type(None))
# Whose code is not the person's: a version of the package stands for it.
_INSTALLED = ("site-packages", "dist-packages")


def source_digest(things: list) -> str:
    """Return the SHA-256 of what functions, classes and values are, through what they refer to."""
    seen, sha = set(), hashlib.sha256()
    for thing in things:
        _add(thing, sha, seen)
    return sha.hexdigest()


def is_own(thing: Any) -> bool:
    """Return whether a function or a class is the person's, not an installed package's."""
    module = getattr(thing, "__module__", None) or ""
    if module == "__main__":
        return True
    path = getattr(sys.modules.get(module), "__file__", None)
    if path is None:
        return module.partition(".")[0] not in (*sys.stdlib_module_names, "")
    place = Path(path)
    if any(part in _INSTALLED for part in place.parts):
        return False
    if module.partition(".")[0] in ("keras", "tensorflow", "numpy", "keras_mnist"):
        return False
    return module.partition(".")[0] not in sys.stdlib_module_names


def _add(thing: Any, sha, seen: set) -> None:
    if isinstance(thing, _PLAIN):
        sha.update(f"{type(thing).__name__} {thing!r}\0".encode())
        return
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, (list, tuple, set, frozenset)):
        items = sorted(thing, key=repr) if isinstance(thing, (set, frozenset)) else thing
        sha.update(f"{type(thing).__name__} {len(items)}\0".encode())
        for item in items:
            _add(item, sha, seen)
    elif isinstance(thing, dict):
        sha.update(f"dict {len(thing)}\0".encode())
        for key, value in thing.items():
            _add(key, sha, seen)
            _add(value, sha, seen)
    elif isinstance(thing, types.MethodType):
        _add(thing.__func__, sha, seen)
        _add(vars(thing.__self__) if hasattr(thing.__self__, "__dict__") else None, sha, seen)
    elif isinstance(thing, types.FunctionType) and is_own(thing):
        _add_function(thing, sha, seen)
    elif isinstance(thing, type) and is_own(thing):
        _add_class(thing, sha, seen)
    elif isinstance(thing, types.ModuleType):
        sha.update(f"module {thing.__name__}\0".encode())
        if is_own(types.SimpleNamespace(__module__=thing.__name__)):
            sha.update(_shape_of(inspect.getsource(thing)).encode())
    elif isinstance(thing, np.ndarray):
        sha.update(f"{thing.dtype} {thing.shape}\0".encode() + thing.tobytes())
    elif hasattr(thing, "get_config") and type(thing).__module__.startswith("keras"):
        sha.update(repr(keras.saving.serialize_keras_object(thing)).encode())
    elif is_own(type(thing)):
        _add_class(type(thing), sha, seen)
        _add(getattr(thing, "__dict__", None), sha, seen)
    else:
        name = getattr(thing, "__qualname__", type(thing).__qualname__)
        sha.update(f"{getattr(thing, '__module__', '')}.{name}\0".encode())


def _add_function(function: types.FunctionType, sha, seen: set) -> None:
    sha.update(_text_of(function).encode())
    _add(function.__defaults__, sha, seen)
    _add(function.__kwdefaults__, sha, seen)
    for cell in function.__closure__ or ():
        _add_cell(cell, sha, seen)
    for name in sorted(_names(function.__code__)):
        if name in function.__globals__:
            sha.update(f"{name}\0".encode())
            _add(function.__globals__[name], sha, seen)


def _add_cell(cell, sha, seen: set) -> None:
    try:
        _add(cell.cell_contents, sha, seen)
    except ValueError:  # nothing in it yet
        sha.update(b"empty\0")


def _add_class(kind: type, sha, seen: set) -> None:
    sha.update(_text_of(kind).encode())
    for base in kind.__bases__:
        _add(base, sha, seen)
    for value in vars(kind).values():
        function = getattr(value, "__func__", getattr(value, "fget", value))
        if isinstance(function, types.FunctionType) and is_own(function):
            _add_function(function, sha, seen)


def _names(code: types.CodeType) -> set[str]:
    """Return the names that a function, and those inside it, may look up outside."""
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _text_of(thing) -> str:
    """Return what is written of a function or a class; its compiled form where nothing is."""
    try:
        return _shape_of(textwrap.dedent(inspect.getsource(thing)))
    except (OSError, TypeError, SyntaxError):
        code = getattr(thing, "__code__", None)
        if code is None:
            return thing.__qualname__
        constants = [c for c in code.co_consts if isinstance(c, _PLAIN)]
        return f"{code.co_code.hex()} {code.co_names} {constants!r}"


def _shape_of(text: str) -> str:
    """Return a text as Python reads it: without comments, docstrings or places."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = body[1:] or [ast.Pass()]
    return ast.dump(tree)
