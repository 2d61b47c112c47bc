"""Keras networks as plain steps: equal to Keras, or refused with the layer that is in the way."""

import json
import resource

import keras
import numpy as np
import pytest
from keras import layers
from keras_networks import NETWORKS

from keras_mnist import Experiment
from keras_mnist.base.errors import StoreError
from keras_mnist.serving import plain
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.plain import plain_network, save_plain
from keras_mnist.serving.simplify import cannot_hold, simplified
from keras_mnist.training.pixels import to_inputs

PICTURE = (13, 10, 3)


def chain(*between, shape=PICTURE):
    return keras.Sequential([keras.Input(shape), *between, layers.Dense(3, "softmax")])


def normalized(network):
    """The network, its normalizations as if they had learnt something."""
    random = np.random.default_rng(1)
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([random.uniform(0.5, 2, w.shape) for w in layer.get_weights()])
    return network


HELD = {
    "strides": lambda: chain(
        layers.Conv2D(4, 3, strides=2, padding="same", activation="relu6"),
        layers.Conv2D(4, (2, 3), strides=(1, 2), use_bias=False),
        layers.ReLU(),
        layers.Flatten(),
    ),
    "even kernels": lambda: chain(
        layers.Conv2D(4, (4, 2), padding="same", activation="elu"), layers.Flatten()
    ),
    "larger pools": lambda: chain(
        layers.Conv2D(4, 3, activation="leaky_relu"),
        layers.MaxPooling2D(3),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
    ),
    "means of everything": lambda: chain(
        layers.Conv2D(4, 3, activation="silu"), layers.GlobalAveragePooling2D()
    ),
    "greatest of everything": lambda: chain(
        layers.Conv2D(4, 3, activation="sigmoid"), layers.GlobalMaxPooling2D(keepdims=True),
        layers.Conv2D(5, 1), layers.Flatten(),
    ),
    "normalization wherever": lambda: chain(
        layers.BatchNormalization(scale=False),
        layers.Conv2D(4, 3, activation="tanh"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.BatchNormalization(center=False),
        layers.Flatten(),
        layers.BatchNormalization(),
        layers.Dense(6),
        layers.BatchNormalization(),
        layers.ReLU(6.0),
    ),
    "other shapes": lambda: chain(
        layers.Flatten(),
        layers.Dense(24),
        layers.Reshape((4, 6)),
        layers.Activation("softmax"),
        layers.Reshape((4, 6, 1)),
        layers.Conv2D(2, 3),
        layers.GaussianNoise(0.1),
        layers.Flatten(),
    ),
    "no last dense layer": lambda: keras.Sequential(
        [keras.Input(PICTURE), layers.Conv2D(3, (13, 10)), layers.Flatten(),
         layers.Activation("softmax")]
    ),
    "functional": lambda: keras.Model(
        inputs := keras.Input(PICTURE),
        layers.Dense(3, "softmax")(layers.Flatten()(layers.Conv2D(2, 3)(inputs))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_plain_steps_say_what_keras_says(name):
    network = normalized(HELD[name]())
    assert cannot_hold("numpy", network) == ""
    experiment = Experiment().change(shape=PICTURE, classes=3)
    steps, arrays = simplified(experiment, network)
    images = np.random.default_rng(0).integers(0, 256, (4, *PICTURE)).astype(np.uint8)
    said = plain_network(json.loads(json.dumps(steps)), arrays)(images)
    expected = network(images.astype(np.float32) / 255, training=False)
    assert said.dtype == np.float32
    np.testing.assert_allclose(said, expected, atol=1e-5)


@pytest.mark.parametrize("choices", [{"normalize": True}, {"symmetric": True}, {"rescale": False}])
def test_plain_steps_take_pixels_as_training_does(choices):
    experiment = Experiment().change(shape=PICTURE, classes=3, **choices)
    network = chain(layers.Flatten())
    images = np.random.default_rng(0).integers(0, 256, (4, *PICTURE)).astype(np.uint8)
    said = plain_network(*simplified(experiment, network))(images)
    expected = network(to_inputs(experiment.pixels, images), training=False)
    np.testing.assert_allclose(said, expected, atol=1e-5)


def renamed():
    def relu(x):
        return x - 1.0

    return relu


OTHERS = {
    "layer long, a GRU": lambda: chain(layers.GRU(4, name="long"), shape=(5, 3)),
    "layer wide, a Conv2D with dilation_rate (2, 2)": lambda: chain(
        layers.Conv2D(4, 3, dilation_rate=2, name="wide"), layers.Flatten()
    ),
    "layer parted, a Conv2D with groups 3": lambda: chain(
        layers.Conv2D(6, 3, groups=3, name="parted"), layers.Flatten()
    ),
    "layer pool, a MaxPooling2D of (3, 3) by (2, 2), valid": lambda: chain(
        layers.MaxPooling2D(3, 2, name="pool"), layers.Flatten()
    ),
    "layer pool, a AveragePooling2D of (2, 2) by (2, 2), same": lambda: chain(
        layers.AveragePooling2D(2, padding="same", name="pool"), layers.Flatten()
    ),
    "layer odd, a Dense with another activation": lambda: chain(
        layers.Flatten(), layers.Dense(4, "mish", name="odd")
    ),
    "layer posing, a Activation with another activation": lambda: chain(
        layers.Flatten(), layers.Activation(renamed(), name="posing")
    ),
    "layer steep, a ReLU with another activation": lambda: chain(
        layers.Flatten(), layers.ReLU(negative_slope=0.1, name="steep")
    ),
    "layer rows, a Dense on several axes": lambda: chain(
        layers.Dense(4, name="rows"), layers.Flatten()
    ),
    "layer norm, a BatchNormalization along axis 1": lambda: chain(
        layers.BatchNormalization(axis=1, name="norm"), layers.Flatten()
    ),
    "layer half, a Dense that computes in bfloat16": lambda: chain(
        layers.Flatten(), layers.Dense(4, name="half", dtype="mixed_bfloat16")
    ),
}


@pytest.mark.parametrize("said", OTHERS)
def test_the_layer_that_is_in_the_way_is_named(said):
    network = OTHERS[said]()
    assert cannot_hold("numpy", network) == said
    assert cannot_hold("keras", network) == ""
    with pytest.raises(TypeError, match="no plain steps stand for layer"):
        simplified(Experiment(), network)


@pytest.mark.parametrize("name", ["attention", "residual"])
def test_a_network_that_branches_is_no_chain(name):
    assert cannot_hold("numpy", NETWORKS[name]()).endswith("whose layers are no single chain")


def test_a_class_of_one_s_own_is_no_chain():
    class Mine(keras.Model):
        def call(self, inputs):
            return inputs

    assert cannot_hold("numpy", Mine(name="mine")) == "mine, whose layers are no single chain"


# Files that no exporter writes

MANY = 10**5
FIRST = {"kind": "scale"}
TOO_LARGE = {
    "read": [{**FIRST, "shape": (MANY, MANY)}],
    "resized": [{"kind": "resize", "side": MANY}],
    "scaled": [
        FIRST,
        {"kind": "reshape", "shape": [784, 1, 1]},
        {"kind": "line", "scale": "row", "shift": "row"},
        {"kind": "line", "scale": "column", "shift": "column"},
    ],
    "folded": [
        {"kind": "resize", "side": 900},
        {"kind": "conv", "kernel": "wide", "bias": "row", "padding": "same"},
    ],
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_a_small_file_cannot_ask_for_any_amount_of_memory(what, tmp_path):
    arrays = {
        "row": np.ones(MANY, np.float32),
        "column": np.ones((100, 1), np.float32),
        "wide": np.ones((90, 90, 1, 1), np.float32),
    }
    save_plain(tmp_path / "model.npz", TOO_LARGE[what], arrays)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(StoreError, match=r"would make [\d,]+ numbers"):
        load_classifier(tmp_path / "model.npz")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024, "KiB"


def test_a_large_network_is_asked_in_smaller_batches(monkeypatch):
    examples = np.random.default_rng(0).integers(0, 256, (9, 4, 4), np.uint8)
    steps = [{"kind": "dense", "kernel": "k", "bias": "b"}, {"kind": "activate", "by": "softmax"}]
    arrays = {"k": np.eye(16, 3, dtype=np.float32), "b": np.zeros(3, np.float32)}
    whole = plain_network(steps, arrays)(examples)
    monkeypatch.setattr(plain, "LARGEST", 32)  # of which an example takes 16
    seen = []
    monkeypatch.setitem(plain._KINDS, "begin", lambda v, *_: seen.append(len(v)) or v.astype("f4"))
    np.testing.assert_array_equal(plain_network(steps, arrays)(examples), whole)
    assert seen == [1, 2, 2, 2, 2, 1]
