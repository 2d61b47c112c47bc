"""The card of an exported network for people: a page and the confusion matrix."""

import numpy as np
from matplotlib.figure import Figure

from keras_mnist.base.errors import shown
from keras_mnist.reporting import wording
from keras_mnist.reporting.figures import new_figure
from keras_mnist.reporting.grids import markdown_table
from keras_mnist.serving.card import Card

_SIGNATURE = """### Signature

`serve` and `serving_default`: `image`, {dtype} (n, {shape}){range}, to
`probabilities`, float32 (n, {classes}), and `digit`, int64 (n,). All preprocessing is inside. Of a
restored SavedModel call `signatures["serving_default"]`, which refuses other types; its attribute
`.serve` casts NumPy arrays of {other} to {dtype} without a word."""

_LIMITS = """### Use and limits

For single handwritten digits in the form of the data it was trained on: 28 x 28, the digit's
longer side 20 pixels, its centre of mass in the middle. `python -m keras_mnist.predict` brings
drawings and photographs to that form. It answers with a digit whatever it is shown: letters,
several digits or none. A high probability is no proof: it has not been calibrated, and other
hands, pens and countries are not in its data."""


def as_markdown(name: str, card: Card) -> str:
    """Return the page; beside it lies `confusion.png`.

    Args:
        name: of the network.
        card: of the version.
    """
    record, data = card.record, card.record.data
    origin = "MNIST" if data["canonical"] else f"{data['name']} (not the canonical MNIST)"
    names = data.get("class_names", ())
    facts = [
        (
            "test accuracy",
            f"{100 * card.accuracy:.2f} % of {sum(map(sum, card.confusion)):,} images",
        ),
        ("data", f"{origin}, digest `{data['digest']}`"),
        *([("classes", ", ".join(map(shown, names)))] if names else []),
        ("experiment", f"{record.experiment.name}, seed {record.seed}"),
        ("parameters", f"{record.parameters:,}"),
        ("weights, SHA-256", f"`{record.weights_sha256}`"),
        ("trained", f"{record.created}, {wording.duration(record.seconds)}"),
        *((what, str(value)) for what, value in record.environment.items()),
    ]
    examples = record.experiment.data
    shape, dtype = examples.shape, examples.dtype
    formats = [
        [p.format, f"{p.images:,}", f"{p.difference:.1e}", f"{p.tolerance:.0e}"]
        for p in card.parities
    ]
    sections = [
        f"# {name}",
        f"{record.experiment.kind}, trained by keras_mnist on {origin}.",
        *([card.note] if card.note else []),
        markdown_table("Facts", ["what", "value"], [list(fact) for fact in facts]),
        markdown_table(
            "Formats, each asked in a process of its own, all digits as in training",
            ["format", "images", "greatest difference of a probability", "allowed"],
            formats,
        ),
        "### Confusion\n\n![Digits said for each true digit](confusion.png)",
        _SIGNATURE.format(
            dtype=dtype,
            shape=", ".join(map(str, shape)),
            range=", 0-255, ink light on dark" if dtype == "uint8" else "",
            other="floats" if dtype == "uint8" else "other types",
            classes=len(card.confusion),
        ),
        *([_LIMITS] if shape == (28, 28) else []),
        "### Made by\n\n" + "\n".join(f"    {command}" for command in card.commands),
    ]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def confusion_figure(confusion: list[list[int]]) -> Figure:
    """Return the matrix drawn, the colour by the share of the row's images that were misread."""
    counts = np.array(confusion)
    wrong = counts * (1 - np.eye(len(counts)))
    figure = new_figure((5.6, 5.2))
    axes = figure.subplots()
    shares = 100 * wrong / np.maximum(counts.sum(1, keepdims=True), 1)
    shown = axes.imshow(shares, cmap="Blues", vmin=0, vmax=max(shares.max(), 0.1))
    for truth, said in np.argwhere(counts > 0):
        dark = shares[truth, said] > 0.6 * shares.max() > 0
        colour = "white" if dark else "black"
        weight = "bold" if truth == said else "normal"
        number = f"{counts[truth, said]:,}"
        axes.text(
            said, truth, number, ha="center", va="center", fontsize=7, color=colour, weight=weight
        )
    axes.set_xticks(range(len(counts)))
    axes.set_yticks(range(len(counts)))
    axes.set_xlabel("digit said")
    axes.set_ylabel("true digit")
    bar = figure.colorbar(shown, ax=axes, shrink=0.8)
    bar.set_label("misread (% of the digit's test images)")
    return figure
