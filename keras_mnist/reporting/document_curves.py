"""A document's curves from our runs, in the form of its own figures, its numbers marked on them."""

from keras_mnist.documents import Document
from keras_mnist.documents.judging import Runs
from keras_mnist.reporting import wording
from keras_mnist.reporting.bands import band, loss_axis
from keras_mnist.reporting.claim_tables import title
from keras_mnist.reporting.figures import OURS, PUBLISHED, diamond, panels, tidy
from keras_mnist.reporting.plots import Figure, Line2D, as_it_comes

COLUMNS = 3
# After the first, which is ours everywhere; none is the published colour.
_COLOURS = (OURS, "#009E73", "#CC79A7", "#8a8a8a")
_PANELS = ("accuracy", "loss")


@as_it_comes
def document_curves(document: Document, records) -> Figure:
    """Return accuracy and loss by epoch, a column a figure of the document.

    One experiment: training against held-out images, with what was published of it. Several: the
    held-out images' curves, model against model. Bands span one standard deviation over seeds.
    """
    runs = Runs(document, records)
    columns = min(COLUMNS, len(document.figures))
    blocks = -(-len(document.figures) // columns)
    figure, grid = panels(2 * blocks, columns, head=0.95 if columns > 1 else 1.2)
    for place, names in enumerate(document.figures):
        block, column = divmod(place, columns)
        for row, quantity in enumerate(_PANELS):
            axes = grid[2 * block + row, column]
            axes.set_visible(True)
            _panel(axes, document, runs, names, quantity)
            if quantity == "accuracy":
                axes.set_title(names[0] if len(names) == 1 else "", fontsize=10)
            else:
                loss_axis(axes)
                if place + columns >= len(document.figures):  # the lowest of its column
                    axes.set_xlabel("epoch")
            if column == 0:
                axes.set_ylabel(wording.axis(quantity))
            tidy(axes)
            axes.xaxis.get_major_locator().set_params(integer=True, nbins=5)
            if quantity == "accuracy":
                axes.yaxis.get_major_locator().set_params(nbins=5)
    handles = [
        Line2D([], [], color="black", ls="-", label="test (validation where there is some)"),
        Line2D([], [], color="black", ls="--", label="training"),
        diamond("published"),
        Line2D(
            [],
            [],
            color=PUBLISHED,
            marker="D",
            mfc="none",
            ls="",
            ms=5,
            label="published, training",
        ),
    ]
    figure.suptitle(title(document), fontsize=11, y=1 - 0.1 / figure.get_figheight(), va="top")
    place = (0.5, 1 - 0.32 / figure.get_figheight())
    figure.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=place,
        ncols=4 if columns > 1 else 2,
        frameon=False,
        fontsize=9,
    )
    return figure


def _panel(axes, document: Document, runs: Runs, names: tuple[str, ...], quantity: str) -> None:
    for colour, name in zip(_COLOURS, names, strict=False):
        records = list(runs.of(name).values())
        held_out = document.experiment(name).data.watched
        label = name if len(names) > 1 else None
        band(axes, records, f"{held_out}_{quantity}", colour, "-", label)
        if len(names) == 1:
            band(axes, records, f"train_{quantity}", colour, "--")
            _published(axes, document, name, quantity, held_out)
    if len(names) > 1 and axes.lines:
        axes.legend(frameon=False, fontsize=8)
    if not any(runs.of(name) for name in names):
        axes.text(0.5, 0.5, "no runs yet", transform=axes.transAxes, ha="center", color="#555555")


def _published(axes, document: Document, name: str, quantity: str, held_out: str) -> None:
    for split, fill in (("train", "none"), (held_out, PUBLISHED)):
        metric = f"{split}_{quantity}"
        numbers = [c for c in document.numbers if (c.experiment, c.metric) == (name, metric)]
        epochs = [document.epoch_of(number.quantity) for number in numbers]
        values = [wording.in_units(metric, number.as_metric) for number in numbers]
        if numbers:
            axes.plot(epochs, values, "D", color=PUBLISHED, mfc=fill, ms=4, zorder=3)
