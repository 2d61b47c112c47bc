"""What every network is: choices, and what they make of it."""

from keras_mnist.base.choice import Choices, plain
from keras_mnist.networks.layers import Plain, Shape, Size, sizes

# The built-in ones, by the name that records have.
NETWORKS: dict[str, type["Network"]] = {}


class Network(Choices):
    """Base of the networks, frozen dataclasses of choices; what it says holds of built-in ones.

    Attributes:
        init: whose first weights: `keras` (Glorot uniform, zero biases) or `pytorch` (weights
            and biases uniform in +-1/sqrt(inputs of a unit)).
    """

    init: str

    @property
    def kind(self) -> str:
        """What it is called on the command line and in records: `mlp`."""
        return next(name for name, kind in NETWORKS.items() if isinstance(self, kind))

    def layers(self, classes: int) -> list[Plain]:
        """Return its layers, the last of `classes` softmax outputs."""
        raise NotImplementedError

    def sizes(self, shape: Shape, classes: int) -> list[Size]:
        """Return what the layers that have a kernel weigh, for examples of `shape`."""
        return sizes(self.layers(classes), shape)

    def outputs(self, shape: Shape, classes: int) -> str:
        """Return whether it ends in `probabilities` or in `logits`."""
        return "probabilities"

    def is_known(self, shape: Shape, classes: int) -> bool:
        """Return whether its sizes can be told: not so before a person's function has run."""
        return True

    def compiled(self, shape: Shape, classes: int) -> dict:
        """Return the choices of how to fit that it brings of its own, by name."""
        return {}

    def keeps_state(self, shape: Shape, classes: int) -> bool:
        """Return whether something in it may be carried from one run to the next."""
        return False

    def decisive(self, departures: dict, shape: Shape, classes: int) -> dict:
        """Return what of it enters a key.

        Args:
            departures: its choices that are not at their defaults.
            shape: of an example.
            classes: how many there are.
        """
        return {"kind": self.kind, **departures}

    def stored(self, shape: Shape, classes: int) -> dict:
        """Return it as records have it; arguments as in `decisive`."""
        return {"kind": self.kind, **plain(self)}
