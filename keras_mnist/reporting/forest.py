"""A forest plot: effects with their intervals, a row a variant, published ones beside them."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting import wording
from keras_mnist.reporting.figures import (
    BASELINE,
    OURS,
    PUBLISHED,
    diamond,
    folded,
    new_figure,
    sign,
    tidy,
)
from keras_mnist.reporting.measured import effect_metrics

ZOOM = 1.0  # percentage points each way in the close-up


def forest(result: Findings) -> Figure:
    """Return the effects on what was measured, a row a variant, with 95 % intervals.

    Where effects differ tenfold, a panel between shows one percentage point each way.
    """
    variants = result.study.variants[1:]
    effects = result.effects["test_accuracy"]
    bounds = [max(abs(e.low), abs(e.high)) for e, _ in effects.values() if e.n > 1]
    zoomed = bool(bounds) and max(bounds) > 10 * min(bounds) and min(bounds) < ZOOM / 100
    first, *others = effect_metrics(result.study)
    panels = [(first, None), *zoomed * [(first, ZOOM)]]
    panels += [(metric, None) for metric in others if _any(result.effects[metric])]
    rows = len(variants)
    size = (3.3 * len(panels) + 1.8, 0.42 * rows + 1.7)
    figure = new_figure(size)
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
        else:
            axes.set_xlabel(wording.effect_axis(metric))
        tidy(axes)
        axes.set_yticks(range(rows, 0, -1), [folded(v.name) for v in variants])
        axes.set_ylim(0.4, rows + 0.6)
    handles = [Line2D([], [], color=OURS, marker="o", ms=5, label="ours, 95 % interval")]
    if any_published:
        handles.append(diamond("published, variant minus baseline"))
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    sign(figure, result)
    return figure


def _any(effects: dict) -> bool:
    """Return whether any pair of runs has the metric."""
    return any(effect.n for effect, _ in effects.values())


def _estimate(axes, height, metric, interval, limit) -> None:
    if not interval.n:
        return
    ends = (interval.mean, interval.low, interval.high)
    mean, low, high = (wording.in_units(metric, end) for end in ends)
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
