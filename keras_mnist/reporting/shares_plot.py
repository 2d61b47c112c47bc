"""Who is to blame, drawn: shares with their intervals, and the cheapest way from the baseline."""

from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting import wording
from keras_mnist.reporting.figures import OURS, folded, new_figure, sign, tidy
from keras_mnist.reporting.forest import draw_effects
from keras_mnist.reporting.plots import Figure, as_it_comes
from keras_mnist.reporting.shares import METRIC, names_in


@as_it_comes
def shares_figure(result: Findings) -> Figure:
    """Return a row a full combination: its shares, and the accuracy along its cheapest path."""
    count = len(result.shares)
    longest = max(len(found.single) for found in result.shares.values())
    figure = new_figure((9.6, count * (0.45 * longest + 1.4) + 0.6))
    grid = figure.subplots(count, 2, squeeze=False)
    factor = wording.in_units(METRIC, 1.0)
    for (left, right), (name, found) in zip(grid, result.shares.items(), strict=True):
        names = names_in(result, found)
        draw_effects(left, {names[choice]: i for choice, i in found.single.items()}, factor)
        left.set_xlabel(f"share in the change of {wording.axis(METRIC, difference=True)}")
        left.set_title(folded(name), fontsize=10)
        means = [factor * step.mean for step in found.steps]
        right.plot(range(len(means)), means, color=OURS, marker="o", ms=5)
        for place, step in enumerate(found.steps):
            right.plot([place] * 2, [factor * step.low, factor * step.high], color=OURS, lw=2)
        stops = ["baseline", *(f"+ {names[choice]}" for choice in found.path)]
        right.set_xticks(
            range(len(stops)), [folded(stop) for stop in stops], rotation=20, ha="right"
        )
        right.set_ylabel(wording.axis(METRIC))
        right.set_title("the cheapest way there", fontsize=10)
        tidy(right)
    sign(figure, result)
    return figure
