"""The multilayer perceptrons."""

from dataclasses import dataclass

from keras_mnist.base.checks import integer
from keras_mnist.base.choice import Choice, Whole
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.ranges import Range
from keras_mnist.networks.choices import ACTIVATION, DROPOUT, INIT, WIDTH
from keras_mnist.networks.layers import Dense, Dropout, Flatten, Plain
from keras_mnist.networks.network import Network


def _perceptron(
    widths: tuple[int, ...], activation: str, dropout: float, classes: int
) -> list[Plain]:
    """Return the layers of a perceptron, hidden ones with an activation and dropout each."""
    found: list[Plain] = [Flatten("flat")]
    for number, width in enumerate(widths, 1):
        found.append(Dense(f"hidden_{number}", width, activation))
        if dropout:
            found.append(Dropout(f"dropout_{number}", dropout))
    return [*found, Dense("digit", classes, "softmax")]


@dataclass(frozen=True)
class MLP(Network):
    """Flatten, then hidden layers (dense, activation, dropout), then ten softmax outputs.

    Attributes:
        width: units of each hidden layer.
        hidden_layers: how many; 0 leaves softmax regression.
        activation: of the hidden layers; `linear` is none.
        dropout: share of hidden activations dropped in training, in [0, 1).
        init: the first weights: `pytorch` (weights and biases uniform in +-1/sqrt(inputs of a
            unit)) or, beside biases of zero, `keras` (Glorot uniform), `he_uniform`, `orthogonal`.

    Source: 001_2bef09a2c007b1dd.txt, whose notebook has 512 units where its text says 518.
    """

    width: int = WIDTH.default(512)
    hidden_layers: int = Choice(Whole(0, 64), "how many hidden layers", search=Range(1, 4)).default(
        2
    )
    activation: str = ACTIVATION.default("relu")
    dropout: float = DROPOUT.default(0.2)
    init: str = INIT.default("keras")

    def layers(self, classes: int) -> list[Plain]:
        """Return its layers, the last of `classes` softmax outputs."""
        widths = (self.width,) * self.hidden_layers
        return _perceptron(widths, self.activation, self.dropout, classes)


def _listed(name: str, widths) -> tuple[int, ...]:
    if not isinstance(widths, (list, tuple)):
        raise ExperimentError(f"{name} must be listed, as in (60, 20)", repr(widths))
    for width in widths:
        integer(f"each of {name}", width, 1, 16384)
    return tuple(widths)


@dataclass(frozen=True)
class CustomMLP(Network):
    """The same with hidden layers of different widths.

    Attributes:
        widths: units of each hidden layer, from the input on.
        activation, dropout, init: as in `MLP`.

    Source: 000_9ab0130caae9d676.txt (dense 60, 20, 10, nothing between them) and
    003_dc70e8b9d719b7ce.txt (dropout there precedes ReLU, which is the same function).
    """

    widths: tuple[int, ...] = Choice(_listed, flag=False).default((60, 20))
    activation: str = ACTIVATION.default("linear")
    dropout: float = DROPOUT.default(0.0)
    init: str = INIT.default("pytorch")

    def layers(self, classes: int) -> list[Plain]:
        """Return its layers, the last of `classes` softmax outputs."""
        return _perceptron(self.widths, self.activation, self.dropout, classes)
