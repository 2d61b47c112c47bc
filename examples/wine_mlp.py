"""A small perceptron for a table, whose columns `--baseline` normalizes in all runs alike.

keras-mnist ablate --model examples/wine_mlp.py --data wine --baseline normalize=true --no-batchnorm
"""

import keras
from keras import layers


def network(shape, classes, width=32, activation="relu", dropout=0.2, batchnorm=True):
    """Two hidden layers.

    Args:
        width: units of each hidden layer.
        activation: between the layers.
        dropout: share dropped after each.
        batchnorm: normalize what each computes.
    """
    model = keras.Sequential([keras.Input(shape)])
    for _ in range(2):
        model.add(layers.Dense(width))
        if batchnorm:
            model.add(layers.BatchNormalization())
        model.add(layers.Activation(activation))
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(classes))
    return model
