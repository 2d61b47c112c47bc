"""What all figures share: colours, the look of axes.

Figures are made on `Figure` objects, never through pyplot: nothing global is touched, no window
is asked for, and a notebook shows them as they are.
"""

import base64
import io
from textwrap import fill
from typing import Literal

import numpy as np

from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting import wording
from keras_mnist.reporting.plots import Figure, FigureCanvasAgg, Line2D, as_it_comes

# From Okabe and Ito's palette, told apart by colour-blind readers too.
OURS, PUBLISHED, BASELINE = "#0072B2", "#D55E00", "#8a8a8a"
LINE = 38  # characters that a panel is wide


class Shown(Figure):
    """A figure that shows in a notebook by itself; others do so once pyplot was imported."""

    @as_it_comes
    def _repr_png_(self) -> bytes:
        drawn = io.BytesIO()
        self.savefig(drawn, format="png", dpi=100, metadata={"Software": None})
        return drawn.getvalue()


class Figures(list):
    """Figures, which a notebook shows one below the other."""

    def _repr_html_(self) -> str:
        pictures = (base64.b64encode(figure._repr_png_()).decode() for figure in self)
        return "".join(f"<img src='data:image/png;base64,{one}'>" for one in pictures)


def new_figure(
    size: tuple[float, float], layout: Literal["constrained"] | None = "constrained"
) -> Figure:
    """Return an empty figure of `size` (width, height) in inches; by default it lays itself out."""
    figure = Shown(figsize=size, layout=layout)
    FigureCanvasAgg(figure)
    return figure


def panels(rows: int, columns: int, head: float) -> tuple[Figure, np.ndarray]:
    """Return a figure with a grid of panels, invisible as yet, and the grid.

    Laid out by hand: with two dozen panels the automatic layout takes longer than the drawing.

    Args:
        rows, columns: of the grid.
        head: inches above it, for title and legend.
    """
    width, height = max(3.1 * columns + 0.6, 5.6), 2.35 * rows + head + 0.75
    figure = new_figure((width, height), layout=None)
    edges = {"left": 0.85 / width, "right": 1 - 0.15 / width}
    edges |= {"bottom": 0.75 / height, "top": 1 - head / height}
    gaps = {"wspace": 0.28, "hspace": 0.32}
    grid = figure.subplots(rows, columns, squeeze=False, gridspec_kw=edges | gaps)
    for axes in grid.flat:
        axes.set_visible(False)
    return figure, grid


def diamond(label: str) -> Line2D:
    """Return the legend's entry for published values."""
    return Line2D([], [], color=PUBLISHED, marker="D", ls="", ms=5, label=label)


def folded(name: str) -> str:
    """Return a variant's name in lines that fit above a panel or beside an axis."""
    return fill(name, LINE, break_long_words=False)


def tidy(axes) -> None:
    """Give axes the look that all figures share."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="both", color="#e6e6e6", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)


def sign(figure: Figure, result: Findings) -> None:
    """Write under the figure what it shows: how many seeds, which data."""
    data = result.data["name"] + ("" if result.data["canonical"] else " (not the canonical MNIST)")
    counts = [len(result.runs(variant)) for variant in result.study.variants]
    fewest, most = min(counts), max(counts)
    told = result.question and fewest < most  # else runs that were not done yet
    seeds = f"{fewest} to {most} seeds" if told else wording.count(len(result.study.seeds), "seed")
    figure.supxlabel(f"{seeds} a variant; data: {data}", fontsize=8, color="#555555")
