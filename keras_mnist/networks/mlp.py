"""The multilayer perceptrons."""

from dataclasses import dataclass

from keras_mnist.base.checks import integer, one_of, real
from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.layers import Dense, Dropout, Flatten, Plain

ACTIVATIONS = ("relu", "tanh", "linear")
INITS = ("keras", "pytorch")


class _Perceptron:
    """What both perceptrons share; a subclass has `widths`, `activation`, `dropout`, `init`."""

    def layers(self, classes: int) -> list[Plain]:
        """Return its layers, the last of `classes` softmax outputs."""
        found: list[Plain] = [Flatten("flat")]
        for number, width in enumerate(self.widths, 1):
            found.append(Dense(f"hidden_{number}", width, self.activation))
            if self.dropout:
                found.append(Dropout(f"dropout_{number}", self.dropout))
        return [*found, Dense("digit", classes, "softmax")]

    def _check(self):
        one_of("activation", self.activation, ACTIVATIONS)
        real(self, "dropout", 0, 1, "[)")
        one_of("init", self.init, INITS)


@dataclass(frozen=True)
class MLP(_Perceptron):
    """Flatten, then hidden layers (dense, activation, dropout), then ten softmax outputs.

    Attributes:
        width: units of each hidden layer.
        hidden_layers: how many; 0 leaves softmax regression.
        activation: of the hidden layers; `linear` is none.
        dropout: share of hidden activations dropped in training, in [0, 1).
        init: whose first weights: `keras` (Glorot uniform, zero biases) or `pytorch` (weights
            and biases uniform in +-1/sqrt(inputs of a unit)).

    Source: 001_2bef09a2c007b1dd.txt, whose notebook has 512 units where its text says 518.
    """

    width: int = 512
    hidden_layers: int = 2
    activation: str = "relu"
    dropout: float = 0.2
    init: str = "keras"

    def __post_init__(self):
        integer("width", self.width, 1, 16384)
        integer("hidden_layers", self.hidden_layers, 0, 64)
        self._check()

    @property
    def widths(self) -> tuple[int, ...]:
        """The units of each hidden layer."""
        return (self.width,) * self.hidden_layers


@dataclass(frozen=True)
class CustomMLP(_Perceptron):
    """The same with hidden layers of different widths.

    Attributes:
        widths: units of each hidden layer, from the input on.
        activation, dropout, init: as in `MLP`.

    Source: 000_9ab0130caae9d676.txt (dense 60, 20, 10, nothing between them) and
    003_dc70e8b9d719b7ce.txt (dropout there precedes ReLU, which is the same function).
    """

    widths: tuple[int, ...] = (60, 20)
    activation: str = "linear"
    dropout: float = 0.0
    init: str = "pytorch"

    def __post_init__(self):
        if not isinstance(self.widths, (list, tuple)):
            raise ExperimentError("widths must be listed, as in (60, 20)", repr(self.widths))
        object.__setattr__(self, "widths", tuple(self.widths))
        for width in self.widths:
            integer("each of widths", width, 1, 16384)
        self._check()
