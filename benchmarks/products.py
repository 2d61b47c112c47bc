"""The products that a step of training cannot do without, read off a Keras network's layers."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """Matrices (m, k) by (k, n).

    Attributes:
        m, k, n: the sides.
        groups: how many such products are independent of each other and done in one go.
        times: how often that is done, each time after the one before.
        forward: whether evaluation needs it, too.
    """

    m: int
    k: int
    n: int
    groups: int = 1
    times: int = 1
    forward: bool = False

    @property
    def flop(self) -> int:
        """Its operations."""
        return 2 * self.m * self.k * self.n * self.groups * self.times


def products(network, batch: int) -> list[Product]:
    """Return the products of one step: forward, by weights, by inputs.

    Args:
        network: of dense layers, convolutions, attention, GRUs, and whatever multiplies nothing.
        batch: images a step.

    Raises:
        TypeError: a layer has weights and is none of these.
    """
    found = []
    for layer in network.layers:
        first = not found  # nobody asks for the gradient by the images
        kind = type(layer).__name__
        if kind in ("Dense", "Conv2D"):
            # A convolution is the product of its patches with its kernel.
            *_, units = layer.kernel.shape
            rows = batch * math.prod(layer.output.shape[1:-1])
            found += _learnt(rows, math.prod(layer.kernel.shape) // units, units, first)
        elif kind == "MultiHeadAttention":
            found += _attention(layer, batch)
        elif kind == "GRU":
            found += _gru(layer, batch, first)
        elif any(len(v.shape) > 1 for v in layer.trainable_variables):
            raise TypeError(f"the products of {kind} are not known here")
    return found


def _learnt(rows: int, fan_in: int, units: int, first: bool = False) -> list[Product]:
    by_inputs = [] if first else [Product(rows, units, fan_in)]
    forward = Product(rows, fan_in, units, forward=True)
    return [forward, Product(fan_in, rows, units), *by_inputs]


def _attention(layer, batch: int) -> list[Product]:
    length, width = layer.output.shape[1:]
    heads, size = layer.num_heads, layer.key_dim
    found = 3 * _learnt(batch * length, width, heads * size)
    found += _learnt(batch * length, heads * size, width)
    groups = batch * heads
    # Scores and sums, and the gradient of each by both of its sides.
    for m, k, n in ((length, size, length), (length, length, size)):
        found.append(Product(m, k, n, groups, forward=True))
        found += [Product(m, n, k, groups), Product(k, m, n, groups)]
    return found


def _gru(layer, batch: int, first: bool) -> list[Product]:
    length, width = layer.input.shape[1:]
    units = layer.units
    found = _learnt(batch * length, width, 3 * units, first)
    found += [Product(batch, units, 3 * units, times=length, forward=True)]
    found += [Product(batch, 3 * units, units, times=length)]
    return [*found, Product(units, batch * length, 3 * units)]
