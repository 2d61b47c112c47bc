"""Networks: from an experiment's model to a Keras model."""

import keras

from keras_mnist.models.mlp import build_mlp
from keras_mnist.parts import MLP

_BUILDERS = {MLP: build_mlp}


def build(model, seed: int) -> keras.Model:
    """Return the Keras network that `model` describes, its first weights drawn from `seed`.

    Layers of one name and shape start alike in every network built with the same seed.
    """
    return _BUILDERS[type(model)](model, seed)
