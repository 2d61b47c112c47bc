"""The network that leaves: Keras's own layers, from raw pixels to probabilities."""

from typing import Any

from keras_mnist.base.backend import keras
from keras_mnist.experiment import Experiment
from keras_mnist.networks.own import Own
from keras_mnist.training.build import build
from keras_mnist.training.build.dropout import FastDropout, FastMapDropout
from keras_mnist.training.pixels import resize, to_inputs

_STANDS_FOR = {
    FastDropout: keras.layers.Dropout,
    FastMapDropout: keras.layers.SpatialDropout2D,
}


def serving_network(experiment: Experiment, weights: list) -> keras.Model:
    """Return raw examples (n, *shape) in, mostly uint8, float32 probabilities (n, classes) out.

    All preprocessing is inside. It needs nothing of this package to be loaded.

    Args:
        experiment: that was trained.
        weights: arrays in the order of its network's weights.
    """
    trained = build(experiment, seed=0)
    if not isinstance(experiment.network, Own):  # whose layers nobody but its author knows
        trained = keras.models.clone_model(trained, clone_function=_plain)
    trained.set_weights(weights)
    data = experiment.data
    images = keras.Input(data.shape, dtype=data.dtype, name="image")
    side = experiment.pixels.side
    levels = images if side is None else resize(images, side)
    outputs: Any = trained(to_inputs(experiment.pixels, levels, data.values))
    if keras.backend.standardize_dtype(outputs.dtype) != "float32":
        outputs = keras.ops.cast(outputs, "float32")
    if experiment.network.outputs(experiment.shape, data.classes) == "logits":
        outputs = keras.ops.softmax(outputs)
    return keras.Model(images, outputs, name=experiment.kind)


def _plain(layer):
    """Return a layer's copy, that of a class of ours as the Keras class it stands for."""
    if type(layer) in _STANDS_FOR:
        return _STANDS_FOR[type(layer)](layer.rate, name=layer.name)
    return type(layer).from_config(layer.get_config())
