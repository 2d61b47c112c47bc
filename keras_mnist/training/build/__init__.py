"""From an experiment to the Keras network: by its list of layers, or by a person's function."""

from keras_mnist.base.backend import keras
from keras_mnist.experiment import Experiment
from keras_mnist.networks.layers import Channels
from keras_mnist.networks.own import Own
from keras_mnist.training.build.layers import made
from keras_mnist.training.build.own import build_own


def build(experiment: Experiment, seed: int, precision: str = "float32") -> keras.Model:
    """Return the network that `experiment` describes, its first weights drawn from `seed`.

    Layers of one name and shape start alike in every network built with the same seed.

    Args:
        precision: `float32` or `bfloat16`, in which the hidden dense layers compute.
    """
    network, shape = experiment.network, experiment.shape
    if isinstance(network, Own):
        return build_own(network, shape, experiment.data.classes, seed)
    return _from_list(experiment, seed, precision)


def _from_list(experiment: Experiment, seed: int, precision: str) -> keras.Model:
    listed, shape = experiment.layers, experiment.shape
    inputs = keras.Input(shape, name="pixels")
    layers = []
    for layer in listed:
        layers.append(made(layer, shape, experiment.network.init, seed))
        shape = layer.outputs(shape)
    if any(isinstance(layer, Channels) for layer in listed):
        x = inputs
        for layer in layers:
            x = layer(x)
        network = keras.Model(inputs, x, name=experiment.kind)
    else:
        network = keras.Sequential([inputs, *layers], name=experiment.kind)
    if precision == "bfloat16":
        for layer in network.layers[:-1]:  # the last one's probabilities are not rounded
            if isinstance(layer, keras.layers.Dense):
                layer.dtype_policy = "mixed_bfloat16"
    return network
