import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from steps import assert_same_step

from keras_mnist.experiment import Experiment
from keras_mnist.networks import Conv1x1, LeNet
from keras_mnist.training.build import build
from keras_mnist.training.build.dropout import FastDropout, FastMapDropout
from keras_mnist.training.fast import blocks, pooling
from keras_mnist.training.fast.forward import forward_pass
from keras_mnist.training.losses import crossentropy

COUNT = 4
ACTIVATIONS = ("relu", "tanh", "linear")
LENETS = [
    LeNet(activation=activation, pool=pool, padding=padding, batchnorm=batchnorm)
    for activation, pool, padding, batchnorm in itertools.product(
        ACTIVATIONS, ("max", "average"), ("same", "valid"), (False, True)
    )
]
CONV1X1S = [
    Conv1x1(activation=activation, pool_last=pool_last)
    for activation, pool_last in itertools.product(ACTIVATIONS, (False, True))
]


def passes(model, side, seed=0):
    """The network and two ways through it: over blocks, and Keras's own."""
    experiment = Experiment(network=model).change(side=side)
    network = build(experiment, seed)
    return network, forward_pass(network, True), lambda x: network(x, training=True)


@pytest.mark.parametrize("side", [28, 32])
@pytest.mark.parametrize(
    "model", LENETS + CONV1X1S, ids=lambda model: Experiment(network=model).name
)
def test_the_blocked_pass_is_the_network(model, side, float64):
    inputs = np.random.default_rng(0).normal(size=(COUNT, side, side))
    _, theirs = assert_same_step(*passes(model, side), inputs, 1e-11)
    assert len(theirs[2]) == (8 if getattr(model, "batchnorm", False) else 0)


@pytest.mark.parametrize(
    "model", LENETS + CONV1X1S, ids=lambda model: Experiment(network=model).name
)
def test_the_blocked_pass_is_the_network_outside_training(model, float64):
    rng = np.random.default_rng(0)
    experiment = Experiment(network=model)
    network = build(experiment, 0)
    for variable in network.variables:  # moving statistics, scales and shifts unlike their first
        variable.assign(variable + 0.01 * rng.random(variable.shape))
    inputs = tf.constant(rng.normal(size=(COUNT, 28, 28)))
    ours, theirs = forward_pass(network, False)(inputs), network(inputs, training=False)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_a_single_image_passes(float64):
    inputs = np.random.default_rng(0).normal(size=(1, 28, 28))
    assert_same_step(*passes(LeNet(), 28), inputs, 1e-11)


def test_as_compiled_for_training():
    """In single precision and by XLA, smooth throughout: no near-tie may fall either way."""
    inputs = np.random.default_rng(0).normal(size=(32, 32, 32))
    model = LeNet(activation="tanh", pool="average", padding="valid", batchnorm=True)
    assert_same_step(*passes(model, 32), inputs, 1e-5)


@pytest.mark.parametrize(
    "model", [LeNet(), Conv1x1(), Conv1x1(pool_last=True)], ids=["lenet", "conv1x1", "pool_last"]
)
def test_ties_are_broken_alike(model):
    """Inputs of 0 and 1, convolutions in sixteenths: sums exact in any order, and many ties."""
    network, ours, theirs = passes(model, 28)
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.set_weights([np.rint(weights * 16) / 16 for weights in layer.get_weights()])
    inputs = np.random.default_rng(0).integers(0, 2, (COUNT, 28, 28))
    inputs[0] = 1
    ours, theirs = assert_same_step(network, ours, theirs, inputs, 1e-5)
    np.testing.assert_array_equal(ours[0], theirs[0])


def test_every_tie_goes_to_the_place_that_tensorflow_chooses():
    windows = np.array(list(itertools.product((-1, 0, 1), repeat=4)), np.float32)
    groups, maps = (
        tf.constant(windows.T[:, None, None, None]),
        tf.constant(windows.reshape(-1, 2, 2, 1)),
    )
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([groups, maps])
        ours = pooling.pooled(groups, tf.zeros(1), "linear", "max")
        theirs = tf.nn.max_pool2d(maps, 2, 2, "VALID")
    np.testing.assert_array_equal(tf.reshape(ours, [-1]), tf.reshape(theirs, [-1]))
    ours, theirs = tape.gradient(ours, groups), tape.gradient(theirs, maps)
    np.testing.assert_array_equal(ours[:, 0, 0, 0].numpy().T, tf.reshape(theirs, (-1, 4)))


