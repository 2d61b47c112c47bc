"""The network of 1 x 1 convolutions."""

from dataclasses import dataclass

from keras_mnist.base.checks import boolean, one_of
from keras_mnist.networks.mlp import ACTIVATIONS, INITS
from keras_mnist.networks.sizes import DIGITS, Layer, conv, denses, inputs_of


@dataclass(frozen=True)
class Conv1x1:
    """Two convolutions, each with max-pooling by 2 and a 1 x 1 convolution, then LeNet's head.

    120 kernels of 5 x 5, then 6 of 1 x 1; 150 of 3 x 3, then 12 of 1 x 1; dense 120, 84 and 10.

    Attributes:
        activation: after each convolution and after dense 120 and 84.
        pool_last: pool after the 1 x 1 convolution instead of before it.
        init: as in `MLP`.

    Source: 004_f77e747c887b2cb7.txt, which proposes `pool_last` as future work.
    """

    activation: str = "relu"
    pool_last: bool = False
    init: str = "pytorch"

    def __post_init__(self):
        one_of("activation", self.activation, ACTIVATIONS)
        boolean("pool_last", self.pool_last)
        one_of("init", self.init, INITS)

    def layers(self, side: int) -> list[Layer]:
        """Return the sizes of its layers for images of `side` pixels a side."""
        last = self.pool_last
        first = side - 4
        second = first // 2 - 2
        shrunk = 1 if last else 2
        convs = [
            conv("conv_1", first, 1, 120, 5, pooled=not last),
            conv("squeeze_1", first // shrunk, 120, 6, 1, pooled=last),
            conv("conv_2", second, 6, 150, 3, pooled=not last),
            conv("squeeze_2", second // shrunk, 150, 12, 1, pooled=last),
        ]
        widths = {"c5": 120, "f6": 84, "digit": DIGITS}
        return convs + denses(inputs_of(convs), widths)
