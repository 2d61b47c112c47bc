"""Matplotlib as it comes, the one door to it: no settings of a person or folder change a figure.

Matplotlib reads `matplotlibrc` in the current folder, which may start LaTeX, and in others. A
command does not let it; in a person's own process her settings hold for what she draws.
"""

import functools
import os
from collections.abc import Callable
from typing import Any, TypeVar
from unittest import mock

from keras_mnist.base.process import is_command

SETTINGS = "MATPLOTLIBRC"  # the variable that names a file of them
_Draws = TypeVar("_Draws", bound=Callable)


def _import() -> None:
    """Import Matplotlib, which finds no file of settings but its own."""
    exists, kept = os.path.exists, os.environ.pop(SETTINGS, None)

    def own_alone(path) -> bool:
        return exists(path) and (os.path.basename(path) != "matplotlibrc" or "mpl-data" in path)

    try:
        with mock.patch("os.path.exists", own_alone):
            import matplotlib  # noqa: F401
    finally:
        if kept is not None:
            os.environ[SETTINGS] = kept


if is_command():
    _import()

from matplotlib import rc_context, rcParamsDefault  # noqa: E402
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator  # noqa: E402

__all__ = [
    "Figure",
    "FigureCanvasAgg",
    "Line2D",
    "LogLocator",
    "MaxNLocator",
    "NullLocator",
    "Patch",
    "as_it_comes",
    "rc_context",
]
_OTHERS = ("backend", "interactive", "toolbar", "timezone")  # which decide no figure of ours
_DEFAULT: Any = {name: value for name, value in rcParamsDefault.items() if name not in _OTHERS}


def as_it_comes(draw: _Draws) -> _Draws:
    """Let a function draw with Matplotlib's own settings, whatever others hold around it."""

    @functools.wraps(draw)
    def drawn(*args, **options):
        with rc_context(_DEFAULT):
            return draw(*args, **options)

    return drawn  # pyright: ignore[reportReturnType]
