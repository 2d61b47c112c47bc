import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import ndimage

from keras_mnist import Experiment
from keras_mnist.experiment.augmentation import Augmentation
from keras_mnist.training.augment import augmented, blurred, draw, moved
from keras_mnist.training.build import build
from keras_mnist.training.epoch import compile_epoch
from keras_mnist.training.losses import crossentropy
from keras_mnist.training.trainer import Trainer, epoch_order

ALL = Augmentation(shift=0.1, rotation=20, blur=2)
REGRESSION = Experiment().change(hidden_layers=0, epochs=2, batch_size=48)


def noise(count, side):
    return np.random.default_rng(0).integers(1, 256, (count, side, side)).astype(np.uint8)


def turned(images, degrees):
    angles = np.full(len(images), math.radians(degrees), np.float32)
    return moved(tf.constant(images), angle=tf.constant(angles)).numpy()


def test_shifts_are_right_and_down_and_bring_in_zeros():
    images = np.tile(np.arange(1, 10, dtype=np.uint8).reshape(3, 3), (4, 1, 1))
    right, down = tf.constant([0, 1, 0, -1]), tf.constant([0, 0, 2, 1])
    by_hand = [
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        [[0, 1, 2], [0, 4, 5], [0, 7, 8]],
        [[0, 0, 0], [0, 0, 0], [1, 2, 3]],
        [[0, 0, 0], [2, 3, 0], [5, 6, 0]],
    ]
    result = moved(tf.constant(images), right, down)
    assert result.dtype == tf.uint8
    np.testing.assert_array_equal(result, by_hand)


@pytest.mark.parametrize("side", [28, 32])
def test_quarter_turns_are_clockwise(side):
    images = noise(2, side)
    np.testing.assert_array_equal(turned(images, 90), np.rot90(images, -1, (1, 2)))
    np.testing.assert_array_equal(turned(images, -90), np.rot90(images, 1, (1, 2)))
    np.testing.assert_array_equal(turned(images, 180), np.rot90(images, 2, (1, 2)))


@pytest.mark.parametrize("degrees", [0.15, -0.15])
def test_the_documents_rotation_changes_nothing(degrees):
    """The farthest pixel moves by 0.04 of its width."""
    images = noise(2, 32)
    np.testing.assert_array_equal(turned(images, degrees), images)
    assert (turned(images, 20 * degrees) != images).any()


@pytest.mark.parametrize("side", [28, 32])
@pytest.mark.parametrize("degrees", [30, -7, 111])
def test_rotations_are_scipy_s_nearest_neighbour(side, degrees):
    images = noise(2, side)
    # Pixels reach half their width beyond the outermost centres; in plain "constant" they do not.
    options = {"reshape": False, "order": 0, "mode": "grid-constant"}
    expected = ndimage.rotate(images, -degrees, axes=(2, 1), **options)
    assert (expected == 0).any()
    np.testing.assert_array_equal(turned(images, degrees), expected)


def test_images_are_turned_before_they_are_shifted():
    images = noise(1, 28)
    angle, right, down = tf.constant([math.pi / 2]), tf.constant([3]), tf.constant([-5])
    expected = np.zeros_like(images)
    expected[0, :-5, 3:] = np.rot90(images[0], -1)[5:, :-3]
    np.testing.assert_array_equal(moved(tf.constant(images), right, down, angle), expected)


def test_each_image_is_moved_by_its_own_draw():
    images = noise(3, 28)
    drawn = {name: tf.constant(values) for name, values in draw(ALL, 0, 1, 3, (28, 28)).items()}
    together = augmented(tf.constant(images), drawn)
    for i in range(3):
        alone = {name: values[i : i + 1] for name, values in drawn.items()}
        np.testing.assert_array_equal(
            augmented(tf.constant(images[i : i + 1]), alone)[0], together[i]
        )


