"""Networks: from an experiment to a Keras model."""

import keras

from keras_mnist.experiment import Experiment
from keras_mnist.models.conv1x1 import build_conv1x1
from keras_mnist.models.lenet import build_lenet
from keras_mnist.models.mlp import build_mlp
from keras_mnist.parts import MLP, Conv1x1, CustomMLP, LeNet

_BUILDERS = {MLP: build_mlp, CustomMLP: build_mlp, LeNet: build_lenet, Conv1x1: build_conv1x1}


def build(experiment: Experiment, seed: int) -> keras.Model:
    """Return the network that `experiment` describes, its first weights drawn from `seed`.

    Layers of one name and shape start alike in every network built with the same seed.
    """
    model = experiment.model
    return _BUILDERS[type(model)](model, experiment.preprocessing.side, seed)
