"""A network as a list of plain layers, and what they weigh: no Keras is needed to know that.

Everything else about a built-in network derives from its list: sizes and counts here, drawings, the
time it will take, and the Keras network, from which in turn come the fast pass and every export.
"""

import math
from dataclasses import dataclass

Shape = tuple[int, ...]  # of one example, without the batch


@dataclass(frozen=True)
class Plain:
    """A layer that has no weights and leaves the shape as it is.

    Attributes:
        name: as the Keras network has it.
    """

    name: str

    def outputs(self, inputs: Shape) -> Shape:
        """Return the shape of its outputs, given that of its inputs."""
        return inputs

    def weights(self, inputs: Shape) -> int:
        """Return how many entries its kernel has, given the shape of its inputs."""
        return 0

    def offsets(self, inputs: Shape) -> int:
        """Return how many other parameters it learns: biases, scales, shifts."""
        return 0

    def multiply_adds(self, inputs: Shape) -> int:
        """Return the multiplications of one example's forward pass."""
        return self.weights(inputs)


@dataclass(frozen=True)
class Channels(Plain):
    """Images (height, width) as (height, width, 1), as convolutions take them."""

    def outputs(self, inputs: Shape) -> Shape:
        """Return the shape of its outputs."""
        return inputs if len(inputs) == 3 else (*inputs, 1)


@dataclass(frozen=True)
class Flatten(Plain):
    """All numbers of an example in one row."""

    def outputs(self, inputs: Shape) -> Shape:
        """Return the shape of its outputs."""
        return (math.prod(inputs),)


@dataclass(frozen=True)
class Dense(Plain):
    """Every unit joined with every input, with biases, then an activation."""

    units: int
    activation: str = "linear"

    def outputs(self, inputs: Shape) -> Shape:
        """Return the shape of its outputs."""
        return (*inputs[:-1], self.units)

    def weights(self, inputs: Shape) -> int:
        """Return how many entries its kernel has."""
        return inputs[-1] * self.units

    def offsets(self, inputs: Shape) -> int:
        """Return how many biases it has."""
        return self.units


@dataclass(frozen=True)
class Conv(Plain):
    """`filters` square kernels of side `kernel`, with biases; `padding` is `same` or `valid`."""

    filters: int
    kernel: int
    padding: str = "valid"

    def outputs(self, inputs: Shape) -> Shape:
        """Return the shape of its outputs."""
        lost = 0 if self.padding == "same" else self.kernel - 1
        return (*(side - lost for side in inputs[:-1]), self.filters)

    def weights(self, inputs: Shape) -> int:
        """Return how many entries its kernels have."""
        return self.kernel**2 * inputs[-1] * self.filters

    def offsets(self, inputs: Shape) -> int:
        """Return how many biases it has."""
        return self.filters

    def multiply_adds(self, inputs: Shape) -> int:
        """Return the multiplications of one example's forward pass."""
        return math.prod(self.outputs(inputs)[:-1]) * self.weights(inputs)


@dataclass(frozen=True)
class BatchNorm(Plain):
    """Batch normalization, with PyTorch's momentum and epsilon."""

    def offsets(self, inputs: Shape) -> int:
        """Return how many scales and shifts it has."""
        return 2 * inputs[-1]


@dataclass(frozen=True)
class Pool(Plain):
    """Pooling by 2; `kind` is `max` or `average`. An odd row or column is left out."""

    kind: str = "max"

    def outputs(self, inputs: Shape) -> Shape:
        """Return the shape of its outputs."""
        return (*(side // 2 for side in inputs[:-1]), inputs[-1])


@dataclass(frozen=True)
class Activation(Plain):
    """`kind` is an activation's name in Keras."""

    kind: str


@dataclass(frozen=True)
class Dropout(Plain):
    """A share `rate` of the numbers dropped in training."""

    rate: float


@dataclass(frozen=True)
class MapDropout(Dropout):
    """A share `rate` of the feature maps dropped in training, each as a whole."""


@dataclass(frozen=True)
class Size:
    """What a layer that has a kernel weighs, what follows it included.

    Attributes:
        name: of the layer.
        outputs: its shape without the batch, before any pooling.
        weights: entries of its kernel.
        offsets: its biases and, where it is normalized, the scales and shifts of that.
        multiply_adds: multiplications of one example's forward pass.
        pooled: whether pooling by 2 follows.
        norm: how many of its offsets are those scales and shifts.
    """

    name: str
    outputs: Shape
    weights: int
    offsets: int
    multiply_adds: int
    pooled: bool = False
    norm: int = 0

    @property
    def fan_in(self) -> int:
        """How many inputs each of its units has."""
        return self.weights // self.outputs[-1]


def sizes(layers: list[Plain], shape: Shape) -> list[Size]:
    """Return the sizes of the layers that have a kernel, for examples of `shape`."""
    found: list[dict] = []
    for layer in layers:
        if weights := layer.weights(shape):
            about = {"name": layer.name, "outputs": layer.outputs(shape), "weights": weights}
            found.append({**about, "offsets": 0, "multiply_adds": layer.multiply_adds(shape)})
        if found:
            found[-1]["offsets"] += layer.offsets(shape)
            if isinstance(layer, BatchNorm):
                found[-1]["norm"] = found[-1].get("norm", 0) + layer.offsets(shape)
            found[-1]["pooled"] = found[-1].get("pooled", False) or isinstance(layer, Pool)
        shape = layer.outputs(shape)
    return [Size(**one) for one in found]


def activated(name: str, activation: str) -> list[Plain]:
    """Return the activation of the layer `name`: a list of one, or of none where it is linear."""
    return [] if activation == "linear" else [Activation(f"{name}_{activation}", activation)]


def max_pooled(name: str, activation: str) -> list[Plain]:
    """Return the activation of the layer `name`, then max-pooling by 2.

    Done the other way round: the greatest of four activations is the activation of the greatest,
    the same function with the same gradient for a quarter of the work.
    """
    return [Pool(f"{name}_pool"), *activated(name, activation)]
