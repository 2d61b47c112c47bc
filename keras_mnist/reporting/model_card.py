"""The card of an exported network for people: a page and the confusion matrix."""

import numpy as np

from keras_mnist.base.errors import shown
from keras_mnist.reporting import wording
from keras_mnist.reporting.figures import new_figure
from keras_mnist.reporting.front_matter import front_matter
from keras_mnist.reporting.grids import markdown_table, markdown_text
from keras_mnist.reporting.plots import Figure, as_it_comes
from keras_mnist.serving.card import Card

_LISTED = 100  # columns that the page names; the card as data has all

_SIGNATURE = """### Signature

`serve` and `serving_default`: `{given}`, {kind} (n, {shape}){form}, to
`probabilities`, float32 (n, {classes}), and `{answer}`, int64 (n,). All preprocessing is inside.
Of a restored SavedModel call `signatures["serving_default"]`, which refuses other types; its
attribute `.serve` casts NumPy arrays of {other} to {kind} without a word."""

_LIMITS = """### Use and limits

For single handwritten digits in the form of the data it was trained on: 28 x 28, the digit's
longer side 20 pixels, its centre of mass in the middle. `python -m keras_mnist.predict` brings
drawings and photographs to that form. It answers with a digit whatever it is shown: letters,
several digits or none. A high probability is no proof: it has not been calibrated, and other
hands, pens and countries are not in its data."""

_OTHER_LIMITS = """### Use and limits

For {things} in the form of the data it was trained on: {shape}. {asked}
It answers with one of its classes whatever it is {given}. A high probability is no proof: it has
not been calibrated, and what is not in its data it has not learnt."""


def as_markdown(name: str, card: Card) -> str:
    """Return the page, after what model hubs read of it; beside it lies `confusion.png`.

    Args:
        name: of the network.
        card: of the version.
    """
    record, data = card.record, card.record.data
    origin = "MNIST" if data["canonical"] else f"{data['name']} (not the canonical MNIST)"
    facts = [
        (
            "test accuracy",
            f"{100 * card.accuracy:.2f} % of {sum(map(sum, card.confusion)):,} {card.things}",
        ),
        ("data", f"{origin}, digest `{data['digest']}`"),
        ("experiment", f"{record.experiment.name}, seed {record.seed}"),
        ("parameters", f"{record.parameters:,}"),
        ("weights, SHA-256", f"`{record.weights_sha256}`"),
        ("trained", f"{record.created}, {wording.duration(record.seconds)}"),
        *((what, str(value)) for what, value in record.environment.items()),
    ]
    word, plural = _words(card)
    formats = [
        [p.format, f"{p.images:,}", f"{p.difference:.1e}", f"{p.tolerance:.0e}"]
        for p in card.parities
    ]
    sections = [
        f"{front_matter(name, card)}\n\n# {name}",
        f"{record.experiment.kind}, trained by keras_mnist on {markdown_text(origin)}.",
        *([markdown_text(card.note)] if card.note else []),
        markdown_table("Facts", ["what", "value"], [list(fact) for fact in facts]),
        markdown_table(
            f"Formats, each asked in a process of its own, all {plural} as in training",
            ["format", card.things, "greatest difference of a probability", "allowed"],
            formats,
        ),
        f"### Confusion\n\n![{plural.capitalize()} said for each true {word}](confusion.png)",
        *([_classes(card)] if card.class_names else []),
        *([_columns(card)] if card.columns else []),
        _signature(card),
        _limits(card),
        "### Made by\n\n" + "\n".join(f"    {command}" for command in card.commands),
    ]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _words(card: Card) -> tuple[str, str]:
    """Return what one of its answers is called, and several."""
    return ("digit", "digits") if card.shows_digits else ("class", "classes")


def _classes(card: Card) -> str:
    rows = [[str(number), name] for number, name in enumerate(card.class_names)]
    return markdown_table("Classes", ["number", "class"], rows)


def _columns(card: Card) -> str:
    rows = [[str(place), shown(name, 60)] for place, name in enumerate(card.columns[:_LISTED])]
    more = len(card.columns) - len(rows)
    rows += [["...", f"{more:,} more"]] if more else []
    return markdown_table("Columns, which `predict` finds by name", ["place", "column"], rows)


def _signature(card: Card) -> str:
    things, kind = card.things, card.record.experiment.data.dtype
    forms = {"uint8": ", 0-255", "float32": "", "int32": ", whole numbers"}
    return _SIGNATURE.format(
        given="image" if things == "images" else "example",
        kind=kind,
        shape=", ".join(map(str, card.record.experiment.data.shape)),
        form=forms[kind] + (", ink light on dark" if card.shows_digits else ""),
        classes=len(card.confusion),
        answer=_words(card)[0],
        other="whole numbers" if kind == "float32" else "floats",
    )


def _limits(card: Card) -> str:
    if card.shows_digits:
        return _LIMITS
    things = card.things
    asked = {
        "images": "`predict` resizes pictures to it.",
        "rows": "`predict` reads them from a .csv file.",
        "examples": "`predict` reads them from a .npy file.",
    }[things]
    shape = " x ".join(map(str, card.record.experiment.data.shape))
    given = "shown" if things == "images" else "given"
    return _OTHER_LIMITS.format(things=things, shape=shape, asked=asked, given=given)


_LABELLED = 20  # classes whose names and counts are drawn; of more, only the colours are


@as_it_comes
def confusion_figure(card: Card) -> Figure:
    """Return the matrix drawn, the colour by the share of the row's examples that were misread."""
    counts = np.array(card.confusion)
    wrong = counts * (1 - np.eye(len(counts)))
    figure = new_figure((5.6, 5.2))
    axes = figure.subplots()
    shares = 100 * wrong / np.maximum(counts.sum(1, keepdims=True), 1)
    shown = axes.imshow(shares, cmap="Blues", vmin=0, vmax=max(shares.max(), 0.1))
    labelled = len(counts) <= _LABELLED
    for truth, said in np.argwhere(counts > 0) if labelled else ():
        dark = shares[truth, said] > 0.6 * shares.max() > 0
        colour = "white" if dark else "black"
        weight = "bold" if truth == said else "normal"
        number = f"{counts[truth, said]:,}"
        axes.text(
            said, truth, number, ha="center", va="center", fontsize=7, color=colour, weight=weight
        )
    if labelled:
        names = [name[:12].replace("$", r"\$") for name in card.class_names]
        ticks = range(len(counts))
        axes.set_xticks(ticks, names or None)
        axes.set_yticks(ticks, names or None)
        axes.tick_params("x", rotation=90 if names else 0)
    word, _ = _words(card)
    axes.set_xlabel(f"{word} said")
    axes.set_ylabel(f"true {word}")
    bar = figure.colorbar(shown, ax=axes, shrink=0.8)
    bar.set_label(f"misread (% of the {word}'s test {card.things})")
    return figure
