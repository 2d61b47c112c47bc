"""The network of 1 x 1 convolutions."""

from dataclasses import dataclass

from keras_mnist.base.choice import Choice, Switch
from keras_mnist.networks.choices import ACTIVATION, INIT
from keras_mnist.networks.layers import (
    Channels,
    Conv,
    Dense,
    Flatten,
    Plain,
    activated,
    max_pooled,
)
from keras_mnist.networks.network import Network


@dataclass(frozen=True)
class Conv1x1(Network):
    """Two convolutions, each with max-pooling by 2 and a 1 x 1 convolution, then LeNet's head.

    120 kernels of 5 x 5, then 6 of 1 x 1; 150 of 3 x 3, then 12 of 1 x 1; dense 120, 84 and 10.

    Attributes:
        activation: after each convolution and after dense 120 and 84.
        pool_last: pool after the 1 x 1 convolution instead of before it.
        init: as in `MLP`.

    Source: 004_f77e747c887b2cb7.txt, which proposes `pool_last` as future work.
    """

    activation: str = ACTIVATION.default("relu")
    pool_last: bool = Choice(Switch(), "pooling after the 1 x 1 convolutions").default(False)
    init: str = INIT.default("pytorch")

    def layers(self, classes: int) -> list[Plain]:
        """Return its layers, the last of `classes` softmax outputs."""
        pooled, kept = (max_pooled, activated) if not self.pool_last else (activated, max_pooled)
        found: list[Plain] = [Channels("channels")]
        for number, (filters, kernel, squeezed) in enumerate(((120, 5, 6), (150, 3, 12)), 1):
            wide, narrow = f"conv_{number}", f"squeeze_{number}"
            found += [Conv(wide, filters, kernel), *pooled(wide, self.activation)]
            found += [Conv(narrow, squeezed, 1), *kept(narrow, self.activation)]
        return [
            *found,
            Flatten("flat"),
            Dense("c5", 120, self.activation),
            Dense("f6", 84, self.activation),
            Dense("digit", classes, "softmax"),
        ]
