"""The benchmarks' networks as one would write them in Keras, and the inputs they take."""

import numpy as np

MEAN, DEVIATION = 0.1307, 0.3081  # the package's, in a module that would load TensorFlow


def scaled(images, normalize: bool = False, side: int | None = None):
    """Return uint8 images (n, height, width, ...) as float32, (n, side, side) if enlarged.

    Args:
        images: 0-255.
        normalize: by MNIST's moments; else 0-1.
        side: to which they are enlarged, bilinearly; `None`: as they are.
    """
    if side:
        from PIL import Image

        images = np.stack([Image.fromarray(i).resize((side, side), Image.BILINEAR) for i in images])
    pixels = images.astype("float32") / 255
    return (pixels - MEAN) / DEVIATION if normalize else pixels


def inputs_of(experiment, images):
    """Return uint8 images as the float32 that an experiment's network takes."""
    return scaled(images, experiment.value("normalize"), experiment.value("side"))


def plain_mlp(
    activation: str = "relu", steps_per_execution: int = 1, width: int = 512, dropout: float = 0.2
):
    """Return the MLP of file 001 from Keras's own layers, compiled.

    It takes float32 (n, 28, 28), 0-1.

    Args:
        activation: of the hidden layers.
        steps_per_execution: as `compile` takes it.
        width: of the hidden layers, units.
        dropout: after each of them, share.
    """
    import keras
    from keras import layers

    parts = [
        layers.Flatten(),
        layers.Dense(width, activation=activation),
        layers.Dropout(dropout),
        layers.Dense(width, activation=activation),
        layers.Dropout(dropout),
        layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input((28, 28)), *parts])
    model.compile(
        optimizer="rmsprop",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    return model


def plain_network(name: str):
    """Return the network of a case from Keras's own layers, augmentation too, not compiled."""
    import keras
    from cases import CASES, as_written
    from ordinary_keras import NETWORKS

    from keras_mnist.networks.layers import Channels, Dropout
    from keras_mnist.training.build.layers import made

    case = CASES[name]
    if case.ordinary:
        return NETWORKS[name]()
    experiment, shape = case.experiment, case.experiment.shape
    parts = [keras.Input(shape)]
    for layer in as_written(experiment.layers):
        if isinstance(layer, Dropout):  # the package has a quicker one
            parts.append(keras.layers.Dropout(layer.rate))
        else:
            parts.append(made(layer, shape, experiment.value("init"), 0))
        if isinstance(layer, Channels):
            parts += _augmentation(experiment)
        shape = layer.outputs(shape)
    return keras.Sequential(parts)


def _augmentation(experiment) -> list:
    """Return Keras's own layers that turn and shift: black is what comes in from outside."""
    from keras import layers

    turn, shift = experiment.value("rotation") / 360, experiment.value("shift")  # in turns
    black = -MEAN / DEVIATION if experiment.value("normalize") else 0.0
    outside = {"interpolation": "nearest", "fill_mode": "constant", "fill_value": black}
    found = [layers.RandomRotation((-turn, turn), **outside)] if turn else []
    return [*found, layers.RandomTranslation(shift, shift, **outside)] if shift else found
