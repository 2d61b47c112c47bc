"""Losses over softmax outputs: of labels and probabilities float32 (n, classes).

Labels are int32 (n,), or each class's share of them, float32 (n, classes).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from keras_mnist.base.backend import keras, tf
from keras_mnist.experiment.fit import Fit

CLIP = 1e-7  # Keras's `epsilon()` in 2020, as today


def crossentropy(labels, probabilities):
    """Return the cross-entropy of each image, float32 (n,), as today's Keras computes it.

    Keras finds the logits behind a softmax output and works on those, so that neither the loss
    nor its gradient saturates.
    """
    if _are_shares(labels, probabilities):
        return keras.losses.categorical_crossentropy(labels, probabilities)
    return keras.losses.sparse_categorical_crossentropy(labels, probabilities)


def clipped(labels, probabilities):
    """Return the cross-entropy of each image, float32 (n,), as Keras computed it in 2020.

    The probability is clipped to [1e-7, 1 - 1e-7] before the logarithm; where the clip is
    active the gradient is zero, so an image that is confidently wrong teaches nothing.
    """
    if _are_shares(labels, probabilities):
        logarithms = tf.math.log(tf.clip_by_value(probabilities, CLIP, 1 - CLIP))
        return -tf.reduce_sum(labels * logarithms, axis=-1)
    probability = tf.gather(probabilities, labels, batch_dims=1)
    return -tf.math.log(tf.clip_by_value(probability, CLIP, 1 - CLIP))


def softmax_twice(labels, probabilities):
    """Return the cross-entropy of each image, float32 (n,), that takes probabilities for logits.

    With ten classes it is never below ln(1 + 9/e) = 1.4612, and 2.3026 where all are alike.

    Source: 003_dc70e8b9d719b7ce.txt, whose losses are otherwise impossible.
    """
    if _are_shares(labels, probabilities):
        return tf.nn.softmax_cross_entropy_with_logits(labels, probabilities)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, probabilities)


def _are_shares(labels, probabilities) -> bool:
    return len(labels.shape) == len(probabilities.shape)


# What they return is a tensor of TensorFlow, not of any backend as Keras has it.
LOSSES: dict[str, Callable[..., Any]] = {
    "crossentropy": crossentropy,
    "clipped": clipped,
    "softmax_twice": softmax_twice,
}


def loss_of(fit: Fit) -> Callable[..., Any]:
    """Return a function of labels, int32 (n,), and probabilities to each image's loss."""
    loss, spread = LOSSES[fit.loss], fit.label_smoothing
    if not spread:
        return loss

    def smoothed(labels, probabilities):
        classes = probabilities.shape[-1]
        shares = tf.one_hot(labels, classes) * (1 - spread) + spread / classes
        return loss(shares, probabilities)

    return smoothed


def balanced(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return how much an example of each class counts, float32 (classes,).

    That is n / (k n_c) for class c of the k that occur: classes count alike, and an example once
    on average.

    Args:
        labels: of the n training images, whole numbers (n,).
        classes: how many there are.
    """
    counts = np.bincount(labels, minlength=classes)
    each = len(labels) / np.count_nonzero(counts)
    return np.divide(each, counts, out=np.zeros(classes), where=counts > 0).astype(np.float32)
