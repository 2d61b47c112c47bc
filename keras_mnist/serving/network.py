"""The network that leaves: Keras's own layers, from raw pixels to probabilities."""

from keras_mnist.base.backend import keras
from keras_mnist.experiment import Experiment
from keras_mnist.serving.formats import dtype_of
from keras_mnist.training.build import build
from keras_mnist.training.pixels import resize, to_inputs


def serving_network(experiment: Experiment, weights: list) -> keras.Model:
    """Return uint8 images (n, *shape) in, float32 probabilities (n, classes) out.

    All preprocessing is inside. It needs nothing of this package to be loaded.

    Args:
        experiment: that was trained.
        weights: arrays in the order of its network's weights.
    """
    trained = build(experiment, seed=0)
    plain = keras.models.clone_model(trained, clone_function=_plain)
    plain.set_weights(weights)
    images = keras.Input(experiment.data.shape, dtype=dtype_of(experiment), name="image")
    side = experiment.pixels.side
    levels = images if side is None else resize(images, side)
    outputs = plain(to_inputs(experiment.pixels, levels))
    return keras.Model(images, outputs, name=experiment.kind)


def _plain(layer):
    """Return a layer's copy, that of a class of ours as the Keras class it stands for."""
    if isinstance(layer, keras.layers.Dropout):
        return keras.layers.Dropout(layer.rate, name=layer.name)
    return type(layer).from_config(layer.get_config())
