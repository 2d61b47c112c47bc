"""Networks as people write them in Keras come to the weights that `fit` brings them to."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from conftest import ROOT
from keras import layers

from keras_mnist.experiment import Experiment
from keras_mnist.training.build import build
from keras_mnist.training.epoch import compile_epoch
from keras_mnist.training.fast import small
from keras_mnist.training.fast.small import is_small
from keras_mnist.training.optimizers import make_optimizer

sys.path.append(str(ROOT / "benchmarks"))
from ordinary_keras import NETWORKS

COUNT, BATCH = 80, 32  # the last batch is smaller


def regularized():
    """Losses of weights and of outputs, which `fit` adds to that of the labels."""
    inputs = keras.Input((28, 28))
    x = layers.Reshape((28, 28, 1))(inputs)
    x = layers.Conv2D(4, 5, kernel_regularizer=keras.regularizers.L2(0.05))(x)
    x = layers.MaxPooling2D(2)(layers.ReLU()(x))
    x = layers.Dense(8, activity_regularizer=keras.regularizers.L1(0.01))(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def normalized():
    """A chain with batch normalization on its own and seeded dropout of whole maps and units."""
    inputs = keras.Input((28, 28))
    x = layers.Reshape((28, 28, 1))(inputs)
    x = layers.SpatialDropout2D(0.3, seed=5)(layers.Conv2D(4, 3, strides=2)(x))
    x = layers.BatchNormalization()(layers.Flatten()(x))
    x = layers.Dropout(0.4, seed=6)(layers.Dense(16, activation="tanh")(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def shared():
    """One layer called twice."""
    inputs, dense = keras.Input((28, 28)), layers.Dense(28, activation="relu")
    x = layers.Flatten()(dense(dense(inputs)))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


class Own(keras.Model):
    """A class of somebody's own."""

    def __init__(self):
        super().__init__()
        self.inner, self.outer = layers.Dense(16, "relu"), layers.Dense(10, "softmax")
        self.dropped = layers.Dropout(0.3, seed=3)

    def call(self, inputs, training=False):
        flat = keras.ops.reshape(inputs, (-1, 784))
        return self.outer(self.dropped(self.inner(flat), training=training))


def subclassed():
    network = Own()
    network(np.zeros((1, 28, 28), np.float32))
    return network


@keras.saving.register_keras_serializable("tests")
class Noisy(layers.Layer):
    """Adds noise in training, drawn by a generator of its own, and counts what it saw."""

    def __init__(self, **options):
        super().__init__(**options)
        self.generator = keras.random.SeedGenerator(7)

    def build(self, shape):
        self.seen = self.add_weight(name="seen", initializer="zeros", trainable=False)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        self.seen.assign_add(1.0)
        return inputs + 0.1 * keras.random.normal(keras.ops.shape(inputs), seed=self.generator)


def noisy():
    """A custom layer with a seed generator and an update of its own."""
    inputs = keras.Input((28, 28))
    x = Noisy()(layers.Dense(16, activation="relu")(layers.Flatten()(inputs)))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def sliced():
    """Two inputs cut from one array."""
    inputs = keras.Input((28, 28))
    halves = [layers.Flatten()(part) for part in (inputs[:, :14], inputs[:, 14:])]
    x = layers.Concatenate()([layers.Dense(8, activation="tanh")(half) for half in halves])
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def embedded():
    """An Embedding of whole numbers."""
    inputs = keras.Input((28,), dtype="int32")
    x = layers.GlobalAveragePooling1D()(layers.Embedding(256, 8)(inputs))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def mixed():
    """Hidden layers that compute in bfloat16, the last one in float32."""
    inputs = keras.Input((28, 28))
    hidden = layers.Dense(16, activation="relu", dtype="mixed_bfloat16")
    x = hidden(layers.Flatten()(inputs))
    return keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))


OWN = (regularized, normalized, shared, subclassed, noisy, sliced, embedded, mixed)
EVERY = {**NETWORKS, **{f.__name__: f for f in OWN}}
SHAPES = {"residual": (32, 32, 3), "tabular": (1, 30), "embedded": (28,)}


def seeded(made):
    keras.utils.set_random_seed(1)
    return made()


def state(network):
    return [variable.numpy() for variable in network.variables]


# RMSprop's first steps go by the gradient's sign alone; before a batch normalization many gradients
# are rounding, so that the residual network is held by SGD only.
CASES = [(name, "sgd") for name in EVERY] + [(n, "rmsprop") for n in ("convnet", "tabular", "gru")]


@pytest.mark.parametrize(("name", "optimizer"), CASES)
def test_two_epochs_are_those_of_fit(name, optimizer, monkeypatch):
    """No shuffling, the same first weights, the same order, dropout included.

    Small networks as they are where an epoch has many steps, each one program.
    """
    monkeypatch.setattr(small, "_FEWEST", 0)
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (COUNT, *SHAPES.get(name, (28, 28)))).astype(np.uint8)
    labels = random.integers(0, 10, COUNT).astype(np.int32)
    experiment = Experiment().change(optimizer=optimizer, batch_size=BATCH, learning_rate=0.001)
    experiment = experiment.change(rescale=name != "embedded")
    ours, theirs = seeded(EVERY[name]), seeded(EVERY[name])
    for mine, other in zip(state(ours), state(theirs), strict=True):
        np.testing.assert_array_equal(mine, other)
    before = state(ours)

    made = make_optimizer(experiment.fit)
    made.build(ours.trainable_variables)
    epoch = compile_epoch(experiment, ours, made, tf.constant(images), tf.constant(labels))
    sums = [epoch(tf.range(COUNT), {}) for _ in range(2)]

    theirs.compile(make_optimizer(experiment.fit), "sparse_categorical_crossentropy")
    shown = images if name == "embedded" else images / np.float32(255)
    theirs.fit(shown, labels, BATCH, epochs=2, shuffle=False, verbose=0)
    for mine, other, first in zip(state(ours), state(theirs), before, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-3, atol=3e-5)
        assert not np.array_equal(mine, first) or mine.size <= 10
    assert all(np.isfinite(float(loss)) for loss, _ in sums)


def test_which_networks_are_small():
    mlp = Experiment().change(width=64, batch_size=32)
    assert is_small(build(mlp, 0), 32, 3200) and not is_small(build(mlp, 0), 1000, 10**6)
    assert not is_small(build(mlp, 0), 32, 3199), "too few steps to compile for"
    assert not is_small(build(mlp, 0, "bfloat16"), 32, 3200), "XLA leaves out roundings"
    for own in (shared, subclassed, normalized):
        assert is_small(own(), 32, 3200) == (own is shared)
