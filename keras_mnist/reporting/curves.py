"""Loss and accuracy by epoch, with bands over seeds."""

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting.bands import band, loss_axis
from keras_mnist.reporting.figures import BASELINE, OURS, PUBLISHED, diamond, panels, sign, tidy

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
    figure, grid = panels(2 * blocks, columns, head=0.45 + 0.24 * legend_rows)
    for place, variant in enumerate(variants):
        block, column = divmod(place, columns)
        for row, (quantity, label) in enumerate(PANELS):
            axes = grid[2 * block + row, column]
            axes.set_visible(True)
            for shown, colour in ((baseline, BASELINE), (variant, OURS)):
                for split, style in (("train", "--"), ("val", "-")):
                    band(axes, result.runs(shown), f"{split}_{quantity}", colour, style)
            if quantity == "loss":
                loss_axis(axes)
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


def _published_losses(axes, result, variant) -> None:
    epochs = variant.experiment.training.epochs
    for comparison in result.comparisons(variant):
        if comparison.claim.metric in ("train_loss", "val_loss"):
            axes.plot(epochs, comparison.claim.as_metric, "D", color=PUBLISHED, ms=5, zorder=3)
