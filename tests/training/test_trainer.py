import dataclasses
import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_mnist import Experiment
from keras_mnist.base.metrics import PLAIN
from keras_mnist.data import Dataset
from keras_mnist.networks import LeNet
from keras_mnist.training.build import build
from keras_mnist.training.epoch import compile_epoch
from keras_mnist.training.losses import LOSSES, crossentropy
from keras_mnist.training.optimizers import make_optimizer
from keras_mnist.training.trainer import Trainer, epoch_order, weights_sha256

TINY = Experiment().change(width=16, epochs=2, batch_size=32)


def test_the_orders_of_two_epochs_differ():
    first, second = epoch_order(0, 1, 1000), epoch_order(0, 2, 1000)
    assert sorted(first) == sorted(second) == list(range(1000))
    assert (first != second).mean() > 0.9
    assert (first != epoch_order(1, 1, 1000)).mean() > 0.9
    np.testing.assert_array_equal(first, epoch_order(0, 1, 1000))


def recorded_orders(monkeypatch):
    orders = []

    def recorded(seed, epoch, count):
        orders.append(epoch_order(seed, epoch, count))
        return orders[-1]

    monkeypatch.setattr("keras_mnist.training.trainer.epoch_order", recorded)
    return orders


def test_each_epoch_trains_in_its_own_order(small, monkeypatch):
    orders = recorded_orders(monkeypatch)
    Trainer(TINY, small).run(seed=5)
    assert len(orders) == 2
    assert len(orders[0]) == 256
    assert (orders[0] != orders[1]).any()


def test_one_network_serves_all_seeds_with_the_bits_of_a_fresh_one(small):
    reused = Trainer(TINY, small)
    outcomes = [reused.run(seed) for seed in (0, 1, 0)]
    assert outcomes[0].weights_sha256 == outcomes[2].weights_sha256
    assert outcomes[0].history == outcomes[2].history
    assert outcomes[0].weights_sha256 != outcomes[1].weights_sha256
    assert Trainer(TINY, small).run(1).weights_sha256 == outcomes[1].weights_sha256


@pytest.mark.parametrize("optimizer", ["rmsprop", "sgd", "adam"])
def test_the_compiled_epoch_is_plain_keras(small, optimizer):
    """The same steps by `train_on_batch`, dropout aside: equal weights, loss and accuracy."""
    experiment = TINY.change(dropout=0.0, optimizer=optimizer, epochs=1, batch_size=48)
    trainer = Trainer(experiment, small)
    outcome = trainer.run(seed=2)

    network = build(experiment, 2)
    network.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert_plain_keras(trainer, outcome, network, small)


