"""Losses over softmax outputs: of labels int32 (n,) and probabilities float32 (n, classes)."""

from collections.abc import Callable
from typing import Any

from keras_mnist.base.backend import keras, tf

CLIP = 1e-7  # Keras's `epsilon()` in 2020, as today


def crossentropy(labels, probabilities):
    """Return the cross-entropy of each image, float32 (n,), as today's Keras computes it.

    Keras finds the logits behind a softmax output and works on those, so that neither the loss
    nor its gradient saturates.
    """
    return keras.losses.sparse_categorical_crossentropy(labels, probabilities)


def clipped(labels, probabilities):
    """Return the cross-entropy of each image, float32 (n,), as Keras computed it in 2020.

    The probability is clipped to [1e-7, 1 - 1e-7] before the logarithm; where the clip is
    active the gradient is zero, so an image that is confidently wrong teaches nothing.
    """
    probability = tf.gather(probabilities, labels, batch_dims=1)
    return -tf.math.log(tf.clip_by_value(probability, CLIP, 1 - CLIP))


def softmax_twice(labels, probabilities):
    """Return the cross-entropy of each image, float32 (n,), that takes probabilities for logits.

    With ten classes it is never below ln(1 + 9/e) = 1.4612, and 2.3026 where all are alike.

    Source: 003_dc70e8b9d719b7ce.txt, whose losses are otherwise impossible.
    """
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, probabilities)


# What they return is a tensor of TensorFlow, not of any backend as Keras has it.
LOSSES: dict[str, Callable[..., Any]] = {
    "crossentropy": crossentropy,
    "clipped": clipped,
    "softmax_twice": softmax_twice,
}
