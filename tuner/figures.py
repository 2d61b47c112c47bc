"""A search in two figures: where the good experiments lie, and how it went."""

import numpy as np

from keras_mnist.base.metrics import more_is_better
from keras_mnist.reporting import wording
from keras_mnist.reporting.figures import BASELINE, OURS, PUBLISHED, new_figure, tidy
from keras_mnist.reporting.plots import Figure, Line2D, MaxNLocator, as_it_comes
from keras_mnist.runs.axes import axes_of
from keras_mnist.runs.trial import Trial, ranked
from tuner.trials import Setting


@as_it_comes
def landscape(trials: list[Trial], setting: Setting) -> Figure:
    """Return the map: one field across, another or the objective upward, colour the objective."""
    scored = [trial for trial in trials if trial.scores]
    drawn = axes_of(setting.space.to_dict(), setting.baseline)
    names = [axis.name for axis in drawn]
    figure = new_figure((7.0, 4.8))
    axes = figure.subplots()
    means = _means(scored, setting)
    places = [[t.values[name] for t in scored] for name in names]
    places += [means] * (2 - len(places)) if places else [range(len(scored)), means]
    # The few bad ones must not use up the colours.
    limits = np.percentile(means, [10, 100] if more_is_better(setting.objective) else [0, 90])
    shown = axes.scatter(*places, c=means, vmin=limits[0], vmax=limits[1], cmap="viridis", s=60)
    bar = figure.colorbar(shown, ax=axes, extend="min" if limits[0] > means.min() else "max")
    bar.set_label(f"{wording.heading(setting.objective)}, mean of {len(setting.seeds)} seeds")
    best = ranked(scored, setting.objective)[0]
    was = {name: setting.baseline.value(name) for name in names}
    marks = [(best.values, OURS, "best")] * (len(names) == 2)
    marks += [(was, PUBLISHED, "baseline")] * (len(names) == 2 and None not in was.values())
    for values, colour, _ in marks:
        axes.plot(*(values[name] for name in names), "o", ms=13, mfc="none", mec=colour, mew=2)
    handles = [
        Line2D([], [], marker="o", ls="", ms=10, mfc="none", mec=colour, mew=2, label=label)
        for _, colour, label in marks
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    if drawn and drawn[0].log:
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter("{x:.4g}")
    if drawn[1:] and drawn[1].log:
        axes.set_yscale("log")
    axes.set_xlabel(drawn[0].label if drawn else "trial, from best to worst")
    axes.set_ylabel(drawn[1].label if drawn[1:] else wording.heading(setting.objective))
    tidy(axes)
    return figure


def _means(trials: list[Trial], setting: Setting) -> np.ndarray:
    """Return each trial's mean, real numbers (n,), in the unit that people read."""
    return np.array([wording.in_units(setting.objective, t.summary.mean) for t in trials])


@as_it_comes
def history(trials: list[Trial], setting: Setting) -> Figure:
    """Return each trial's objective in the order of proposal, and the best so far."""
    scored = sorted((t for t in trials if t.scores), key=lambda trial: trial.number)
    figure = new_figure((7.0, 3.6))
    axes = figure.subplots()
    numbers = [trial.number for trial in scored]
    means = _means(scored, setting)
    spreads = [wording.in_units(setting.objective, np.nan_to_num(t.summary.sd)) for t in scored]
    best = np.maximum if more_is_better(setting.objective) else np.minimum
    axes.errorbar(numbers, means, spreads, fmt="o", color=BASELINE, ms=4, lw=1, label="trial ± sd")
    axes.step(numbers, best.accumulate(means), where="post", color=OURS, lw=2, label="best so far")
    axes.set_xlabel("trial")
    axes.set_ylabel(wording.heading(setting.objective))
    axes.legend(frameon=False)
    tidy(axes)
    locator = axes.xaxis.get_major_locator()
    assert isinstance(locator, MaxNLocator)
    locator.set_params(integer=True)
    return figure


FIGURES = {"map": landscape, "history": history}  # by the name of their files
