"""What every built-in network is: choices, and a list of layers that they decide."""

from keras_mnist.base.choice import Choices
from keras_mnist.networks.layers import Plain


class Network(Choices):
    """Base of the built-in networks, frozen dataclasses of choices.

    Attributes:
        init: whose first weights: `keras` (Glorot uniform, zero biases) or `pytorch` (weights
            and biases uniform in +-1/sqrt(inputs of a unit)).
    """

    init: str

    def layers(self, classes: int) -> list[Plain]:
        """Return its layers, the last of `classes` softmax outputs."""
        raise NotImplementedError
