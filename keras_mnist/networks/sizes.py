"""What a network's layers weigh: shapes, parameters, work."""

import math
from dataclasses import dataclass

DIGITS = 10


@dataclass(frozen=True)
class Layer:
    """A layer that has parameters.

    Attributes:
        name: as the Keras network has it.
        outputs: shape without the batch, before any pooling.
        pooled: whether pooling by 2 follows.
        weights: entries of its kernel.
        offsets: its biases and, where it is normalized, the scales and shifts of that.
        multiply_adds: multiplications of one image's forward pass.
    """

    name: str
    outputs: tuple[int, ...]
    weights: int
    offsets: int
    multiply_adds: int
    pooled: bool = False

    @property
    def fan_in(self) -> int:
        """How many inputs each of its units has."""
        return self.weights // self.outputs[-1]


def dense(name: str, inputs: int, units: int, norm: bool = False) -> Layer:
    """Return a dense layer's size; `norm`: followed by batch normalization."""
    return Layer(name, (units,), inputs * units, units * (3 if norm else 1), inputs * units)


def conv(
    name: str, side: int, channels: int, filters: int, kernel: int, norm=False, pooled=False
) -> Layer:
    """Return a convolution's size.

    Args:
        name: as the Keras network has it.
        side: of its square outputs.
        channels: of its inputs.
        filters: how many.
        kernel: the side of its square kernels.
        norm: followed by batch normalization.
        pooled: followed by pooling by 2.
    """
    weights = kernel * kernel * channels * filters
    offsets = filters * (3 if norm else 1)
    return Layer(name, (side, side, filters), weights, offsets, side * side * weights, pooled)


def denses(inputs: int, widths: dict[str, int], norm: tuple[str, ...] = ()) -> list[Layer]:
    """Return dense layers, each on the one before; `norm` names those that are normalized."""
    layers = []
    for name, units in widths.items():
        layers.append(dense(name, inputs, units, name in norm))
        inputs = units
    return layers


def inputs_of(layers: list[Layer]) -> int:
    """Return how many numbers the last layer hands on, after any pooling."""
    *sides, channels = layers[-1].outputs
    return math.prod(side // 2 if layers[-1].pooled else side for side in sides) * channels
