import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_mnist.experiment import Experiment
from keras_mnist.networks import MLP, Conv1x1, CustomMLP, LeNet
from keras_mnist.training.build import build
from keras_mnist.training.build.dropout import FastDropout
from keras_mnist.training.build.random_bits import random_halfwords, threefry


def network(model, seed=0, side=28):
    return build(Experiment(network=model).change(side=side), seed)


@pytest.mark.parametrize(
    "model, side, parameters",
    [
        (MLP(), 28, 669_706),  # 001_2bef09a2c007b1dd.txt
        (MLP(width=518), 28, 784 * 518 + 518 + 518 * 518 + 518 + 5190),
        (MLP(hidden_layers=0), 28, 7850),
        (MLP(hidden_layers=4, dropout=0.0), 28, 669_706 + 2 * (512 * 512 + 512)),
        (CustomMLP((60, 20)), 32, 62_930),  # 000_9ab0130caae9d676.txt
        (CustomMLP((64, 64, 64, 32, 16, 16, 10)), 28, 61_720),  # 003_dc70e8b9d719b7ce.txt
        (LeNet(padding="valid", c5_activation=False), 32, 61_706),  # 000 and 002
        (LeNet(activation="tanh", pool="average"), 28, 61_706),  # 003
        (LeNet(dropout=0.5, dropout_after="everywhere"), 28, 61_706),  # 003
        (LeNet(), 28, 61_706),  # 004_f77e747c887b2cb7.txt, biases included
        (LeNet(padding="valid", batchnorm=True, dropout=0.3), 32, 62_158),  # 000 and 002
        (Conv1x1(), 28, 60_540 + 120 + 6 + 150 + 12 + 120 + 84 + 10),
        (Conv1x1(pool_last=True), 28, 60_540 + 120 + 6 + 150 + 12 + 120 + 84 + 10),
    ],
)
def test_parameters_are_counted_alike_by_us_and_by_keras(model, side, parameters):
    assert Experiment(network=model).change(side=side).parameters == parameters
    trainable = network(model, side=side).trainable_variables
    assert sum(int(np.prod(variable.shape)) for variable in trainable) == parameters


@pytest.mark.parametrize("model, weights", [(LeNet(), 61_470), (Conv1x1(), 60_540)])
def test_weights_without_biases_are_those_of_file_004(model, weights):
    assert sum(layer.weights for layer in Experiment(network=model).sizes) == weights


def test_the_parts_of_the_lenet():
    def kinds(model):
        return [
            layer.name if "pool" in layer.name else type(layer).__name__
            for layer in network(model, side=32).layers[2:]
        ]

    regularized = LeNet(padding="valid", c5_activation=False, batchnorm=True, dropout=0.3)
    convolution = ["Conv2D", "BatchNormalization", "{}_pool", "Activation"]
    assert kinds(regularized) == [
        *(name.format("c1") for name in convolution),
        *(name.format("c3") for name in convolution),
        *("Flatten", "Dense", "BatchNormalization", "Dense", "BatchNormalization", "Activation"),
        *("FastDropout", "Dense"),
    ]
    averaged = ["Conv2D", "Activation", "{}_pool"]
    assert kinds(LeNet(activation="tanh", pool="average")) == [
        *(name.format("c1") for name in averaged),
        *(name.format("c3") for name in averaged),
        *("Flatten", "Dense", "Activation", "Dense", "Activation", "Dense"),
    ]


@pytest.mark.parametrize(
    "place, names",
    [("f6", ["f6"]), ("dense", ["c5", "f6"]), ("everywhere", ["c1", "c3", "c5", "f6"])],
)
def test_where_dropout_sits(place, names):
    layers = network(LeNet(dropout=0.5, dropout_after=place)).layers
    dropped = [layer.name for layer in layers if isinstance(layer, FastDropout)]
    assert dropped == [f"{name}_dropout" for name in names]
    assert {layer.rate for layer in layers if isinstance(layer, FastDropout)} == {0.5}


def test_batch_normalization_has_pytorch_s_constants():
    norm = network(LeNet(batchnorm=True)).get_layer("c3_norm")
    assert (norm.momentum, norm.epsilon) == (0.9, 1e-5)


@pytest.mark.parametrize(
    "layer, fan_in", [("c1", 25), ("c3", 150), ("c5", 400), ("f6", 120), ("digit", 84)]
)
def test_pytorch_s_first_weights_are_uniform_by_the_fan_in(layer, fan_in):
    kernel, bias = network(LeNet(init="pytorch")).get_layer(layer).get_weights()
    limit = 1 / np.sqrt(fan_in)
    for values in (kernel, bias):
        assert np.abs(values).max() <= limit
        assert np.abs(values).max() > limit * (1 - 5 / values.size)
    assert abs(kernel.std() - limit / np.sqrt(3)) < 3 * limit / np.sqrt(kernel.size)
    assert not network(LeNet(init="keras")).get_layer(layer).get_weights()[1].any()


