"""The published networks as drawings: where each box stands and what is written at it."""

import math
from dataclasses import asdict, dataclass

from keras_mnist.base.choice import choices_of
from keras_mnist.documents import published
from keras_mnist.experiment import Experiment
from keras_mnist.networks.layers import Channels, Size

COLUMN = 74  # the width of a layer's place in a drawing, in its own units
FEW = 6  # layers that a phone's width has room for
MIDDLE = 92
_FEWEST, _WIDEST, _TALLEST = 14, 62, 96  # the smallest box, the largest picture, the most units


@dataclass(frozen=True)
class Box:
    """A layer's outputs as a box.

    Attributes:
        x, y, width, height: of its front.
        depth: how far its back lies behind, for channels.
        name: of the layer.
        shape: of its outputs, written out.
        note: its parameters.
        pooled: whether pooling by 2 follows.
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


def networks() -> list[dict]:
    """Return a drawing of each published network, and its layers."""
    return [
        {
            "name": name,
            "where": f"{document.short}: {document.title}",
            "details": _details(experiment),
            **drawing(experiment),
        }
        for name, (document, experiment) in published().items()
    ]


def drawing(experiment: Experiment) -> dict:
    """Return the drawing of an experiment's network, whichever that is, and its layers."""
    boxes = _boxes(experiment)
    return {
        "parameters": experiment.parameters,
        "boxes": [asdict(box) for box in boxes],
        "width": COLUMN * len(boxes),
        "many": len(boxes) > FEW,
        "layers": [_layer(layer) for layer in experiment.sizes],
    }


def _details(experiment: Experiment) -> list[str]:
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


def _layer(layer: Size) -> dict:
    return {
        "name": layer.name,
        "shape": _written(layer.outputs),
        "pooled": layer.pooled,
        "weights": layer.weights,
        "offsets": layer.offsets,
        "parameters": layer.weights + layer.offsets,
    }


def _boxes(experiment: Experiment) -> list[Box]:
    pixels = Channels("pixels").outputs(experiment.shape)
    layers = [Size("pixels", pixels, 0, 0, 0), *experiment.sizes]
    return [_box((place + 0.5) * COLUMN, layer) for place, layer in enumerate(layers)]


def _box(middle: float, layer: Size) -> Box:
    if len(layer.outputs) == 3:  # a picture of channels: its side, and as deep as they are many
        side = _FEWEST + (_WIDEST - _FEWEST) * layer.outputs[0] / 32
        width, depth = side, 2.6 * math.log2(layer.outputs[-1])
    else:  # a column of units
        side = _FEWEST + (_TALLEST - _FEWEST) * min(1, math.log2(layer.outputs[0]) / 11)
        width, depth = 10, 0
    left, top = middle - (width + depth) / 2, MIDDLE - (side - depth) / 2
    x, y, width, height, depth = (round(n, 1) for n in (left, top, width, side, depth))
    parameters = layer.weights + layer.offsets
    note = f"{parameters:,}" if parameters else ""
    name = layer.name.replace("_", " ")
    shape = _written(layer.outputs)
    return Box(x, y, width, height, depth, name, shape, note, layer.pooled)


def _written(outputs: tuple[int, ...]) -> str:
    return "×".join(f"{n:,}" for n in outputs)
