"""What a network is, without TensorFlow: its choices and the sizes of its layers."""

from keras_mnist.base.checks import one_of
from keras_mnist.networks.code import KIND
from keras_mnist.networks.conv1x1 import Conv1x1
from keras_mnist.networks.layers import Shape
from keras_mnist.networks.lenet import LeNet
from keras_mnist.networks.mlp import MLP, CustomMLP
from keras_mnist.networks.network import NETWORKS, Network
from keras_mnist.networks.own import recorded

NETWORKS |= {
    "mlp": MLP,
    "custom_mlp": CustomMLP,
    "lenet": LeNet,
    "conv1x1": Conv1x1,
}

__all__ = ["MLP", "NETWORKS", "Conv1x1", "CustomMLP", "LeNet", "Network", "from_stored"]


def from_stored(content: dict, shape: Shape, classes: int) -> Network:
    """Return the network that a record tells of; nothing of it is run.

    Args:
        content: as `Network.stored` returns it.
        shape: of an example.
        classes: how many there are.

    Raises:
        ExperimentError, LookupError, TypeError, ValueError: it tells of none.
    """
    fields = dict(content)
    kind = fields.pop("kind")
    if kind == KIND:
        return recorded(fields, shape, classes)
    one_of("model kind", kind, NETWORKS)
    return NETWORKS[kind](**fields)