def test_dropout_after_pooling_draws_anew_each_step(monkeypatch):
    seen = {}
    call = FastDropout.call

    def recorded(layer, inputs, training=False):
        outputs = call(layer, inputs, training=training)
        assert np.all(inputs.numpy() != 0)
        seen.setdefault(layer.name, []).append(outputs.numpy() == 0)
        return outputs

    monkeypatch.setattr(FastDropout, "call", recorded)
    inputs = tf.random.stateless_normal((COUNT, 28, 28), [0, 1])
    model = LeNet(activation="tanh", dropout=0.3, dropout_after="everywhere")
    _, forward, _ = passes(model, 28, seed=1)
    first, second = forward(inputs), forward(inputs)
    sizes = {"c1": 6 * 14 * 14, "c3": 16 * 5 * 5, "c5": 120, "f6": 84}
    assert list(seen) == [f"{name}_dropout" for name in sizes]
    for (one, other), size in zip(seen.values(), sizes.values(), strict=True):
        assert one.size == other.size == size * COUNT
        for mask in (one, other):
            assert abs(mask.mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / mask.size)
        assert abs((one & other).mean() - 0.09) < 4 * np.sqrt(0.09 * 0.91 / one.size)
    assert (first.numpy() != second.numpy()).any()
    _, again, _ = passes(model, 28, seed=1)
    np.testing.assert_array_equal(again(inputs), first)
    _, other, _ = passes(model, 28, seed=2)
    other(inputs)
    for one, *_, other in seen.values():
        assert (one != other).any()


@pytest.mark.parametrize("which", [1, 2], ids=["over blocks", "as Keras has them"])
def test_maps_are_dropped_whole_and_the_rest_scaled_up(monkeypatch, which):
    seen = {}

    def recorded(layer, inputs, shape, training):
        outputs = dropped(layer, inputs, shape, training)
        kept = (outputs.numpy() != 0).reshape(outputs.shape)
        np.testing.assert_allclose(outputs.numpy()[kept], 2 * inputs.numpy()[kept], rtol=1e-6)
        axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
        assert (kept.all(axes) | ~kept.any(axes)).all()  # a map is there or is not
        seen.setdefault(layer.name, []).append(kept.all(axes))
        return outputs

    dropped = FastMapDropout.dropped
    monkeypatch.setattr(FastMapDropout, "dropped", recorded)
    inputs = tf.random.stateless_normal((COUNT, 28, 28), [0, 1])
    model = LeNet(activation="tanh", dropout=0.5, dropout_after="everywhere", dropout_of="maps")
    forward = passes(model, 28, seed=1)[which]
    forward(inputs), forward(inputs)
    for name, maps in {"c1_dropout": 6, "c3_dropout": 16}.items():
        first, second = seen[name]
        assert first.size == maps * COUNT and (first != second).any()
        assert abs(first.mean() - 0.5) < 4 * np.sqrt(0.25 / first.size)


@pytest.mark.parametrize("model", [LeNet(), Conv1x1()], ids=["lenet", "conv1x1"])
def test_crossentropy_still_finds_the_logits(model):
    network, forward, _ = passes(model, 28)
    digit = network.get_layer("digit")
    digit.set_weights([np.zeros((84, 10)), np.array([200.0] + [0.0] * 9)])

    @tf.function(autograph=False)
    def losses(inputs):
        with tf.GradientTape() as tape:
            values = crossentropy(tf.ones(COUNT, tf.int32), forward(inputs))
        return values, tape.gradient(values, digit.bias.value)

    values, slope = losses(tf.zeros((COUNT, 28, 28)))
    np.testing.assert_allclose(values, [200.0] * COUNT)
    np.testing.assert_allclose(slope, [COUNT, -COUNT] + [0] * 8, atol=1e-5)


def layers_of(*layers, side=28, channels=1):
    inputs = keras.Input((side, side, channels))
    x = inputs
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, keras.layers.Dense(10)(keras.layers.Flatten()(x)))


def residual():
    inputs = keras.Input((12, 12, 1))
    x = keras.layers.Conv2D(4, 3, padding="same")(inputs)
    x = keras.layers.Add()([x, keras.layers.Conv2D(4, 3, padding="same", activation="relu")(x)])
    return keras.Model(inputs, keras.layers.Dense(10)(keras.layers.Flatten()(x)))


class Own(keras.Sequential):
    def call(self, inputs, training=None, mask=None):
        return 2 * super().call(inputs, training=training, mask=mask)


def conv(filters=3, kernel=3, **options):
    return keras.layers.Conv2D(filters, kernel, **options)


