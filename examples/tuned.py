"""A keras-tuner function as it is: its `hp` calls are the choices, and the space of a search.

keras-mnist search --model examples/tuned.py:build --data digits --trials 4
"""

import keras
from keras import layers


def build(hp):
    """Return a perceptron whose width and dropout keras-tuner chooses."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(hp.Int("units", 8, 64, step=8, default=32), activation="relu"),
            layers.Dropout(hp.Float("dropout", 0.0, 0.5, step=0.1, default=0.2)),
            layers.Dense(10, activation="softmax"),
        ]
    )
