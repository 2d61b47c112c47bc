"""Matplotlib as it comes, the one door to it: no settings of a person or folder change a figure.

A command does not let Matplotlib read any (`base/plain_matplotlib.py`); in a person's own process
hers hold for what she draws.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from matplotlib import rc_context, rcParamsDefault
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

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
_Draws = TypeVar("_Draws", bound=Callable)
_OTHERS = ("backend", "interactive", "toolbar", "timezone")  # which decide no figure of ours
_DEFAULT: Any = {name: value for name, value in rcParamsDefault.items() if name not in _OTHERS}


def as_it_comes(draw: _Draws) -> _Draws:
    """Let a function draw with Matplotlib's own settings, whatever others hold around it."""

    @functools.wraps(draw)
    def drawn(*args, **options):
        with rc_context(_DEFAULT):
            return draw(*args, **options)

    return drawn  # pyright: ignore[reportReturnType]
