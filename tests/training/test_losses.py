import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_mnist.experiment import Fit
from keras_mnist.training.losses import (
    LOSSES,
    balanced,
    clipped,
    crossentropy,
    loss_of,
    softmax_twice,
)


def test_crossentropy_by_hand():
    # softmax(0, ln 3, 0...) over ten classes: 3/12 for class 1, 1/12 for the rest.
    probabilities = tf.nn.softmax(tf.constant([[0.0, math.log(3)] + [0.0] * 8] * 2))
    losses = crossentropy(tf.constant([1, 0]), probabilities).numpy()
    np.testing.assert_allclose(losses, [math.log(4), math.log(12)], rtol=1e-5)
    losses = clipped(tf.constant([1, 0]), probabilities).numpy()
    np.testing.assert_allclose(losses, [math.log(4), math.log(12)], rtol=1e-5)


def test_softmax_twice_by_hand():
    sure, even = np.eye(10, dtype=np.float32)[:1], np.full((1, 10), 0.1, np.float32)
    probabilities = tf.constant(np.concatenate([sure, sure, even]))
    losses = softmax_twice(tf.constant([0, 3, 7]), probabilities).numpy()
    right, wrong = math.log(1 + 9 / math.e), math.log(math.e + 9)
    assert right == pytest.approx(1.4612, abs=5e-5)
    np.testing.assert_allclose(losses, [right, wrong, math.log(10)], rtol=1e-6)


def test_softmax_twice_takes_the_gradient_through_both():
    """At even probabilities, that of the second softmax times 0.1: 0.01, and -0.09 for the digit.

    Keras, which finds the logits behind a softmax, must not be asked.
    """

    @tf.function
    def slope(logits):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = softmax_twice(tf.constant([2]), keras.activations.softmax(logits))
        return tape.gradient(value, logits)

    expected = [[0.01, 0.01, -0.09] + [0.01] * 7]
    np.testing.assert_allclose(slope(tf.zeros((1, 10))), expected, rtol=1e-5)


@pytest.mark.parametrize("loss, saturates", [(crossentropy, False), (clipped, True)])
def test_only_the_clipped_loss_saturates(loss, saturates):
    logits = tf.constant([[100.0] + [0.0] * 9])

    @tf.function
    def gradient(logits):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = loss(tf.constant([1]), keras.activations.softmax(logits))
        return value, tape.gradient(value, logits)

    value, slope = gradient(logits)
    if saturates:  # -ln 1e-7, and no way back
        np.testing.assert_allclose(value, [16.118], rtol=1e-4)
        np.testing.assert_array_equal(slope, np.zeros((1, 10)))
    else:
        np.testing.assert_allclose(value, [100.0], rtol=1e-4)
        np.testing.assert_allclose(slope[0, :2], [1.0, -1.0], atol=1e-5)


SAID = np.random.default_rng(0).dirichlet(np.ones(5), 8).astype(np.float32)
LABELS = np.arange(8, dtype=np.int32) % 5


@pytest.mark.parametrize("name", LOSSES)
def test_smoothed_labels_take_their_share_of_every_class_s_loss(name):
    """Each loss is linear in the labels; the share goes to all classes, the right one too."""
    plain, smoothed = LOSSES[name], loss_of(Fit(loss=name, label_smoothing=0.2))
    every = [plain(tf.fill([8], k), tf.constant(SAID)).numpy() for k in range(5)]
    given = tf.constant(LABELS), tf.constant(SAID)
    expected = 0.8 * plain(*given).numpy() + 0.2 * np.mean(every, 0)
    np.testing.assert_allclose(smoothed(*given), expected, rtol=1e-5)
    assert loss_of(Fit(loss=name)) is plain


def test_smoothed_cross_entropy_is_keras_s():
    theirs = keras.losses.CategoricalCrossentropy(label_smoothing=0.1, reduction="none")
    ours = loss_of(Fit(label_smoothing=0.1))(tf.constant(LABELS), tf.constant(SAID))
    np.testing.assert_allclose(ours, theirs(np.eye(5)[LABELS], SAID), rtol=1e-6)


def test_balanced_classes_count_alike_and_examples_once_on_average():
    labels = np.array([0, 0, 0, 0, 0, 0, 1, 1, 3])
    found = balanced(labels, 5)
    np.testing.assert_allclose(found, [0.5, 1.5, 0, 3, 0])
    assert found.dtype == np.float32 and found[labels].mean() == pytest.approx(1)
