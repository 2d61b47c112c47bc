import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_mnist import Experiment
from keras_mnist.data import Dataset
from keras_mnist.experiment.pixels import Pixels
from keras_mnist.training import pixels
from keras_mnist.training.pixels import resized, to_inputs
from keras_mnist.training.trainer import Trainer


def noise(count):
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28)).astype(np.uint8)


def test_resizing_by_hand():
    """From 2 to 4 pixels a new one is 3/4 of the nearest and 1/4 of the next; halves round up.

    Rows first: 0 7 becomes 0 1.75 5.25 7, rounded 0 2 5 7. Then columns: 0 2 becomes 0 0.5 1.5 2,
    rounded 0 1 2 2. Columns first would give the transposed; rounded only at the end, 0.4375 and
    1.3125 would be 0 and 1.
    """
    result = resized(tf.constant([[[0, 0], [0, 7]]], tf.uint8), 4)
    assert result.dtype == tf.uint8
    by_hand = [[0, 0, 0, 0], [0, 1, 1, 2], [0, 2, 4, 5], [0, 2, 5, 7]]
    np.testing.assert_array_equal(result[0], by_hand)


def test_resizing_is_pillow_s():
    image = pytest.importorskip("PIL.Image")
    images = noise(200)
    theirs = [image.fromarray(one).resize((32, 32), image.Resampling.BILINEAR) for one in images]
    np.testing.assert_array_equal(resized(tf.constant(images), 32), np.stack(theirs))


def test_resizing_in_chunks_is_resizing_at_once(monkeypatch):
    images = tf.constant(noise(7))
    whole = resized(images, 32)
    monkeypatch.setattr(pixels, "_CHUNK", 3)
    np.testing.assert_array_equal(resized(images, 32), whole)
    assert resized(images, None) is images


@pytest.mark.parametrize(
    "preprocessing, black, white",
    [
        (Pixels(), 0, 1),
        (Pixels(rescale=False), 0, 255),
        (Pixels(normalize=True), -0.42421296, 2.8214867),
        (Pixels(rescale=False, normalize=True), -0.42421296, 254.8693 / 0.3081),
        (Pixels(symmetric=True), -1, 1),
        (Pixels(symmetric=True, normalize=True), -0.42421296, 2.8214867),
        (Pixels(symmetric=True, rescale=False), 0, 255),
    ],
)
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_what_the_network_takes(preprocessing, black, white, kind):
    inputs = to_inputs(preprocessing, tf.constant(np.array([[[0, 255]]], kind)))
    assert inputs.dtype == tf.float32
    np.testing.assert_allclose(inputs, [[[black, white]]], rtol=1e-6)


def test_the_whole_way_from_the_data_set_to_the_loss(small):
    experiment = Experiment().change(
        hidden_layers=0, side=32, normalize=True, optimizer="sgd", learning_rate=1e-30, epochs=1
    )
    trainer = Trainer(experiment, small)
    outcome = trainer.run(seed=0)
    assert trainer.network.input_shape == (None, 32, 32)
    for split, images, labels in (
        ("train", small.x_train[:256], small.y_train[:256]),
        ("val", small.x_train[256:], small.y_train[256:]),
        ("test", small.x_test, small.y_test),
    ):
        inputs = (resized(tf.constant(images), 32).numpy() / np.float32(255) - 0.1307) / 0.3081
        losses = keras.losses.sparse_categorical_crossentropy(labels, trainer.network(inputs))
        expected = pytest.approx(float(tf.reduce_mean(losses)), rel=1e-5)
        assert outcome.metrics[f"{split}_loss"] == expected


def test_numbers_are_not_divided_and_whole_ones_stay_whole():
    given = tf.constant([[1, 300]])
    numbers = to_inputs(Pixels(), tf.cast(given, tf.float32), "numbers")
    np.testing.assert_array_equal(numbers, [[1.0, 300.0]])
    assert numbers.dtype == tf.float32
    whole = to_inputs(Pixels(normalize=True), given, "whole")
    np.testing.assert_array_equal(whole, [[1, 300]])
    assert whole.dtype == tf.int32


@pytest.mark.parametrize("rescale", [True, False])
def test_data_s_own_mean_is_that_of_the_levels_as_they_are(rescale):
    choices = Pixels(normalize=True, rescale=rescale, mean=[100, 10], deviation=[50, 2])
    inputs = to_inputs(choices, tf.constant([[150, 6]], tf.uint8))
    np.testing.assert_array_equal(inputs, [[1.0, -2.0]])


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((9, 9), np.uint8), ((6, 5, 3), np.uint8), ((7,), np.float32), ((4, 7), np.float32)],
)
def test_normalized_training_examples_have_mean_0_and_deviation_1(shape, dtype):
    x = (np.random.default_rng(0).random((500, *shape)) * 200).astype(dtype)
    y = np.arange(500) % 3
    placed = Experiment().change(normalize=True).on(Dataset("mine", x, y, x, y))
    inputs = to_inputs(placed.pixels, tf.constant(x), placed.data.values).numpy()
    axes = tuple(range(inputs.ndim)) if shape == (9, 9) else tuple(range(inputs.ndim - 1))
    np.testing.assert_allclose(inputs.mean(axes), 0, atol=1e-4)
    np.testing.assert_allclose(inputs.std(axes), 1, atol=1e-4)
