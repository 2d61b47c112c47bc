"""LeNet-5 by its named parts."""

from dataclasses import dataclass

from keras_mnist.base.checks import boolean, integer, one_of, real
from keras_mnist.networks.layers import (
    BatchNorm,
    Channels,
    Conv,
    Dense,
    Dropout,
    Flatten,
    Plain,
    Pool,
    activated,
    max_pooled,
)
from keras_mnist.networks.mlp import ACTIVATIONS, INITS

POOLS = ("max", "average")
PADDINGS = ("same", "valid")
# Where dropout may sit: after F6's activation; after those of C5 and F6; after poolings too.
DROPOUT_PLACES = {"f6": {"f6"}, "dense": {"c5", "f6"}, "everywhere": {"c1", "c3", "c5", "f6"}}


@dataclass(frozen=True)
class LeNet:
    """Two convolutions of 5 x 5 with pooling by 2 (6 and 16 channels), dense 120, 84 and 10.

    Attributes:
        c5_width, f6_width: units of the dense layers, 120 and 84 in every document.
        activation: after both convolutions and after dense 120 and 84.
        pool: `max` or `average`.
        padding: of the first convolution: `same` for images of 28 pixels, `valid` for 32.
        c5_activation: whether dense 120 has the activation. It is LeNet's C5: a convolution over
            all of its 5 x 5 input is a dense layer.
        batchnorm: batch normalization after each convolution and after dense 120 and 84, before
            the activation; momentum 0.9 and epsilon 1e-5, which are PyTorch's.
        dropout: share of activations dropped in training, in [0, 1).
        dropout_after: `f6`: after dense 84 only; `dense`: after dense 120 too; `everywhere`:
            after both poolings too.
        init: as in `MLP`.

    Source: the four course reports, 000, 002, 003 and 004; 61,706 parameters in each.
    """

    activation: str = "relu"
    pool: str = "max"
    padding: str = "same"
    c5_activation: bool = True
    batchnorm: bool = False
    dropout: float = 0.0
    dropout_after: str = "f6"
    init: str = "pytorch"
    c5_width: int = 120
    f6_width: int = 84

    def __post_init__(self):
        one_of("activation", self.activation, ACTIVATIONS)
        one_of("pool", self.pool, POOLS)
        one_of("padding", self.padding, PADDINGS)
        boolean("c5_activation", self.c5_activation)
        boolean("batchnorm", self.batchnorm)
        real(self, "dropout", 0, 1, "[)")
        one_of("dropout_after", self.dropout_after, DROPOUT_PLACES)
        one_of("init", self.init, INITS)
        integer("c5_width", self.c5_width, 1, 16384)
        integer("f6_width", self.f6_width, 1, 16384)

    @property
    def idle(self) -> tuple[str, ...]:
        """Fields that decide nothing beside the others."""
        without_dropout = () if self.dropout else ("dropout_after",)
        return without_dropout + (("c5_activation",) if self.activation == "linear" else ())

    def layers(self, classes: int) -> list[Plain]:
        """Return its layers, the last of `classes` softmax outputs."""
        c5_activation = self.activation if self.c5_activation else "linear"
        return [
            Channels("channels"),
            *self._convolved(Conv("c1", 6, 5, self.padding)),
            *self._convolved(Conv("c3", 16, 5)),
            Flatten("flat"),
            *self._dense("c5", self.c5_width, c5_activation),
            *self._dense("f6", self.f6_width, self.activation),
            Dense("digit", classes, "softmax"),
        ]

    def _convolved(self, conv: Conv) -> list[Plain]:
        if self.pool == "max":
            pooled = max_pooled(conv.name, self.activation)
        else:
            pooled = [*activated(conv.name, self.activation), Pool(f"{conv.name}_pool", "average")]
        return [conv, *self._normalized(conv.name), *pooled, *self._dropped(conv.name)]

    def _dense(self, name: str, units: int, activation: str) -> list[Plain]:
        after = [*activated(name, activation), *self._dropped(name)]
        return [Dense(name, units), *self._normalized(name), *after]

    def _normalized(self, name: str) -> list[Plain]:
        return [BatchNorm(f"{name}_norm")] if self.batchnorm else []

    def _dropped(self, name: str) -> list[Plain]:
        if not self.dropout or name not in DROPOUT_PLACES[self.dropout_after]:
            return []
        return [Dropout(f"{name}_dropout", self.dropout)]
