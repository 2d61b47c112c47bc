"""The benchmarks' networks as one would write them in Keras, and the inputs they take."""

import numpy as np

MEAN, DEVIATION = 0.1307, 0.3081  # the package's, in a module that would load TensorFlow


def scaled(images, normalize: bool = False, side: int = 28):
    """Return uint8 images (n, 28, 28) as float32 (n, side, side).

    Args:
        images: 0-255.
        normalize: by MNIST's moments; else 0-1.
        side: to which they are enlarged, bilinearly.
    """
    if side != 28:
        from PIL import Image

        images = np.stack([Image.fromarray(i).resize((side, side), Image.BILINEAR) for i in images])
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


def plain_lenet5_reg(steps_per_execution: int = 1):
    """Return the LeNet5_Reg of file 000 from Keras's own layers, augmentation too, compiled.

    It takes float32 (n, 32, 32), normalized: black is what comes in from outside.

    Args:
        steps_per_execution: as `compile` takes it.
    """
    import keras
    from keras import layers

    def normalized():
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)

    black = -MEAN / DEVIATION
    outside = {"interpolation": "nearest", "fill_mode": "constant", "fill_value": black}
    turn = 0.15 / 360  # Keras counts in turns
    parts = [
        layers.Reshape((32, 32, 1)),
        layers.RandomRotation((-turn, turn), **outside),
        layers.RandomTranslation(0.1, 0.1, **outside),
        *(layers.Conv2D(6, 5), normalized(), layers.ReLU(), layers.MaxPooling2D(2)),
        *(layers.Conv2D(16, 5), normalized(), layers.ReLU(), layers.MaxPooling2D(2)),
        *(layers.Flatten(), layers.Dense(120), normalized()),
        *(layers.Dense(84), normalized(), layers.ReLU(), layers.Dropout(0.3)),
    ]
    return _compiled(parts, keras.optimizers.SGD(0.01, momentum=0.9), steps_per_execution, 32)


def _compiled(parts: list, optimizer, steps_per_execution: int, side: int = 28):
    import keras

    digit = keras.layers.Dense(10, activation="softmax")
    model = keras.Sequential([keras.Input((side, side)), *parts, digit])
    model.compile(
        optimizer=optimizer,
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    return model


PLAIN_MODELS = {"mlp": plain_mlp, "lenet5": plain_lenet5, "lenet5_reg": plain_lenet5_reg}
