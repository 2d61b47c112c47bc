"""A forest plot: effects with their intervals, a row a variant, published ones beside them."""

import math

import numpy as np

from keras_mnist.analysis.intervals import Interval
from keras_mnist.base.metrics import quantity, quantity_of
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
from keras_mnist.reporting.plots import Figure, Line2D, Patch, as_it_comes

ZOOM = 1.0  # percentage points each way in the close-up
_SHADE: dict = {"color": BASELINE, "alpha": 0.15, "lw": 0}
_WITHIN = Patch(**_SHADE, label="within the margin")


@as_it_comes
def forest(result: Findings) -> Figure:
    """Return the effects on what was measured, a row a variant, with their intervals.

    Where effects differ tenfold, a panel between shows one percentage point each way.
    """
    variants = result.study.variants[1:]
    first, *others = effect_metrics(result)
    bounds = [max(abs(e.low), abs(e.high)) for e, _ in result.effects[first].values() if e.n > 1]
    bounds = [wording.in_units(first, bound) for bound in bounds if not math.isnan(bound)]
    zoomed = bool(bounds) and max(bounds) > 10 * min(bounds) and min(bounds) < ZOOM
    zoomed = zoomed and quantity_of(first) == "accuracy"
    panels = [(first, None), *zoomed * [(first, ZOOM)]]
    panels += [(metric, None) for metric in others if _any(result.effects[metric])]
    rows = len(variants)
    size = (3.3 * len(panels) + 1.8, 0.42 * rows + 1.7)
    figure = new_figure(size)
    grid = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
    any_published = False
    margin = result.question.margin if result.question else None
    for axes, (metric, limit) in zip(grid, panels, strict=True):
        factor = wording.in_units(metric, 1.0)
        found, what = result.effects[metric], quantity(metric)
        drawn = {v.name: wording.possible(what, found[v.name][0]) for v in variants}
        draw_effects(axes, drawn, factor, limit)
        _shade(axes, factor, margin)
        for row, variant in enumerate(variants):
            published = _published_effect(result, variant, metric)
            if published is not None and (limit is None or abs(published) <= limit):
                axes.plot(published, rows - row - 0.22, "D", color=PUBLISHED, ms=5, zorder=3)
                any_published = True
        if limit:
            axes.set_xlabel(f"the same, from -{limit:g} to {limit:g} pp")
        else:
            axes.set_xlabel(wording.effect_axis(metric))
    handles = _handles(margin)
    if any_published:
        handles.append(diamond("published, variant minus baseline"))
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    sign(figure, result)
    return figure


@as_it_comes
def forest_of(effects: dict[str, Interval], label: str, margin: float | None) -> Figure:
    """Return the effects on one number, a row a variant, with their intervals.

    Args:
        effects: by variant.
        label: of the axis.
        margin: a difference below it is none that matters.
    """
    figure = new_figure((6.4, 0.42 * len(effects) + 1.7))
    axes = figure.subplots()
    draw_effects(axes, effects, 1.0)
    _shade(axes, 1.0, margin)
    axes.set_xlabel(label)
    handles = _handles(margin)
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    return figure


def draw_effects(axes, effects: dict[str, Interval], factor: float, limit=None) -> None:
    """Draw effects, times a factor, a row each; with a limit, no farther than that from zero."""
    rows = len(effects)
    axes.axvline(0, color=BASELINE, lw=1)
    for row, interval in enumerate(effects.values()):
        _estimate(axes, rows - row, interval, factor, limit)
    if limit:
        axes.set_xlim(-1.12 * limit, 1.12 * limit)
    tidy(axes)
    axes.set_yticks(range(rows, 0, -1), [folded(name) for name in effects])
    axes.set_ylim(0.4, rows + 0.6)


def _shade(axes, factor: float, margin: float | None) -> None:
    if margin:
        axes.axvspan(-factor * margin, factor * margin, **_SHADE)


def _handles(margin: float | None) -> list:
    """Return the legend's entries."""
    label = "ours, interval allows for all"
    ours = Line2D([], [], color=OURS, marker="o", ms=5, label=label)
    return [ours, _WITHIN] if margin else [ours]


def _any(effects: dict) -> bool:
    """Return whether any pair of runs has the metric."""
    return any(effect.n for effect, _ in effects.values())


def _estimate(axes, height, interval: Interval, factor: float, limit: float | None) -> None:
    if not interval.n:
        return
    mean, low, high = (factor * end for end in (interval.mean, interval.low, interval.high))
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
