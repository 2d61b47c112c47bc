"""Attention over the rows of a picture.

keras-mnist ablate --model examples/attention.py --data digits --no-positions
"""

import keras
from keras import layers


class Positions(layers.Layer):
    """Adds to each row a vector of its place, which is learned."""

    def build(self, shape):
        self.places = self.add_weight(name="places", shape=shape[1:], initializer="random_normal")

    def call(self, rows):
        return rows + self.places


def network(shape, classes, width=32, heads=2, positions=True):
    """One layer of attention over the rows.

    Args:
        width: of a row's vector.
        heads: of the attention.
        positions: tell each row its place.
    """
    inputs = keras.Input(shape)
    x = layers.Dense(width)(layers.Reshape((shape[0], -1))(inputs))
    if positions:
        x = Positions()(x)
    x = layers.Add()([x, layers.MultiHeadAttention(heads, width // heads)(x, x)])
    x = layers.LayerNormalization()(x)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, layers.Dense(classes)(x))
