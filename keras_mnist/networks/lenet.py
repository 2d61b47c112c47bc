"""LeNet-5 by its named parts."""

from dataclasses import dataclass

from keras_mnist.base.checks import boolean, integer, one_of, real
from keras_mnist.networks.mlp import ACTIVATIONS, INITS
from keras_mnist.networks.sizes import DIGITS, Layer, conv, denses, inputs_of

POOLS = ("max", "average")
PADDINGS = ("same", "valid")
# Where dropout may sit: after F6's activation; after those of C5 and F6; after poolings too.
DROPOUT_PLACES = ("f6", "dense", "everywhere")


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

    def layers(self, side: int) -> list[Layer]:
        """Return the sizes of its layers for images of `side` pixels a side."""
        first = side if self.padding == "same" else side - 4
        convs = [conv("c1", first, 1, 6, 5, self.batchnorm, pooled=True)]
        convs += [conv("c3", first // 2 - 4, 6, 16, 5, self.batchnorm, pooled=True)]
        norm = ("c5", "f6") if self.batchnorm else ()
        widths = {"c5": self.c5_width, "f6": self.f6_width, "digit": DIGITS}
        return convs + denses(inputs_of(convs), widths, norm)
