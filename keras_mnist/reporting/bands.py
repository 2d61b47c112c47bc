"""A metric by epoch over seeds: the mean and a band of one standard deviation."""

import numpy as np

from keras_mnist.analysis.intervals import by_epoch
from keras_mnist.base.metrics import quantity_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.plots import LogLocator, NullLocator

END = "|"  # how the end of a run that patience ended is marked


def band(axes, records, metric: str, colour: str, style: str, label: str | None = None) -> None:
    """Draw a metric's mean over the completed `records`, and its spread; nothing without any.

    Where some ended before others, their ends are marked, and what follows is of the others.
    """
    series = [r.history[metric] for r in records if r.completed and metric in r.history]
    if not series:
        return
    series = [wording.in_units(metric, np.array(curve, float)) for curve in series]
    mean, sd, n = by_epoch(series)
    epochs = np.arange(1, len(n) + 1)
    marker = "o" if len(epochs) == 1 else None  # one epoch draws no line
    axes.plot(epochs, mean, style, color=colour, lw=1.5, marker=marker, ms=4, label=label)
    if n[-1] < n[0]:
        axes.plot(*zip(*((len(c), c[-1]) for c in series), strict=True), END, color=colour, ms=7)
    if len(series) > 1:
        low = mean - sd
        if quantity_of(metric) == "loss":
            low = np.maximum(low, mean / 10)  # a logarithmic axis has no place for less than 0
        axes.fill_between(epochs, low, mean + sd, color=colour, alpha=0.2, lw=0)


def loss_axis(axes) -> None:
    """Make the vertical axis of what is drawn logarithmic, with plain numbers."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    marks = (1, 2, 5) if high < 200 * low else (1,)
    axes.yaxis.set_major_locator(LogLocator(subs=marks, numticks=8))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(NullLocator())  # they would take longer than all the rest
