"""Keras's own MNIST convnet, its dropout, second convolution and width as arguments."""

import keras
from keras import layers


def network(shape, classes, width=32, second=True, dropout=0.5):
    """Args:
    width: filters of the first convolution; the second has twice as many.
    second: whether there is a second convolution, with its pooling.
    dropout: share dropped before the last layer.
    """
    model = keras.Sequential([keras.Input(shape), layers.Reshape((*shape[:2], -1))])
    model.add(layers.Conv2D(width, 3, activation="relu", name="first"))
    model.add(layers.MaxPooling2D(name="first_pool"))
    if second:
        model.add(layers.Conv2D(2 * width, 3, activation="relu", name="second"))
        model.add(layers.MaxPooling2D(name="second_pool"))
    model.add(layers.Flatten())
    model.add(layers.Dropout(dropout))
    model.add(layers.Dense(classes, activation="softmax", name="digit"))
    return model
