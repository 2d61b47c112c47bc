"""Choices of the fit are what Keras's own `fit` makes of them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_mnist import Experiment
from keras_mnist.experiment import Fit
from keras_mnist.training.build import build
from keras_mnist.training.epoch import compile_epoch, compile_evaluation
from keras_mnist.training.losses import balanced
from keras_mnist.training.optimizers import make_optimizer
from keras_mnist.training.update import clipped

COUNT, BATCH = 112, 32  # the last batch is smaller
BASE = Experiment().change(width=12, dropout=0.0, activation="tanh", batch_size=BATCH, epochs=2)
BASE = BASE.change(validation_split=0.0, optimizer="sgd", learning_rate=0.05)


def examples():
    """Images whose brightness tells the digit; a few digits are most of them."""
    random = np.random.default_rng(3)
    labels = np.minimum(random.geometric(0.4, COUNT) - 1, 9).astype(np.int32)
    images = random.integers(0, 25, (COUNT, 28, 28)) + labels[:, None, None] * 25
    return images.astype(np.uint8), labels


@pytest.fixture(scope="module")
def without():
    """The first kernel after as many epochs of Keras's `fit` with none of the choices."""
    images, labels = examples()
    network = build(BASE, 1)
    network.compile(make_optimizer(BASE.fit), "sparse_categorical_crossentropy")
    network.fit(images / np.float32(255), labels, BATCH, epochs=2, shuffle=False, verbose=0)
    return network.get_weights()[0]


@pytest.mark.parametrize(
    "choices",
    [
        {"label_smoothing": 0.2},
        {"class_weights": "balanced"},
        {"label_smoothing": 0.1, "class_weights": "balanced", "optimizer": "rmsprop"},
        {"clip_norm": 0.05},
        {"clip_value": 0.002},
        # Many calls a step, not one program; and a step that rounding cannot turn round.
        {"clip_norm": 0.5, "optimizer": "adamw", "epsilon": 1e-3, "width": 512},
    ],
    ids=str,
)
def test_two_epochs_and_their_losses_are_those_of_fit(choices, without):
    images, labels = examples()
    experiment = BASE.change(**choices)
    fit, network, theirs = experiment.fit, build(experiment, 1), build(experiment, 1)
    optimizer = make_optimizer(fit)
    optimizer.build(network.trainable_variables)
    pixels, digits = tf.constant(images), tf.constant(labels)
    epoch = compile_epoch(experiment, network, optimizer, pixels, digits)
    ours = [float(epoch(tf.range(COUNT), {})[0]) / COUNT for _ in range(2)]
    measured = float(compile_evaluation(experiment, network)(pixels, digits)[0]) / COUNT

    clip = {"global_clipnorm": fit.clip_norm or None, "clipvalue": fit.clip_value or None}
    plain = make_optimizer(fit)
    theirs.compile(
        type(plain).from_config(plain.get_config() | clip),
        keras.losses.CategoricalCrossentropy(label_smoothing=fit.label_smoothing),
    )
    weights = dict(enumerate(balanced(labels, 10))) if fit.class_weights == "balanced" else None
    inputs, truth = images / np.float32(255), np.eye(10, dtype=np.float32)[labels]
    told = theirs.fit(
        *(inputs, truth, BATCH), epochs=2, shuffle=False, verbose=0, class_weight=weights
    )
    for mine, other in zip(network.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-3, atol=3e-5)
    assert "width" in choices or np.abs(network.get_weights()[0] - without).max() > 1e-3
    np.testing.assert_allclose(ours, told.history["loss"], rtol=1e-4)
    assert measured == pytest.approx(theirs.evaluate(inputs, truth, verbose=0), rel=1e-4)


def test_clipping_by_hand():
    gradients = [tf.constant([3.0, 0.0]), tf.constant([[-4.0]])]  # of norm 5
    short = clipped(Fit(clip_norm=1), gradients)
    np.testing.assert_allclose(np.concatenate([g.numpy().ravel() for g in short]), [0.6, 0, -0.8])
    both = clipped(Fit(clip_norm=2.5, clip_value=1.6), gradients)
    np.testing.assert_allclose(np.concatenate([g.numpy().ravel() for g in both]), [1.5, 0, -1.6])
    for fit in (Fit(), Fit(clip_norm=6, clip_value=4)):
        for kept, gradient in zip(clipped(fit, gradients), gradients, strict=True):
            np.testing.assert_array_equal(kept, gradient)
    still = clipped(Fit(clip_norm=1), [tf.zeros(3)])
    np.testing.assert_array_equal(still[0], np.zeros(3))


def test_a_penalty_is_added_after_clipping():
    """As PyTorch does, whose penalty this is: a clipped gradient of 0 leaves the penalty whole."""
    experiment = BASE.change(weight_decay=0.5, clip_norm=1e-30, learning_rate=0.1)
    network, optimizer = build(experiment, 1), make_optimizer(experiment.fit)
    optimizer.build(network.trainable_variables)
    before = network.get_weights()
    images, labels = map(tf.constant, examples())
    compile_epoch(experiment, network, optimizer, images, labels)(tf.range(BATCH), {})
    for mine, first in zip(network.get_weights(), before, strict=True):
        np.testing.assert_allclose(mine, first * (1 - 0.1 * 0.5), rtol=1e-5, atol=1e-20)
