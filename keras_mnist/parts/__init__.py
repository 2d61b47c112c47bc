"""The parts of an experiment, each frozen and checked when made."""

from keras_mnist.parts.augmentation import Augmentation
from keras_mnist.parts.conv1x1 import Conv1x1
from keras_mnist.parts.data import Data, Preprocessing
from keras_mnist.parts.lenet import LeNet
from keras_mnist.parts.mlp import MLP, CustomMLP
from keras_mnist.parts.training import Training

MODELS = {"mlp": MLP, "custom_mlp": CustomMLP, "lenet": LeNet, "conv1x1": Conv1x1}

__all__ = [
    "MLP",
    "MODELS",
    "Augmentation",
    "Conv1x1",
    "CustomMLP",
    "Data",
    "LeNet",
    "Preprocessing",
    "Training",
]
