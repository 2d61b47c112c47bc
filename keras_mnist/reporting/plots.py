"""A study's figures: curves with bands over seeds, and a forest plot of effects.

Made on `Figure` objects, never through pyplot: nothing global is touched, no window is asked
for, and a notebook shows them as they are.
"""

from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator

from keras_mnist.errors import StoreError
from keras_mnist.reporting import wording
from keras_mnist.reporting.study_result import StudyResult

# From Okabe and Ito's palette, told apart by colour-blind readers too.
OURS, PUBLISHED, BASELINE = "#0072B2", "#D55E00", "#8a8a8a"
ZOOM = 1.0  # percentage points each way in the forest plot's close-up
COLUMNS = 4  # variants side by side among the curves
PANELS = (("loss", "loss (nats)"), ("accuracy", "accuracy (%)"))


def curves(result: StudyResult) -> Figure:
    """Return loss and accuracy by epoch, a panel a variant over the baseline's curves.

    Bands span one standard deviation over seeds; for one seed there are none.
    """
    baseline, *variants = result.study.variants
    columns = min(COLUMNS, len(variants))
    blocks = -(-len(variants) // columns)
    figure = Figure(figsize=(max(3.1 * columns, 5.6), 4.4 * blocks + 0.7), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(2 * blocks, columns, squeeze=False)
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
            else:
                axes.set_xlabel("epoch")
            if column == 0:
                axes.set_ylabel(label)
            _tidy(axes)
            axes.xaxis.get_major_locator().set_params(integer=True)
    handles = [
        Patch(color=OURS, label="variant"),
        Patch(color=BASELINE, label="baseline"),
        Line2D([], [], color="black", ls="-", label="validation"),
        Line2D([], [], color="black", ls="--", label="training"),
    ]
    if any(result.comparisons(variant) for variant in variants):
        handles.append(_diamond("published (last epoch)"))
    ncols = len(handles) if columns > 2 else 2
    figure.legend(handles=handles, loc="outside upper center", ncols=ncols, frameon=False)
    _sign(figure, result)
    return figure


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


def forest(result: StudyResult) -> Figure:
    """Return the effects on test accuracy and gap, a row a variant, with 95 % intervals.

    Where effects differ tenfold, a panel between shows one percentage point each way.
    """
    variants = result.study.variants[1:]
    effects = result.effects["test_accuracy"]
    bounds = [max(abs(e.low), abs(e.high)) for e, _ in effects.values() if e.n > 1]
    zoomed = bool(bounds) and max(bounds) > 10 * min(bounds) and min(bounds) < ZOOM / 100
    panels = [("test_accuracy", None), *zoomed * [("test_accuracy", ZOOM)], ("gap", None)]
    if not any(effect.n for effect, _ in result.effects["gap"].values()):
        panels.pop()
    rows = len(variants)
    size = (3.3 * len(panels) + 1.8, 0.42 * rows + 1.7)
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
    any_published = False
    for axes, (metric, limit) in zip(grid, panels, strict=True):
        axes.axvline(0, color=BASELINE, lw=1)
        for row, variant in enumerate(variants):
            interval, _ = result.effects[metric][variant.name]
            _estimate(axes, rows - row, metric, interval, limit)
            published = _published_effect(result, variant, metric)
            if published is not None and (limit is None or abs(published) <= limit):
                axes.plot(published, rows - row - 0.22, "D", color=PUBLISHED, ms=5, zorder=3)
                any_published = True
        if limit:
            axes.set_xlim(-1.12 * limit, 1.12 * limit)
            axes.set_xlabel(f"the same, from -{limit:g} to {limit:g} pp")
        elif metric == "gap":
            axes.set_xlabel("effect on gap (nats)")
        else:
            axes.set_xlabel("effect on test accuracy (pp)")
        _tidy(axes)
        axes.set_yticks(range(rows, 0, -1), [variant.name for variant in variants])
        axes.set_ylim(0.4, rows + 0.6)
    handles = [Line2D([], [], color=OURS, marker="o", ms=5, label="ours, 95 % interval")]
    if any_published:
        handles.append(_diamond("published, variant minus baseline"))
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    _sign(figure, result)
    return figure


def _estimate(axes, height, metric, interval, limit) -> None:
    if not interval.n:
        return
    scale = 100 if metric.endswith("accuracy") else 1
    mean, low, high = scale * interval.mean, scale * interval.low, scale * interval.high
    if limit and abs(mean) > limit:
        side = np.sign(mean) * limit
        arrow = ">" if mean > 0 else "<"
        axes.plot(side, height, arrow, color=OURS, ms=6)
        align = "right" if mean > 0 else "left"
        axes.text(0.9 * side, height, f"{mean:+.1f}", ha=align, va="center", color=OURS, fontsize=8)
        return
    axes.plot([low, high], [height, height], color=OURS, lw=2, solid_capstyle="butt")
    axes.plot(mean, height, "o", color=OURS, ms=5)


def _published_effect(result, variant, metric) -> float | None:
    """Return the published variant minus the published baseline, in units people read."""
    base, ours = (
        {c.claim.metric: wording.in_units(metric, c.claim.as_metric) for c in result.comparisons(v)}
        for v in (result.study.variants[0], variant)
    )
    return ours[metric] - base[metric] if metric in ours and metric in base else None


def _diamond(label: str) -> Line2D:
    return Line2D([], [], color=PUBLISHED, marker="D", ls="", ms=5, label=label)


def _tidy(axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="both", color="#e6e6e6", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)


def _sign(figure: Figure, result: StudyResult) -> None:
    """Write under the figure what it shows: how many seeds, which data."""
    data = result.data["name"] + ("" if result.data["canonical"] else " (not the canonical MNIST)")
    seeds = wording.count(len(result.study.seeds), "seed")
    figure.supxlabel(f"{seeds} a variant; data: {data}", fontsize=8, color="#555555")


def save(figures: dict[str, Figure], folder: Path) -> list[Path]:
    """Write each figure as PNG and SVG and return the paths.

    Raises:
        StoreError: the folder cannot be written.
    """
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            for kind in ("png", "svg"):
                path = folder / f"{name}.{kind}"
                # Without a date and with fixed ids, equal results give equal files.
                metadata = {"Date": None} if kind == "svg" else {"Software": None}
                with rc_context({"svg.hashsalt": name}):
                    figure.savefig(path, dpi=150, metadata=metadata)
                paths.append(path)
    except OSError as error:
        raise StoreError(f"{folder} must be writable", error, "Name another with --out") from None
    return paths
