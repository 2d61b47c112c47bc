"""Networks: from an experiment to a Keras model."""

from keras_mnist.base.backend import keras
from keras_mnist.experiment import Experiment
from keras_mnist.training.build.conv1x1 import build_conv1x1
from keras_mnist.training.build.lenet import build_lenet
from keras_mnist.training.build.mlp import build_mlp
from keras_mnist.networks import MLP, Conv1x1, CustomMLP, LeNet

_BUILDERS = {MLP: build_mlp, CustomMLP: build_mlp, LeNet: build_lenet, Conv1x1: build_conv1x1}


def build(experiment: Experiment, seed: int, precision: str = "float32") -> keras.Model:
    """Return the network that `experiment` describes, its first weights drawn from `seed`.

    Layers of one name and shape start alike in every network built with the same seed.

    Args:
        precision: `float32` or `bfloat16`, in which the hidden dense layers compute.
    """
    model = experiment.model
    network = _BUILDERS[type(model)](model, experiment.preprocessing.side, seed)
    if precision == "bfloat16":
        for layer in network.layers[:-1]:  # the last one's probabilities are not rounded
            if isinstance(layer, keras.layers.Dense):
                layer.dtype_policy = "mixed_bfloat16"
    return network
