"""Matplotlib with no settings but its own, whoever imports it: in a command, Keras may be first.

It reads `matplotlibrc` in the current folder, which may start LaTeX or never end, and in others.
"""

import functools
import os
import sys
from importlib.machinery import PathFinder

_NAME, _FILE, _OWN = "matplotlib", "matplotlibrc", "mpl-data"
_VARIABLE = "MATPLOTLIBRC"  # names a file of settings


class _Finder:
    """Python's own finder, for Matplotlib alone, which is executed as `_alone` does it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Return where Matplotlib lies, as Python asks it of a finder."""
        spec = PathFinder.find_spec(name) if name == _NAME else None
        if spec and spec.loader:
            execute = functools.partial(_alone, spec.loader.exec_module)
            spec.loader.exec_module = execute  # pyright: ignore[reportAttributeAccessIssue]
        return spec


def _alone(execute, module) -> None:
    """Execute a module that finds no file of settings but its own."""
    from unittest import mock  # which loads asyncio

    exists, kept = os.path.exists, os.environ.pop(_VARIABLE, None)

    def own_alone(path) -> bool:
        return exists(path) and (os.path.basename(path) != _FILE or _OWN in path)

    try:
        with mock.patch("os.path.exists", own_alone):
            execute(module)
    finally:
        if kept is not None:
            os.environ[_VARIABLE] = kept


def import_plain() -> None:
    """Let whatever imports Matplotlib in this process from now on import it so."""
    if _NAME not in sys.modules and _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