@pytest.mark.parametrize(
    ("made", "choices"),
    [
        (keras.optimizers.AdamW, {"weight_decay": 0.5, "beta_1": 0.8}),
        (keras.optimizers.Adam, {"amsgrad": True, "beta_2": 0.9, "epsilon": 1e-3}),
        (keras.optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
        (keras.optimizers.RMSprop, {"rho": 0.8, "momentum": 0.5, "centered": True}),
        (keras.optimizers.Adagrad, {"learning_rate": 0.01, "initial_accumulator_value": 0.5}),
        (keras.optimizers.Lion, {"weight_decay": 0.5, "learning_rate": 1e-4}),
        (keras.optimizers.Adadelta, {"learning_rate": 1.0, "rho": 0.9}),
        (keras.optimizers.Adafactor, {"clip_threshold": 0.5, "learning_rate": 0.01}),
        (keras.optimizers.Ftrl, {"l1_regularization_strength": 1e-4, "learning_rate": 0.01}),
        (keras.optimizers.Muon, {"momentum": 0.9, "weight_decay": 0.5}),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_an_optimizer_s_own_choices_are_keras_s(small, made, choices):
    experiment = TINY.change(dropout=0.0, epochs=1, batch_size=48, activation="tanh")
    experiment = experiment.change(optimizer=made.__name__.lower(), **choices)
    trainer = Trainer(experiment, small)
    outcome = trainer.run(seed=2)
    network = build(experiment, 2)
    network.compile(made(**choices), "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert_plain_keras(trainer, outcome, network, small)


def test_the_compiled_epoch_of_a_lenet_is_plain_keras(small):
    """With batch normalization, whose moving statistics are weights too, and momentum.

    In short steps: batch normalization multiplies rounding (Keras's own gradients are 3e-5 off
    their double-precision values here), and longer ones lead apart what differs so little.
    """
    experiment = TINY.change(network=LeNet(batchnorm=True), epochs=1, batch_size=48)
    experiment = experiment.change(optimizer="sgd", learning_rate=0.001, momentum=0.9)
    trainer = Trainer(experiment, small)
    outcome = trainer.run(seed=2)

    network = build(experiment, 2)
    network.compile(
        keras.optimizers.SGD(0.001, momentum=0.9),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        run_eagerly=True,
    )
    assert_plain_keras(trainer, outcome, network, small)


def assert_plain_keras(trainer, outcome, network, small):
    """Train the compiled `network` the plain way and compare."""
    order = epoch_order(2, 1, 256)
    loss = correct = 0.0
    for start in range(0, 256, 48):  # the last batch has 16
        batch = order[start : start + 48]
        network.reset_metrics()
        result = network.train_on_batch(
            small.x_train[batch] / np.float32(255), small.y_train[batch], return_dict=True
        )
        loss += float(result["loss"]) * len(batch)
        correct += float(result["accuracy"]) * len(batch)
    # One epoch is the last and the best: the trainer's network still holds its weights.
    for ours, theirs in zip(trainer.network.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-5)
    assert outcome.history["train_loss"][0] == pytest.approx(loss / 256, rel=1e-4)
    assert outcome.history["train_accuracy"][0] == pytest.approx(correct / 256)
    loss, accuracy = network.evaluate(small.x_test / np.float32(255), small.y_test, verbose=0)
    assert outcome.metrics["test_loss"] == pytest.approx(loss, rel=1e-3)
    assert outcome.metrics["test_accuracy"] == pytest.approx(accuracy, abs=1e-6)


def test_bfloat16_rounds_what_hidden_layers_compute_and_nothing_that_is_kept(small):
    exact, rounded = (
        Trainer(TINY.change(precision=precision), small).run(0)
        for precision in ("float32", "bfloat16")
    )
    assert {str(weights.dtype) for weights in rounded.weights} == {"float32"}
    assert any((a != b).any() for a, b in zip(exact.weights, rounded.weights, strict=True))
    for metric, value in exact.metrics.items():
        assert rounded.metrics[metric] == pytest.approx(value, abs=0.05), metric
    inputs = small.x_test[:4] / np.float32(255)
    again = build(TINY, 0, "bfloat16")
    again.set_weights(exact.weights)
    plain = build(TINY, 0)
    plain.set_weights(exact.weights)
    ours, theirs = again(inputs), plain(inputs)
    assert ours.dtype == "float32" and (ours.numpy() != theirs.numpy()).any()
    np.testing.assert_allclose(ours, theirs, atol=0.02)


@pytest.mark.parametrize("momentum, decay", [(0.9, 0.05), (0.0, 0.05), (0.9, 0.0)])
def test_momentum_and_weight_decay_are_pytorch_s(small, momentum, decay):
    """By hand, for softmax regression: g += decay w; v = momentum v + g; w -= rate v.

    Of weights and biases alike; the penalty is not in the loss.
    """
    experiment = TINY.change(hidden_layers=0, batch_size=128, optimizer="sgd", learning_rate=0.1)
    experiment = experiment.change(momentum=momentum, weight_decay=decay, init="pytorch")
    network = build(experiment, 0)
    w = np.vstack([weights.astype(float) for weights in network.get_weights()])
    optimizer = make_optimizer(experiment.fit)
    optimizer.build(network.trainable_variables)
    labels = tf.constant(small.y_train.astype(np.int32))
    epoch = compile_epoch(experiment, network, optimizer, tf.constant(small.x_train), labels)
    order = epoch_order(0, 1, 320)
    loss, _ = epoch(tf.constant(order), {})

    pixels = np.hstack([small.x_train.reshape(320, 784) / 255, np.ones((320, 1))])
    v, by_hand = 0.0, 0.0
    for start in range(0, 320, 128):  # the last batch has 64
        batch = order[start : start + 128]
        x, truth = pixels[batch], np.eye(10)[small.y_train[batch]]
        scores = np.exp(x @ w)
        probabilities = scores / scores.sum(axis=1, keepdims=True)
        by_hand -= np.log((probabilities * truth).sum(axis=1)).sum()
        gradient = x.T @ (probabilities - truth) / len(batch) + decay * w
        v = momentum * v + gradient
        w = w - 0.1 * v
    np.testing.assert_allclose(np.vstack(network.get_weights()), w, rtol=1e-4, atol=1e-6)
    assert float(loss) == pytest.approx(by_hand, rel=1e-5)


def test_every_image_of_the_order_trains_once(small, monkeypatch):
    """The last, smaller batch included: with a rate of 0, the sums are those of all images."""
    network = build(TINY, 0)
    optimizer = keras.optimizers.SGD(0.0)
    optimizer.build(network.trainable_variables)
    labels = tf.constant(small.y_train.astype(np.int32))

    def loss(truth, probabilities):
        return tf.cast(truth, tf.float32) + 0 * tf.reduce_sum(probabilities, axis=1)

    monkeypatch.setitem(LOSSES, "crossentropy", loss)
    experiment = TINY.change(batch_size=72)
    epoch = compile_epoch(experiment, network, optimizer, tf.constant(small.x_train), labels)
    order = epoch_order(0, 1, 320)
    seen = epoch(tf.constant(order), {})
    assert float(seen[0]) == small.y_train.sum()


def test_rescale_divides_by_255(small):
    trainer = Trainer(TINY.change(hidden_layers=0, learning_rate=1e-30), small)
    trainer.run(seed=0)
    expected = trainer.network(small.x_test / np.float32(255), training=False)
    labels = tf.constant(small.y_test.astype(np.int32))
    sums = trainer._evaluate(tf.constant(small.x_test), labels)
    assert float(sums[0]) == pytest.approx(float(tf.reduce_sum(crossentropy(labels, expected))))


@pytest.mark.parametrize("batch, validation", [(7, 0.2), (25, 0.0), (1000, 0.2)])
def test_the_probabilities_are_those_that_were_measured(batch, validation, small, monkeypatch):
    monkeypatch.setattr("keras_mnist.training.epoch.EVALUATION_BATCH", batch)
    change = {"epochs": 4, "learning_rate": 0.01, "activation": "tanh"}
    trainer = Trainer(TINY.change(validation_split=validation, **change), small)
    outcome = trainer.run(seed=0)
    assert not validation or outcome.metrics["best_epoch"] == 3, "other weights than the last"
    trainer.network.set_weights(outcome.weights)
    expected = trainer.network(small.x_test / np.float32(255), training=False)
    np.testing.assert_allclose(outcome.probabilities, expected, rtol=1e-4)
    right = np.mean(outcome.probabilities.argmax(axis=1) == small.y_test)
    assert right == outcome.metrics["test_accuracy"]


def test_metrics_are_those_of_the_last_and_of_the_best_epoch(small):
    outcome = Trainer(TINY.change(epochs=6, learning_rate=0.05), small).run(seed=0)
    history, metrics = outcome.history, outcome.metrics
    best = int(np.argmin(history["val_loss"]))
    assert metrics["best_epoch"] == best + 1
    for name in ("train_loss", "train_accuracy", "val_loss", "val_accuracy"):
        assert len(history[name]) == 6
        assert metrics[name] == history[name][-1]
        assert metrics[f"best_{name}"] == history[name][best]
    assert metrics["gap"] == metrics["val_loss"] - metrics["train_loss"]


def test_best_test_metrics_are_those_of_a_run_that_stops_there(small):
    longer = Trainer(TINY.change(epochs=6, learning_rate=0.05), small).run(seed=0)
    best = longer.metrics["best_epoch"]
    assert best < 6, "the case must have an overfitted end"
    shorter = Trainer(TINY.change(epochs=best, learning_rate=0.05), small).run(seed=0)
    assert longer.metrics["best_test_loss"] == shorter.metrics["test_loss"]
    assert longer.metrics["best_test_accuracy"] == shorter.metrics["test_accuracy"]


def test_the_test_set_decides_nothing(small):
    nonsense = dataclasses.replace(small, y_test=(9 - small.y_test).astype(np.uint8))
    ours, theirs = (Trainer(TINY, data).run(seed=0) for data in (small, nonsense))
    assert ours.weights_sha256 == theirs.weights_sha256
    assert ours.history == theirs.history
    assert ours.metrics["best_epoch"] == theirs.metrics["best_epoch"]
    assert ours.metrics["test_accuracy"] != theirs.metrics["test_accuracy"]


def test_without_validation_data_all_images_train_and_the_test_set_is_watched(small, monkeypatch):
    """And it still decides nothing."""
    orders = recorded_orders(monkeypatch)
    experiment = TINY.change(validation_split=0.0)
    nonsense = dataclasses.replace(small, y_test=(9 - small.y_test).astype(np.uint8))
    ours, theirs = (Trainer(experiment, data).run(seed=0) for data in (small, nonsense))
    watched = {"train_loss", "train_accuracy", "test_loss", "test_accuracy"}
    assert set(ours.history) == watched == set(ours.metrics) - set(PLAIN)
    for name, values in ours.history.items():
        assert len(values) == 2
        assert ours.metrics[name] == values[-1]
    assert [len(order) for order in orders] == [320] * 4
    assert ours.weights_sha256 == theirs.weights_sha256
    assert ours.history["train_loss"] == theirs.history["train_loss"]
    assert ours.history["test_loss"] != theirs.history["test_loss"]


def test_training_images_are_measured_once_more_without_dropout(small):
    """Of the 256 that train, in pieces of at most the 50 that are the test set."""
    outcome = Trainer(TINY.change(dropout=0.5), small).run(seed=0)
    network = build(TINY, 0)
    network.set_weights(outcome.weights)
    said = network(small.x_train[:256].astype(np.float32) / 255).numpy()
    right = said.argmax(1) == small.y_train[:256]
    losses = -np.log(said[np.arange(256), small.y_train[:256]])
    assert outcome.metrics["plain_train_accuracy"] == right.mean()
    assert outcome.metrics["plain_train_loss"] == pytest.approx(losses.mean(), rel=1e-5)
    assert outcome.metrics["plain_train_accuracy"] != outcome.metrics["train_accuracy"]


def test_validation_images_never_train(small):
    images = small.x_train.copy()
    images[256:] = 255 - images[256:]
    other = Dataset("other", images, small.y_train, small.x_test, small.y_test)
    ours, theirs = (Trainer(TINY, data).run(seed=0) for data in (small, other))
    assert ours.weights_sha256 == theirs.weights_sha256
    assert ours.history["val_loss"] != theirs.history["val_loss"]


def test_divergence_ends_the_run_and_is_said(small):
    outcome = Trainer(
        TINY.change(optimizer="sgd", learning_rate=1000, activation="linear", epochs=50), small
    ).run(seed=0)
    assert outcome.diverged is not None
    assert outcome.diverged == len(outcome.history["train_loss"]) < 50
    assert not math.isfinite(outcome.history["train_loss"][-1])


def test_weight_hashes_are_of_arrays(small):
    network = build(TINY, 0)
    digest = weights_sha256(network.get_weights())
    assert digest == weights_sha256(build(TINY, 0).get_weights())
    network.layers[-1].bias.assign_add([0.0] * 9 + [1e-7])
    assert digest != weights_sha256(network.get_weights())


def test_patience_ends_where_keras_s_early_stopping_does(small):
    patience, change = 1, {"epochs": 8, "learning_rate": 0.01, "activation": "tanh"}
    whole = Trainer(TINY.change(**change), small).run(seed=0)
    callback = keras.callbacks.EarlyStopping("val_loss", patience=patience, mode="min")
    callback.set_model(keras.Sequential())
    callback.on_train_begin()
    for epoch, loss in enumerate(whole.history["val_loss"], 1):
        callback.on_epoch_end(epoch - 1, {"val_loss": loss})
        if getattr(callback.model, "stop_training", False):
            break
    assert epoch < 8, "the case must end early"
    early = Trainer(TINY.change(**change, patience=patience), small).run(seed=0)
    assert early.history == {name: values[:epoch] for name, values in whole.history.items()}
    assert early.metrics["val_loss"] == whole.history["val_loss"][epoch - 1]
    best = Trainer(TINY.change(**change, patience=patience, restore_best=True), small).run(seed=0)
    assert best.history == early.history
    assert best.metrics["best_epoch"] == early.metrics["best_epoch"] < epoch
    for name in ("train_loss", "val_loss", "val_accuracy", "test_loss", "test_accuracy", "gap"):
        assert best.metrics[name] == best.metrics[f"best_{name}"] == early.metrics[f"best_{name}"]
    at_best = TINY.change(**change | {"epochs": int(best.metrics["best_epoch"])})
    assert best.weights_sha256 == Trainer(at_best, small).run(seed=0).weights_sha256
    right = np.mean(best.probabilities.argmax(axis=1) == small.y_test)
    assert right == best.metrics["test_accuracy"]