def test_blur_is_a_gaussian_of_three_by_three_with_mirrored_edges():
    images, sigmas = noise(3, 28), np.array([0.3, 0.8, 2.0], np.float32)
    result = blurred(tf.constant(images), tf.constant(sigmas)).numpy()
    for image, sigma, ours in zip(images.astype(float), sigmas.astype(float), result, strict=True):
        weights = np.exp(-0.5 * (np.arange(-1, 2) / sigma) ** 2)
        kernel = np.outer(weights, weights) / weights.sum() ** 2
        framed = np.pad(image, 1, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(framed, (3, 3))
        exact = (windows * kernel).sum((2, 3))
        halfway = np.abs(exact % 1 - 0.5) < 1e-4  # single precision may round these either way
        assert halfway.mean() < 0.01
        np.testing.assert_array_equal(ours[~halfway], np.rint(exact)[~halfway])
        np.testing.assert_allclose(ours, exact, rtol=0, atol=0.5 + 1e-4)


def test_the_least_blur_changes_nothing():
    images = noise(1, 28)
    np.testing.assert_array_equal(blurred(tf.constant(images), tf.constant([0.1])), images)


def test_levels_are_floats_whatever_is_drawn():
    images = tf.constant(noise(2, 28))
    for augmentation in (Augmentation(), Augmentation(shift=0.1), Augmentation(blur=1.0)):
        drawn = {name: tf.constant(v) for name, v in draw(augmentation, 0, 1, 2, (28, 28)).items()}
        levels = augmented(images, drawn)
        assert levels.dtype == tf.float32
        np.testing.assert_array_equal(levels, np.rint(levels))
    np.testing.assert_array_equal(augmented(images, {}), images)


def test_shifts_are_uniform_before_they_are_rounded():
    count = 200_000
    drawn = draw(Augmentation(shift=0.1), 3, 7, count, (32, 32))
    assert set(drawn) == {"right", "down"}
    for values in drawn.values():
        assert (values.dtype, values.shape) == (np.int32, (count,))
        found, counts = np.unique(values, return_counts=True)
        assert list(found) == [-3, -2, -1, 0, 1, 2, 3]
        shares = np.array([0.7, 1, 1, 1, 1, 1, 0.7]) / 6.4  # of 3.2 pixels either way
        bound = 4 * np.sqrt(shares * (1 - shares) / count)
        assert (np.abs(counts / count - shares) < bound).all()
    assert abs(np.corrcoef(drawn["right"], drawn["down"])[0, 1]) < 4 / np.sqrt(count)


@pytest.mark.parametrize(
    "name, augmentation, low, high",
    [
        ("angle", Augmentation(rotation=30), -math.pi / 6, math.pi / 6),
        ("sigma", Augmentation(blur=2), 0.1, 2),
    ],
)
def test_angles_and_blurs_are_uniform(name, augmentation, low, high):
    count = 100_000
    (values,) = draw(augmentation, 0, 1, count, (28, 28)).values()
    assert list(draw(augmentation, 0, 1, count, (28, 28))) == [name]
    assert (values.dtype, values.shape) == (np.float32, (count,))
    assert low <= values.min() < low + (high - low) * 1e-3
    assert high - (high - low) * 1e-3 < values.max() <= high * (1 + 1e-6)
    counts, _ = np.histogram(values, 20, (low, high))
    assert (np.abs(counts / count - 0.05) < 4.5 * math.sqrt(0.05 * 0.95 / count)).all()


def test_draws_depend_on_the_seed_and_the_epoch_alone():
    first = draw(ALL, 5, 1, 50, (28, 28))
    assert set(first) == {"right", "down", "angle", "sigma"}
    for name, values in draw(ALL, 5, 1, 50, (28, 28)).items():
        np.testing.assert_array_equal(values, first[name])
    for others in (draw(ALL, 5, 2, 50, (28, 28)), draw(ALL, 6, 1, 50, (28, 28))):
        assert all((others[name] != first[name]).mean() > 0.5 for name in first)


def test_draws_are_the_same_whichever_others_are_switched_on():
    together = draw(ALL, 5, 1, 50, (28, 28))
    switches = ({"shift": 0.1}, {"rotation": 20}, {"blur": 2}, {"rotation": 20, "blur": 2})
    for switched in switches:
        for name, values in draw(Augmentation(**switched), 5, 1, 50, (28, 28)).items():
            np.testing.assert_array_equal(values, together[name])
    assert draw(Augmentation(), 5, 1, 50, (28, 28)) == {}


def test_draws_do_not_repeat_those_of_the_epoch_s_order():
    order = np.random.default_rng((5, 1)).random((4, 50))
    sigma = draw(Augmentation(blur=1.1), 5, 1, 50, (28, 28))["sigma"] - 0.1
    assert np.abs(order - sigma).max(axis=1).min() > 0.1


def test_an_epoch_augments_each_image_as_drawn(small):
    """The last, smaller batch included: with a rate of 0, the sum is that of all images."""
    network = build(REGRESSION, 0)
    optimizer = keras.optimizers.SGD(0.0)
    optimizer.build(network.trainable_variables)
    images, labels = tf.constant(small.x_train), tf.constant(small.y_train.astype(np.int32))
    epoch = compile_epoch(REGRESSION, network, optimizer, images, labels)
    order = epoch_order(0, 1, 320)
    drawn = {name: tf.constant(values) for name, values in draw(ALL, 0, 1, 320, (28, 28)).items()}
    loss, _ = epoch(tf.constant(order), drawn)
    inputs = augmented(tf.gather(images, order), drawn) / 255
    expected = crossentropy(tf.gather(labels, order), network(inputs))
    assert float(loss) == pytest.approx(float(tf.reduce_sum(expected)), rel=1e-6)
    plain = crossentropy(labels, network(tf.cast(images, tf.float32) / 255))
    assert float(loss) != pytest.approx(float(tf.reduce_sum(plain)), rel=1e-3)


def test_augmented_runs_are_reproducible_and_each_switch_changes_them(small):
    brief = REGRESSION.change(epochs=1, batch_size=64)
    digests = {Trainer(brief, small).run(0).weights_sha256}
    for switched in ({"shift": 0.1}, {"rotation": 20.0}, {"blur": 2.0}):
        digests.add(Trainer(brief.change(**switched), small).run(0).weights_sha256)
    trainer = Trainer(brief.change(augmentation=ALL), small)
    first, again, other = (trainer.run(seed) for seed in (0, 0, 1))
    assert first.weights_sha256 == again.weights_sha256
    assert first.history == again.history
    assert other.weights_sha256 != first.weights_sha256
    assert len(digests | {first.weights_sha256}) == 5


def test_only_training_images_are_augmented_and_anew_each_epoch(small, monkeypatch):
    """With steps too short to move a weight, and one order, nothing else tells epochs apart."""
    order = "keras_mnist.training.trainer.epoch_order"
    monkeypatch.setattr(order, lambda seed, epoch, count: np.arange(count, dtype=np.int32))
    still = REGRESSION.change(optimizer="sgd", learning_rate=1e-30)
    plain, varied = (
        Trainer(experiment, small).run(0) for experiment in (still, still.change(augmentation=ALL))
    )
    assert len({*plain.history["train_loss"], *varied.history["train_loss"]}) == 3
    assert plain.history["train_loss"][0] == plain.history["train_loss"][1]
    assert varied.history["val_loss"] == plain.history["val_loss"]
    assert varied.metrics["test_loss"] == plain.metrics["test_loss"]
