"""A convolutional network for scikit-learn's digits.

keras-mnist ablate --model examples/digits_convnet.py --data digits --each
"""

import keras
from keras import layers


def network(shape, classes, filters=8, second=True, dropout=0.3):
    """One or two convolutions, each with pooling.

    Args:
        filters: of the first convolution; the second has twice as many.
        second: whether there is a second convolution.
        dropout: share dropped before the last layer.
    """
    inputs = keras.Input(shape)
    x = layers.Reshape((*shape[:2], -1))(inputs)
    for number in range(1 + second):
        x = layers.Conv2D(filters * 2**number, 3, activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))
