"""A saved Keras model as a network: what is taken out, changed, kept, and what is refused."""

import json
import zipfile

import keras
import numpy as np
import pytest
from keras import layers

from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment
from keras_mnist.networks.saved import taken_out
from keras_mnist.runs.baseline import own_named
from keras_mnist.training.build import build
from keras_mnist.training.build.described import built_of


def branched():
    inputs = keras.Input((28, 28), name="image")
    x = layers.Reshape((28, 28, 1), name="channels")(inputs)
    x = layers.Conv2D(4, 3, activation="relu", padding="same", name="conv")(x)
    y = layers.BatchNormalization(name="norm")(x)
    y = layers.ReLU(name="relu")(y)
    x = layers.Add(name="sum")([x, layers.Conv2D(4, 3, padding="same", name="inner")(y)])
    x = layers.Flatten(name="flat")(layers.MaxPooling2D(name="pool")(x))
    x = layers.Dropout(0.5, name="dropout_1")(layers.Dense(8, activation="relu", name="hidden")(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax", name="last")(x))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "mine.keras"
    keras.utils.set_random_seed(3)
    branched().save(path)
    return path


def made(path, seed=0, **changes):
    network = own_named(str(path), "")
    return build(Experiment(network=network).change(**changes), seed)


def names(model):
    return [layer.name for layer in model.layers if not isinstance(layer, layers.InputLayer)]


def test_as_it_is_but_with_weights_of_the_seed(saved):
    ours, again, other = made(saved), made(saved), made(saved, 1)
    theirs = keras.models.load_model(saved)
    assert names(ours) == names(theirs)
    inputs = np.random.default_rng(0).random((3, 28, 28), np.float32)
    for one, same, another, was in zip(
        *(m.weights for m in (ours, again, other, theirs)), strict=True
    ):
        np.testing.assert_array_equal(one, same)
        if one.path.endswith("kernel"):
            assert (one.numpy() != another.numpy()).any() and (one.numpy() != was.numpy()).any()
    kept = made(saved, 1, keep_weights=True)
    np.testing.assert_array_equal(kept(inputs), theirs(inputs))


@pytest.mark.parametrize(
    ("word", "gone"),
    [
        ("norm", {"norm"}),
        ("BatchNormalization", {"norm"}),
        ("dropout", {"dropout_1"}),
        ("norm,relu", {"norm", "relu"}),
        ("flat", None),
        ("sum", None),
        ("nrom", None),
    ],
)
def test_layers_are_taken_out(saved, word, gone):
    if gone is None:
        told = {"flat": "(10,)", "sum": "2 inputs", "nrom": "Did you mean norm"}[word]
        with pytest.raises(ExperimentError) as error:
            built_of(own_named(str(saved), "").__class__(without=word), (28, 28), 10)
        assert told in str(error.value)
        return
    whole, model = made(saved), made(saved, without=word)
    assert set(names(whole)) - set(names(model)) == gone
    paths = {weight.path: weight for weight in whole.weights}
    for weight in model.weights:
        np.testing.assert_array_equal(weight, paths[weight.path])


def test_activations_initializers_and_dropout_are_changed(saved):
    model = made(saved, activation="tanh", init="he_normal", dropout=0.1)
    by_name = {layer.name: layer for layer in model.layers}
    kinds = {n: by_name[n].activation.__name__ for n in ("conv", "relu", "inner", "hidden", "last")}
    assert kinds == {
        "conv": "tanh",
        "relu": "tanh",
        "inner": "linear",
        "hidden": "tanh",
        "last": "softmax",
    }
    assert by_name["dropout_1"].rate == 0.1
    assert isinstance(by_name["hidden"].kernel_initializer, keras.initializers.HeNormal)


def test_code_in_a_file_is_refused_by_name(tmp_path):
    @keras.saving.register_keras_serializable("theirs")
    class Mine(layers.Layer):
        def call(self, inputs):
            return inputs

    for number, layer in enumerate((layers.Lambda(lambda x: x, name="odd"), Mine())):
        path = tmp_path / f"{number}.keras"
        keras.Sequential([keras.Input((28, 28)), layer, layers.Flatten(), layers.Dense(10)]).save(
            path
        )
        with pytest.raises(ExperimentError, match="Keras's own layers alone") as error:
            own_named(str(path), "")
        assert ("odd", "Mine")[number] in str(error.value)


@pytest.mark.parametrize(
    "hidden",
    [
        {"module": "keras", "class_name": "layers.Lambda"},
        {"module": "keras.layers", "class_name": "TFSMLayer"},
        {"module": "builtins", "class_name": "exec"},
        {"module": "keras.src.utils.file_utils", "class_name": "get_file"},
        {"class_name": "os>system"},
    ],
)
def test_code_by_another_name_is_refused_as_well(tmp_path, hidden):
    layer = {**hidden, "config": {"name": "odd"}}
    config = {"class_name": "Sequential", "module": "keras", "config": {"layers": [layer]}}
    with zipfile.ZipFile(tmp_path / "odd.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
    with pytest.raises(ExperimentError, match="Keras's own layers alone"):
        own_named(str(tmp_path / "odd.keras"), "")


ODD = [None, "text", 7, {"layers": 3}]
ODD += [{"layers": [one]} for one in ("x", None, [], {"class_name": "Dense"}, {"config": {}})]


@pytest.mark.parametrize("config", ODD)
def test_a_model_whose_configuration_is_none(tmp_path, config):
    with zipfile.ZipFile(tmp_path / "odd.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": config}))
    with pytest.raises(ExperimentError, match=r"as .model\.save. writes it"):
        own_named(str(tmp_path / "odd.keras"), "")


@pytest.mark.parametrize("node", ["x", 3, {"args": [{"class_name": "__keras_tensor__"}]}])
def test_a_layer_that_comes_after_nothing_known_is_not_taken_out(node):
    layers = [
        {"class_name": "Dense", "config": {"name": name}, "inbound_nodes": [node]} for name in "ab"
    ]
    config = {"class_name": "Functional", "module": "keras", "config": {"layers": layers}}
    with pytest.raises(ExperimentError, match="--without a must name a layer"):
        taken_out(config, "a")


def test_a_file_that_says_it_is_encrypted(tmp_path):
    with zipfile.ZipFile(tmp_path / "bad.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    content = (tmp_path / "bad.keras").read_bytes()
    place = content.index(b"PK\x01\x02") + 8
    (tmp_path / "bad.keras").write_bytes(content[:place] + b"\1" + content[place + 1 :])
    with pytest.raises(ExperimentError, match=r"as .model\.save. writes it.*encrypted"):
        own_named(str(tmp_path / "bad.keras"), "")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_model(tmp_path, content):
    path = tmp_path / "bad.keras"
    path.write_bytes(content)
    with pytest.raises(ExperimentError, match=r"as .model\.save. writes it"):
        own_named(str(path), "")
