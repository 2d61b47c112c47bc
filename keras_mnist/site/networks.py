"""Networks as drawings: where each box stands and what is written at it."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from keras_mnist.base.choice import choices_of
from keras_mnist.documents import Document, published
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.split import LEVELS
from keras_mnist.networks.layers import Channels, Size
from keras_mnist.site.apart import Apart

COLUMN, ROW = 74, 190  # a layer's place in a drawing, in its own units
LINE = 9 * COLUMN  # what a row of them has room for
FEW = 6  # layers that a phone's width has room for
MOST = 8  # networks of one study
MOST_LAYERS = 60  # of a drawing; its table has them all
MIDDLE = 92
_LETTER, _MOST_LETTERS = 6.4, 17  # the width of one, and how many a name may have
_FEWEST, _WIDEST, _TALLEST = 14, 62, 96  # the smallest box, the largest picture, the most units
_ROOM = 70  # for a box with its depth


@dataclass(frozen=True)
class Box:
    """A layer's outputs as a box.

    Attributes:
        x, y, width, height: of its front.
        depth: how far its back lies behind, for channels.
        name: of the layer, cut to its place.
        shape: of its outputs, written out.
        note: its parameters.
        pooled: whether pooling by 2 follows.
        top: of its row.
        whole: its name, where that had to be cut.
    """

    x: float
    y: float
    width: float
    height: float
    depth: float
    name: str
    shape: str
    note: str
    pooled: bool = False
    top: int = 0
    whole: str = ""


def networks(documents: list[Document]) -> list[dict]:
    """Return a drawing of each network of some documents, and its layers."""
    found = [
        _drawn(name, f"{document.short}: {document.title}", experiment)
        for name, (document, experiment) in published().items()
        if document in documents
    ]
    for document in documents:
        if document.arguments:  # its networks have no names that all commands know
            named = {name: document.experiment(name) for name in document.changes}
            found += _differing(named, document.short, f"{document.short}: {document.title}")
    return found


def _drawn(name: str, where: str, experiment: Experiment) -> dict:
    return {
        "name": name,
        "where": where,
        "details": details(experiment),
        **drawing(experiment),
    }


def _differing(named: dict[str, Experiment], whose: str, where: str) -> list[dict]:
    """Return a drawing of each experiment whose layers differ from those of the ones before."""
    differing = {}
    for name, experiment in named.items():
        differing.setdefault((experiment.shape, *experiment.sizes), (name, experiment))
    shown = list(differing.values())
    found = [_drawn(f"{whose}: {name}", where, experiment) for name, experiment in shown[:MOST]]
    if len(shown) > MOST:
        found[-1]["more"] = len(shown) - MOST
    return found


def networks_apart(studies: Iterable[Apart]) -> list[dict]:
    """Return a drawing of each network of studies that are of no document.

    Of a study, those whose layers differ from the ones before.
    """
    return [one for study in studies for one in _differing(study.named, study.network, study.title)]


def drawing(experiment: Experiment) -> dict:
    """Return the drawing of an experiment's network, whichever that is, and its layers."""
    layers = [_inputs(experiment), *experiment.sizes]
    shown = layers[:MOST_LAYERS]
    letters = min(_MOST_LETTERS, max(max(len(one.name), len(_shape(one))) for one in shown))
    column = max(COLUMN, round(_LETTER * letters + 10))
    across = min(len(shown), LINE // column)
    largest = max([32, *(max(one.outputs[:2]) for one in shown if len(one.outputs) == 3)])
    boxes = [
        _box((place % across + 0.5) * column, ROW * (place // across), layer, largest)
        for place, layer in enumerate(shown)
    ]
    width = column * across
    return {
        "parameters": experiment.parameters,
        "boxes": [asdict(box) for box in boxes],
        "width": width,
        "height": ROW * (1 + (len(shown) - 1) // across),
        "many": width > FEW * COLUMN,
        "layers": [_layer(layer) for layer in experiment.sizes],
        "left_out": len(layers) - len(shown),
        "more": 0,
    }


def details(experiment: Experiment) -> list[str]:
    """Return what of the network differs from the default of its kind, and how it is trained."""
    network, default = experiment.network, type(experiment.network)()
    changed = [
        (name, getattr(network, name))
        for name in choices_of(network)
        if getattr(network, name) != getattr(default, name) and name not in network.idle
    ]
    fit = experiment.fit
    return [_said(name, value) for name, value in changed] + [
        f"{fit.optimizer}, batches of {fit.batch_size}, {fit.epochs} epochs"
    ]


def _said(name: str, value) -> str:
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"no {words}"
    if isinstance(value, tuple):
        return f"{words} {', '.join(map(str, value))}"
    return f"{words} {value}"


def _inputs(experiment: Experiment) -> Size:
    """Return the examples as a layer."""
    shape, levels = experiment.shape, experiment.data.values == LEVELS
    if levels and len(shape) == 2:
        shape = Channels("pixels").outputs(shape)
    return Size("pixels" if levels and len(shape) == 3 else "inputs", shape, 0, 0, 0)


def _layer(layer: Size) -> dict:
    return {
        "name": layer.name,
        "shape": _shape(layer),
        "pooled": layer.pooled,
        "weights": layer.weights,
        "offsets": layer.offsets,
        "parameters": layer.weights + layer.offsets,
    }


def _box(middle: float, top: int, layer: Size, largest: int) -> Box:
    """Return a layer's box.

    Args:
        middle: where its column has it.
        top: of its row.
        layer: to be drawn.
        largest: the largest side of all pictures in the drawing.
    """
    outputs = layer.outputs
    if len(outputs) == 3:  # a picture of channels: its sides, and as deep as they are many
        depth = 2.6 * math.log2(outputs[-1])
        side, width = (_FEWEST + (_WIDEST - _FEWEST) * n / largest for n in outputs[:2])
        width = min(width, _ROOM - depth)
    else:  # a column of units; where there is one for each of many places, as wide as they are many
        side = _FEWEST + (_TALLEST - _FEWEST) * min(1, math.log2(outputs[0]) / 11)
        width, depth = 10 + (2.6 * math.log2(math.prod(outputs[1:])) if outputs[1:] else 0), 0
    left, high = middle - (width + depth) / 2, top + MIDDLE - (side - depth) / 2
    x, y, width, height, depth = (round(n, 1) for n in (left, high, width, side, depth))
    parameters = layer.weights + layer.offsets
    note = f"{parameters:,}" if parameters else ""
    whole = layer.name.replace("_", " ")
    name = whole if len(whole) <= _MOST_LETTERS else f"{whole[: _MOST_LETTERS - 1]}…"
    cut = whole if name != whole else ""
    return Box(x, y, width, height, depth, name, _shape(layer), note, layer.pooled, top, cut)


def _shape(layer: Size) -> str:
    return "×".join(f"{n:,}" for n in layer.outputs)
