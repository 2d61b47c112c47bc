"""The benchmarks' networks as one would write them in Keras, and the inputs they take."""

MEAN, DEVIATION = 0.1307, 0.3081  # the package's, in a module that would load TensorFlow


def scaled(images, normalize: bool = False):
    """Return uint8 images as float32 of the same shape: 0-1, or normalized by MNIST's moments."""
    pixels = images.astype("float32") / 255
    return (pixels - MEAN) / DEVIATION if normalize else pixels


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
    from keras import layers

    parts = [
        layers.Flatten(),
        layers.Dense(width, activation=activation),
        layers.Dropout(dropout),
        layers.Dense(width, activation=activation),
        layers.Dropout(dropout),
    ]
    return _compiled(parts, "rmsprop", steps_per_execution)


def plain_lenet5(steps_per_execution: int = 1):
    """Return the LeNet-5 of file 004 from Keras's own layers, compiled.

    It takes float32 (n, 28, 28), normalized. Its first weights are Keras's, not PyTorch's.

    Args:
        steps_per_execution: as `compile` takes it.
    """
    import keras
    from keras import layers

    parts = [
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(6, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="relu"),
        layers.Dense(84, activation="relu"),
    ]
    return _compiled(parts, keras.optimizers.SGD(0.01, momentum=0.9), steps_per_execution)


def _compiled(parts: list, optimizer, steps_per_execution: int):
    import keras

    digit = keras.layers.Dense(10, activation="softmax")
    model = keras.Sequential([keras.Input((28, 28)), *parts, digit])
    model.compile(
        optimizer=optimizer,
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    return model


PLAIN_MODELS = {"mlp": plain_mlp, "lenet5": plain_lenet5}
