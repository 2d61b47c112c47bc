"""Keras's dropout with a mask that costs a tenth as much to draw."""

import math

import keras
import tensorflow as tf

from keras_mnist.models.random_bits import random_halfwords


@tf.function(jit_compile=True, autograph=False)
def _scaled_mask(seed, like, rate: float):
    """Return float32 of `like`'s shape: 0 with probability `rate`, else 1 / (1 - rate).

    `like` comes only for its shape, which XLA needs fixed. The probability is rounded to
    1/65536.
    """
    halfwords = random_halfwords(seed, math.prod(like.shape))
    keep = halfwords >= tf.constant(round(rate * 65536), tf.uint32)
    return tf.reshape(tf.where(keep, 1 / (1 - rate), 0.0), like.shape)


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
        return inputs * tf.stop_gradient(_scaled_mask(seed, inputs, self.rate))