def test_layers_of_the_mlp():
    kinds = [type(layer).__name__ for layer in network(MLP()).layers]
    assert kinds == ["Flatten", "Dense", "FastDropout", "Dense", "FastDropout", "Dense"]
    assert [layer.activation.__name__ for layer in network(MLP()).layers if "Dense" in str(layer)]


def test_no_relu_leaves_one_linear_map():
    linear = network(MLP(activation="linear", dropout=0.0))
    logits = keras.Sequential([*linear.layers[:-1]])
    x = np.random.default_rng(0).normal(size=(2, 28, 28)).astype(np.float32)
    total = logits(x[:1]) + logits(x[1:])
    np.testing.assert_allclose(logits(x[:1] + x[1:]), total, rtol=1e-4, atol=1e-5)


def weights(model, seed):
    return {w.path.split("/", 1)[1]: w.numpy() for w in network(model, seed).weights}


def test_equal_layers_start_alike_whatever_else_changes():
    base, plain = weights(MLP(), 3), weights(MLP(dropout=0.0, activation="linear"), 3)
    deep = weights(MLP(hidden_layers=4), 3)
    assert base.keys() == plain.keys() < deep.keys()
    for name in base:
        np.testing.assert_array_equal(base[name], plain[name])
        np.testing.assert_array_equal(base[name], deep[name])
    other = weights(MLP(), 4)
    assert all((base[n] != other[n]).any() for n in base if n.endswith("kernel"))


def test_first_weights_are_glorot_uniform():
    kernel = weights(MLP(), 0)["hidden_1/kernel"]
    limit = np.sqrt(6 / (784 + 512))
    assert np.abs(kernel).max() <= limit
    assert abs(kernel.std() - limit / np.sqrt(3)) < 1e-3 * limit


# The known answers that come with the generator's reference implementation, 20 rounds.
@pytest.mark.parametrize(
    "key, counter, words",
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((2**32 - 1, 2**32 - 1), (2**32 - 1, 2**32 - 1), (0x1CB996FC, 0xBB002BE7)),
        (
            (0x13198A2E, 0x03707344),
            (0x243F6A88, 0x85A308D3),
            (0xC4923A9C, 0x483DF7A0),
        ),
    ],
)
def test_threefry_gives_its_known_answers(key, counter, words):
    def scalars(pair):
        return tuple(tf.constant(word, tf.uint32) for word in pair)

    assert tuple(int(word) for word in threefry(scalars(key), scalars(counter))) == words


def test_halfwords_are_uniform():
    words = random_halfwords(tf.constant([1, 2]), 1_000_003).numpy().astype(int) + 32768
    assert words.shape == (1_000_003,)
    assert 0 <= words.min() < 1000
    assert 64_535 < words.max() <= 65_535
    counts = np.bincount(words >> 8, minlength=256)
    chi_square = ((counts - counts.mean()) ** 2 / counts.mean()).sum()
    assert chi_square < 255 + 5 * np.sqrt(2 * 255)
    assert abs(np.corrcoef(words[:-1], words[1:])[0, 1]) < 5e-3


def dropped(rate, seed, calls=1):
    layer = FastDropout(rate, seed=seed)
    ones = tf.ones((256, 512))
    return [layer(ones, training=True).numpy() for _ in range(calls)]


def test_dropout_keeps_the_share_and_the_mean():
    (mask,) = dropped(0.2, seed=0)
    share = (mask == 0).mean()
    assert abs(share - 0.2) < 4 * np.sqrt(0.2 * 0.8 / mask.size)
    np.testing.assert_allclose(np.unique(mask), [0, 1.25], rtol=1e-6)
    # No row or column is favoured.
    assert np.abs((mask == 0).mean(axis=0) - 0.2).max() < 6 * np.sqrt(0.16 / 256)
    assert np.abs((mask == 0).mean(axis=1) - 0.2).max() < 6 * np.sqrt(0.16 / 512)


def test_dropout_draws_anew_each_time_and_by_seed():
    first, second = dropped(0.5, seed=1, calls=2)
    (again,) = dropped(0.5, seed=1)
    (other,) = dropped(0.5, seed=2)
    np.testing.assert_array_equal(first, again)
    for mask in (second, other):
        assert abs((first == mask).mean() - 0.5) < 0.01


def test_dropout_gradient_is_its_mask():
    layer = FastDropout(0.3, seed=0)
    x = tf.random.stateless_normal((8, 16), [0, 1])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=True)
    gradient = tape.gradient(y, x).numpy()
    np.testing.assert_allclose(gradient * x.numpy(), y.numpy(), rtol=1e-6)
    assert (gradient == 0).any()


def test_dropout_is_the_identity_outside_training():
    x = tf.random.stateless_normal((3, 4), [0, 1])
    np.testing.assert_array_equal(FastDropout(0.9, seed=0)(x, training=False), x)
