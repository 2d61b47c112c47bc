"""Loss and accuracy by epoch, with bands over seeds."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator

from keras_mnist.reporting import wording
from keras_mnist.reporting.figures import BASELINE, OURS, PUBLISHED, diamond, new_figure, sign, tidy
from keras_mnist.reporting.findings import Findings

COLUMNS = 4  # variants side by side
PANELS = (("loss", "loss (nats)"), ("accuracy", "accuracy (%)"))


def curves(result: Findings) -> Figure:
    """Return loss and accuracy by epoch, a panel a variant over the baseline's curves.

    Bands span one standard deviation over seeds; for one seed there are none.
    """
    baseline, *variants = result.study.variants
    columns = min(COLUMNS, len(variants))
    blocks = -(-len(variants) // columns)
    handles = _legend(any(result.comparisons(variant) for variant in variants))
    legend_columns = len(handles) if columns > 2 else 2
    legend_rows = -(-len(handles) // legend_columns)
    # Laid out by hand: with two dozen panels the automatic layout takes longer than the drawing.
    width, height = max(3.1 * columns + 0.6, 5.6), 4.7 * blocks + 1.1
    figure = new_figure((width, height), layout=None)
    edges = {"left": 0.75 / width, "right": 1 - 0.15 / width}
    edges |= {"bottom": 0.75 / height, "top": 1 - (0.45 + 0.24 * legend_rows) / height}
    gaps = {"wspace": 0.28, "hspace": 0.32}
    grid = figure.subplots(2 * blocks, columns, squeeze=False, gridspec_kw=edges | gaps)
    for axes in grid.flat:
        axes.set_visible(False)
    for place, variant in enumerate(variants):
        block, column = divmod(place, columns)
        for row, (quantity, label) in enumerate(PANELS):
            axes = grid[2 * block + row, column]
            axes.set_visible(True)
            for shown, colour in ((baseline, BASELINE), (variant, OURS)):
                for split, style in (("train", "--"), ("val", "-")):
                    _band(axes, result, shown, f"{split}_{quantity}", colour, style)
            if quantity == "loss":
                axes.set_yscale("log")
                axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=8))
                axes.yaxis.set_major_formatter("{x:g}")
                axes.yaxis.set_minor_formatter("")
                _published_losses(axes, result, variant)
                axes.set_title(variant.name, fontsize=10)
            elif place + columns >= len(variants):  # the lowest of its column
                axes.set_xlabel("epoch")
            if column == 0:
                axes.set_ylabel(label)
            tidy(axes)
            axes.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(handles=handles, loc="upper center", ncols=legend_columns, frameon=False)
    sign(figure, result)
    return figure


def _legend(published: bool) -> list:
    handles = [
        Patch(color=OURS, label="variant"),
        Patch(color=BASELINE, label="baseline"),
        Line2D([], [], color="black", ls="-", label="validation"),
        Line2D([], [], color="black", ls="--", label="training"),
    ]
    return [*handles, diamond("published (last epoch)")] if published else handles


def _band(axes, result, variant, metric, colour, style) -> None:
    series = [
        r.history[metric] for r in result.runs(variant) if r.completed and metric in r.history
    ]
    if not series:
        return
    values = wording.in_units(metric, np.array(series, float))
    epochs = np.arange(1, values.shape[1] + 1)
    mean = values.mean(axis=0)
    marker = "o" if len(epochs) == 1 else None  # one epoch draws no line
    axes.plot(epochs, mean, style, color=colour, lw=1.5, marker=marker, ms=4)
    if len(values) > 1:
        sd = values.std(axis=0, ddof=1)
        low = mean - sd
        if axes.get_yscale() == "log" or metric.endswith("loss"):
            low = np.maximum(low, mean / 10)  # a logarithmic axis has no place for less than 0
        axes.fill_between(epochs, low, mean + sd, color=colour, alpha=0.2, lw=0)


def _published_losses(axes, result, variant) -> None:
    epochs = variant.experiment.training.epochs
    for comparison in result.comparisons(variant):
        if comparison.claim.metric in ("train_loss", "val_loss"):
            axes.plot(epochs, comparison.claim.as_metric, "D", color=PUBLISHED, ms=5, zorder=3)