L = keras.layers
# By what the walk meets; and whether any convolution goes over blocks.
OTHERS = {
    "two without pooling": (lambda: layers_of(conv(), L.Activation("tanh"), conv(4)), 2),
    "activations inside": (lambda: layers_of(conv(activation="tanh"), L.MaxPooling2D()), 1),
    "an activation unknown": (lambda: layers_of(conv(activation="gelu"), L.MaxPooling2D()), 0),
    "tanh after a mean": (
        lambda: layers_of(conv(), L.AveragePooling2D(2), L.Activation("tanh")),
        1,
    ),
    "relu around a maximum": (
        lambda: layers_of(conv(activation="relu"), L.MaxPooling2D(), L.Activation("relu")),
        1,
    ),
    "norm without pooling": (lambda: layers_of(conv(), L.BatchNormalization()), 0),
    "norm after activation": (
        lambda: layers_of(conv(activation="tanh"), L.BatchNormalization()),
        1,
    ),
    "norm, tanh, maximum": (
        lambda: layers_of(conv(), L.BatchNormalization(), L.Activation("tanh"), L.MaxPooling2D()),
        1,
    ),
    "norm without a scale": (
        lambda: layers_of(conv(), L.BatchNormalization(scale=False), L.MaxPooling2D()),
        1,
    ),
    "strides": (lambda: layers_of(conv(strides=2), conv()), 0),
    "dilation": (lambda: layers_of(conv(dilation_rate=2), L.MaxPooling2D()), 0),
    "no bias": (lambda: layers_of(conv(use_bias=False), L.MaxPooling2D()), 0),
    "not square": (lambda: layers_of(conv(3, (3, 5)), L.MaxPooling2D()), 0),
    "an even kernel": (lambda: layers_of(conv(3, 2), L.MaxPooling2D()), 0),
    "an odd side": (lambda: layers_of(conv(), L.MaxPooling2D(), side=11), 0),
    "odd after pooling": (lambda: layers_of(conv(), L.MaxPooling2D(), conv()), 1),
    "padding inside": (lambda: layers_of(conv(), L.MaxPooling2D(), conv(padding="same")), 1),
    "colours, padded": (lambda: layers_of(conv(padding="same"), side=12, channels=3), 0),
    "colours": (lambda: layers_of(conv(), L.MaxPooling2D(), side=12, channels=3), 1),
    "1 x 1 first": (lambda: layers_of(conv(3, 1), L.MaxPooling2D(), conv(2, 1)), 2),
    "1 x 1, normalized": (lambda: layers_of(conv(), conv(2, 1), L.BatchNormalization()), 1),
    "9 x 9": (lambda: layers_of(conv(3, 9), L.MaxPooling2D(), side=32), 1),
    "pooling by 3": (lambda: layers_of(conv(), L.MaxPooling2D(3)), 1),
    "pooling with strides": (lambda: layers_of(conv(), L.MaxPooling2D(2, 1)), 1),
    "pooling, padded": (lambda: layers_of(conv(), L.MaxPooling2D(padding="same")), 1),
    "global pooling": (lambda: layers_of(conv(), L.GlobalAveragePooling2D()), 1),
    "a depthwise one": (lambda: layers_of(conv(), L.DepthwiseConv2D(3), conv()), 2),
    "whole maps dropped": (lambda: layers_of(conv(), L.SpatialDropout2D(0.0)), 1),
    "a residual": (residual, 0),
    "a class of one's own": (lambda: Own(layers_of(conv(), L.MaxPooling2D()).layers), 0),
    "one kernel taller than the map": (lambda: layers_of(conv(2, 5, padding="same"), side=4), 1),
}


@pytest.mark.parametrize("name", OTHERS)
def test_any_network_passes(name, float64, monkeypatch):
    """What the walk knows goes over blocks, everything else through Keras's own layers."""
    build_it, over_blocks = OTHERS[name]
    keras.utils.set_random_seed(0)
    network, went = build_it(), []
    network(np.zeros((1, *network.input_shape[1:])))
    for kind in ("convolve", "squeeze"):
        blocked = getattr(blocks, kind)
        monkeypatch.setattr(blocks, kind, lambda *a, f=blocked: went.append(1) or f(*a))
    inputs = np.random.default_rng(0).normal(size=(COUNT, *network.input_shape[1:]))
    ours = forward_pass(network, True)
    assert_same_step(network, ours, lambda x: network(x, training=True), inputs, 1e-11)
    assert len(went) == over_blocks
    ours, theirs = forward_pass(network, False)(inputs), network(inputs, training=False)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
