import keras
import numpy as np
import pytest

from keras_mnist.experiment import Experiment
from keras_mnist.networks import MLP, Conv1x1, CustomMLP, LeNet
from keras_mnist.training.build import build
from keras_mnist.training.build.dropout import FastDropout, FastMapDropout


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


def test_first_weights_by_a_rule():
    def weights(init):
        return network(LeNet(init=init)).get_layer("f6").get_weights()

    he, zeros = weights("he_uniform")
    limit = np.sqrt(6 / 120)
    assert 0.99 * limit < np.abs(he).max() <= limit and not zeros.any()
    orthogonal, zeros = weights("orthogonal")
    np.testing.assert_allclose(orthogonal.T @ orthogonal, np.eye(84), atol=1e-5)
    assert not zeros.any()


def test_maps_are_dropped_whole_after_poolings_and_units_elsewhere():
    built = network(LeNet(dropout=0.5, dropout_after="everywhere", dropout_of="maps"))
    kinds = {layer.name: type(layer) for layer in built.layers if "dropout" in layer.name}
    assert kinds == {
        "c1_dropout": FastMapDropout,
        "c3_dropout": FastMapDropout,
        "c5_dropout": FastDropout,
        "f6_dropout": FastDropout,
    }


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
