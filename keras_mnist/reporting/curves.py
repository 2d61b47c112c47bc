"""Loss and accuracy by epoch, with bands over seeds."""

from keras_mnist.base.metrics import SPLITS
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting import wording
from keras_mnist.reporting.bands import END, band, loss_axis
from keras_mnist.reporting.figures import (
    BASELINE,
    OURS,
    PUBLISHED,
    diamond,
    folded,
    panels,
    sign,
    tidy,
)
from keras_mnist.reporting.measured import held_out_words
from keras_mnist.reporting.plots import Figure, Line2D, Patch, as_it_comes

COLUMNS = 4  # variants side by side
PANELS = ("loss", "accuracy")


@as_it_comes
def curves(result: Findings) -> Figure:
    """Return loss and accuracy by epoch, a panel a variant over the baseline's curves.

    Bands span one standard deviation over seeds; for one seed there are none.
    """
    baseline, *variants = result.study.variants
    columns = min(COLUMNS, len(variants))
    blocks = -(-len(variants) // columns)
    handles = _legend(result)
    legend_columns = len(handles) if columns > 2 else 2
    legend_rows = -(-len(handles) // legend_columns)
    figure, grid = panels(2 * blocks, columns, head=0.45 + 0.24 * legend_rows)
    for place, variant in enumerate(variants):
        block, column = divmod(place, columns)
        for row, quantity in enumerate(PANELS):
            axes = grid[2 * block + row, column]
            axes.set_visible(True)
            for shown, colour in ((baseline, BASELINE), (variant, OURS)):
                for split, style in _splits(shown):
                    band(axes, result.runs(shown), f"{split}_{quantity}", colour, style)
            if quantity == "loss":
                loss_axis(axes)
                axes.set_title(folded(variant.name), fontsize=10)
            elif place + columns >= len(variants):  # the lowest of its column
                axes.set_xlabel("epoch")
            if column == 0:
                axes.set_ylabel(wording.axis(quantity))
            _mark_published(axes, result, variant, quantity)
            tidy(axes)
            axes.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(handles=handles, loc="upper center", ncols=legend_columns, frameon=False)
    sign(figure, result)
    return figure


def _splits(variant) -> tuple[tuple[str, str], ...]:
    """Return what is drawn of a variant, and how: its training dashed, what it held out whole."""
    return ("train", "--"), (variant.experiment.data.watched, "-")


def _legend(result: Findings) -> list:
    variants = result.study.variants
    held_out = held_out_words(variant.experiment for variant in variants)
    handles = [
        Patch(color=OURS, label="variant"),
        Patch(color=BASELINE, label="baseline"),
        Line2D([], [], color="black", ls="-", label=held_out),
        Line2D([], [], color="black", ls="--", label=SPLITS["train"]),
    ]
    if any(variant.experiment.fit.patience for variant in variants):
        handles.append(Line2D([], [], color="black", marker=END, ls="", label="a run's end"))
    published = any(_published(result, v, quantity) for v in variants[1:] for quantity in PANELS)
    return [*handles, diamond("published (last epoch)")] if published else handles


def _published(result: Findings, variant, quantity: str) -> list:
    """Return the published figures that are ends of the curves drawn."""
    drawn = [f"{split}_{quantity}" for split, _ in _splits(variant)]
    return [c for c in result.comparisons(variant) if c.claim.metric in drawn]


def _mark_published(axes, result: Findings, variant, quantity: str) -> None:
    epochs = variant.experiment.fit.epochs
    for comparison in _published(result, variant, quantity):
        value = wording.in_units(comparison.claim.metric, comparison.claim.as_metric)
        axes.plot(epochs, value, "D", color=PUBLISHED, ms=5, zorder=3)
