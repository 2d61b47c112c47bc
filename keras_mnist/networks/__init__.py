"""What a network is, without TensorFlow: its choices and the sizes of its layers."""

from keras_mnist.networks.conv1x1 import Conv1x1
from keras_mnist.networks.lenet import LeNet
from keras_mnist.networks.mlp import MLP, CustomMLP
from keras_mnist.networks.network import Network

NETWORKS: dict[str, type[Network]] = {
    "mlp": MLP,
    "custom_mlp": CustomMLP,
    "lenet": LeNet,
    "conv1x1": Conv1x1,
}

__all__ = ["MLP", "NETWORKS", "Conv1x1", "CustomMLP", "LeNet", "Network"]
