"""Keras's dropouts with masks that are cheaper to draw (benchmarks/NOTES.md)."""

import math

from keras_mnist.base.backend import keras, tf
from keras_mnist.training.build.random_bits import random_halfwords


def scaled_mask(seed, shape, rate: float):
    """Return float32 of a fixed `shape`: 0 with probability `rate`, else 1 / (1 - rate).

    The probability is rounded to 1/65536.
    """
    halfwords = random_halfwords(seed, math.prod(shape))
    keep = halfwords >= tf.constant(round(rate * 65536) - 32768, tf.int16)
    return tf.reshape(tf.cast(keep, tf.float32) * (1 / (1 - rate)), shape)


@keras.saving.register_keras_serializable("keras_mnist")
class FastDropout(keras.layers.Dropout):
    """`keras.layers.Dropout` in all but the order of its random numbers.

    Takes float32 inputs of any shape that is fixed when traced. Outside training it is the
    identity, as its parent is.
    """

    def call(self, inputs, training=False):
        """Return `inputs`, in training with a share of them dropped and the rest scaled up."""
        if not training or self.rate == 0:
            return inputs
        if None in inputs.shape:
            return super().call(inputs, training=training)
        seed = self.seed_generator.next()
        return inputs * tf.stop_gradient(scaled_mask(seed, inputs.shape, self.rate))


@keras.saving.register_keras_serializable("keras_mnist")
class FastMapDropout(keras.layers.SpatialDropout2D):
    """`keras.layers.SpatialDropout2D` in all but the order of its random numbers.

    Takes float32 feature maps, (n, side, side, maps), n fixed when traced. Outside training it is
    the identity, as its parent is.
    """

    def call(self, inputs, training=False):
        """Return `inputs`, in training with a share of the maps dropped, the rest scaled up."""
        if None in inputs.shape:
            return super().call(inputs, training=training)
        return self.dropped(inputs, (inputs.shape[0], 1, 1, inputs.shape[3]), training)

    def dropped(self, inputs, shape: tuple[int, ...], training: bool):
        """Return `inputs` times a mask of `shape`, which they are broadcast over."""
        if not training or self.rate == 0:
            return inputs
        seed = self.seed_generator.next()
        return inputs * tf.stop_gradient(scaled_mask(seed, shape, self.rate))
