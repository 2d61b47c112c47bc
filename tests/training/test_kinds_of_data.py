"""Networks learn from examples of every kind, and what leaves says what was trained."""

import dataclasses

import numpy as np
import pytest

from keras_mnist import Experiment
from keras_mnist.data import Dataset, find_data
from keras_mnist.networks import LeNet
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.task import REFERENCE, train_and_write
from keras_mnist.training.trainer import Trainer

TINY = Experiment().change(width=16, epochs=6, batch_size=16, dropout=0.0, learning_rate=0.01)


def separable(shape, dtype, low, high, n=200):
    """Examples of three classes, each a pattern of its own under noise."""
    random = np.random.default_rng(0)
    y = random.permutation(np.arange(n) % 3)
    patterns, noise = random.random((3, *shape)), random.random((n, *shape))
    x = (low + (high - low) * (0.7 * patterns[y] + 0.3 * noise)).astype(dtype)
    labels = np.array(["a", "b", "c"])[y]
    return Dataset("mine", x[:150], labels[:150], x[150:], labels[150:])


KINDS = {
    "rows": ((13,), np.float32, -3, 3),
    "large": ((13,), np.float32, 5000, 9000),
    "whole": ((13,), np.int64, 0, 400),
    "sequences": ((6, 4), np.float32, -1, 1),
    "grey": ((12, 12), np.uint8, 0, 255),
    "colours": ((12, 12, 3), np.uint8, 0, 255),
    "floats": ((12, 12, 4), np.float64, 0, 1),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_learned(kind):
    data = separable(*KINDS[kind])
    experiment = TINY.change(normalize=kind == "large").on(data)
    outcome = Trainer(experiment, data).run(seed=0)
    assert outcome.parameters == experiment.parameters
    assert outcome.probabilities.shape == (50, 3)
    right = (outcome.probabilities.argmax(1) == data.y_test).mean()
    assert outcome.metrics["test_accuracy"] == pytest.approx(right)
    if kind != "whole":
        assert right > 0.9


def test_colours_are_what_a_lenet_takes_too():
    data = separable((28, 28, 3), np.uint8, 0, 255)
    experiment = (
        Experiment(network=LeNet()).change(epochs=3, batch_size=16, normalize=True).on(data)
    )
    outcome = Trainer(experiment, data).run(seed=0)
    assert outcome.parameters == experiment.parameters
    assert np.isfinite(outcome.metrics["test_loss"])


def test_a_shuffled_split_is_the_split_of_shuffled_data():
    data = separable((13,), np.float32, -3, 3)
    order = TINY.change(shuffle_split=True).data.order(data.y_train)
    shuffled = dataclasses.replace(data, x_train=data.x_train[order], y_train=data.y_train[order])
    ours = Trainer(TINY.change(shuffle_split=True).on(data), data).run(seed=0)
    theirs = Trainer(TINY.on(shuffled), shuffled).run(seed=0)
    assert ours.history == theirs.history
    assert ours.weights_sha256 == theirs.weights_sha256
    assert ours.weights_sha256 != Trainer(TINY.on(data), data).run(seed=0).weights_sha256


@pytest.mark.parametrize("kind", ["rows", "whole", "colours", "grey"])
def test_what_leaves_takes_the_examples_as_they_are(kind, tmp_path):
    data = separable(*KINDS[kind])
    experiment = TINY.change(epochs=1, normalize=kind != "whole").on(data)
    formats = ["saved_model", "keras", "numpy"]
    record = train_and_write(experiment, 0, data, lambda *_: None, tmp_path / "1", formats)
    assert record.completed and record.data["class_names"] == ["a", "b", "c"]
    reference = np.load(tmp_path / "1" / REFERENCE)
    for name in formats:
        classifier = load_classifier(tmp_path / "1", name)
        assert classifier.shape == data.shape
        np.testing.assert_allclose(classifier(data.x_test), reference, atol=1e-5)


def test_wine_is_learned_by_its_own_mean():
    data = find_data("wine")
    base = TINY.change(epochs=15)
    accuracy = {
        normalize: Trainer(base.change(normalize=normalize).on(data), data).run(0).metrics
        for normalize in (False, True)
    }
    assert accuracy[True]["test_accuracy"] > 0.9
    assert accuracy[True]["test_loss"] < accuracy[False]["test_loss"]
