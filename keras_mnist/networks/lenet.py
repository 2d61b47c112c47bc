"""LeNet-5 by its named parts."""

from dataclasses import dataclass, replace

from keras_mnist.base.choice import Choice, Off, Switch, Word
from keras_mnist.networks.choices import ACTIVATION, DROPOUT, INIT, WIDTH
from keras_mnist.networks.layers import (
    BatchNorm,
    Channels,
    Conv,
    Dense,
    Dropout,
    Flatten,
    MapDropout,
    Plain,
    Pool,
    activated,
    max_pooled,
)
from keras_mnist.networks.network import Network

# Where dropout may sit: after F6's activation; after those of C5 and F6; after poolings too.
DROPOUT_PLACES = {"f6": {"f6"}, "dense": {"c5", "f6"}, "everywhere": {"c1", "c3", "c5", "f6"}}


def _has_no_activation(lenet: "LeNet") -> str:
    return "" if lenet.activation != "linear" else "The activation of all layers is linear"


def _drops_nothing(lenet: "LeNet") -> str:
    return "" if lenet.dropout else "There is no dropout"


def _drops_no_maps(lenet: "LeNet") -> str:
    after = "" if lenet.dropout_after == "everywhere" else "There is no dropout after a pooling"
    return _drops_nothing(lenet) or after


@dataclass(frozen=True)
class LeNet(Network):
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
        dropout_of: what is dropped after a pooling: single `units`, or whole feature `maps`
            (Keras's `SpatialDropout2D`, PyTorch's `Dropout2d`).
        init: as in `MLP`.

    Source: the four course reports, 000, 002, 003 and 004; 61,706 parameters in each.
    """

    activation: str = ACTIVATION.default("relu")
    pool: str = Choice(Word(("max", "average")), "kind of pooling").default("max")
    padding: str = Choice(Word(("same", "valid")), "of the first convolution").default("same")
    c5_activation: bool = Choice(
        Switch(), "the activation after dense 120", idle=_has_no_activation
    ).default(True)
    batchnorm: bool = Choice(
        Switch(),
        "batch normalization",
        Off(False, "no batchnorm", "no batch normalization"),
    ).default(False)
    dropout: float = DROPOUT.default(0.0)
    dropout_after: str = Choice(
        Word(tuple(DROPOUT_PLACES)), "where dropout sits", idle=_drops_nothing
    ).default("f6")
    dropout_of: str = Choice(
        Word(("units", "maps")),
        "what dropout after a pooling drops",
        idle=_drops_no_maps,
    ).default("units")
    init: str = INIT.default("pytorch")
    c5_width: int = replace(WIDTH, help="units of the first dense layer").default(120)
    f6_width: int = replace(WIDTH, help="units of the second").default(84)

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
        return [conv, *self._normalized(conv.name), *pooled, *self._dropped(conv.name, True)]

    def _dense(self, name: str, units: int, activation: str) -> list[Plain]:
        after = [*activated(name, activation), *self._dropped(name)]
        return [Dense(name, units), *self._normalized(name), *after]

    def _normalized(self, name: str) -> list[Plain]:
        return [BatchNorm(f"{name}_norm")] if self.batchnorm else []

    def _dropped(self, name: str, maps: bool = False) -> list[Plain]:
        if not self.dropout or name not in DROPOUT_PLACES[self.dropout_after]:
            return []
        kind = MapDropout if maps and self.dropout_of == "maps" else Dropout
        return [kind(f"{name}_dropout", self.dropout)]
