"""A person's own network: its first weights, its pairing, what decides of its runs."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment, Study
from keras_mnist.networks.own import own_network
from keras_mnist.runs.baseline import own_named
from keras_mnist.training.build import build
from keras_mnist.training.build.described import built_of
from keras_mnist.training.run import train_run
from keras_mnist.training.trainer import Trainer

MINE = """
import keras, random
from keras import layers
import helper

def network(shape, classes, width=16, extra=False, dropout=0.2, ending="softmax"):
    inputs = keras.Input(shape)
    x = layers.Flatten()(inputs)
    if extra:
        x = layers.Dense(helper.UNITS, name="extra", activation="relu")(x)
    x = layers.Dense(width, name="hidden", activation="relu", kernel_regularizer="l2")(x)
    x = layers.Dropout(dropout, name="dropped")(x)
    return keras.Model(inputs, layers.Dense(classes, name="last", activation=ending)(x))

def custom(shape, classes, scale=2.0):
    inputs = keras.Input(shape)
    x = layers.Lambda(lambda x: helper.stretched(x, scale))(layers.Flatten()(inputs))
    return keras.Model(inputs, layers.Dense(classes)(x))

def drawn(shape, classes):
    width = random.randint(3, 300)
    return keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(width),
                             layers.Dense(classes)])

class Net(keras.Model):
    def __init__(self, classes, width=8):
        super().__init__()
        self.one, self.two = layers.Dense(width, name="one"), layers.Dense(classes, name="two")
    def call(self, x):
        return self.two(keras.ops.relu(self.one(keras.ops.reshape(x, (-1, 784)))))
"""
HELPER = "UNITS = 16\ndef stretched(x, scale):\n    return x * scale  # a comment\n"


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "helper.py").write_text(HELPER)
    return str(tmp_path / "mine.py")


def experiment_on(network, dataset, **changes):
    found = Experiment(network=network).on(dataset).change(**changes)
    place = found.shape, found.data.classes
    found.network.learn(*place, built_of(found.network, *place))
    return found


def weights(network):
    return {variable.path: variable.numpy() for variable in network.variables}


def test_a_seed_is_its_weights_and_layers_of_one_name_start_alike(mine):
    base = own_named(mine, "")
    one, again, other = (weights(build(Experiment(network=base), s)) for s in (1, 1, 2))
    wider = weights(build(Experiment(network=base).change(extra=True, dropout=0.5), 1))
    assert one.keys() == again.keys() and "extra/kernel" in wider
    for path, value in one.items():
        np.testing.assert_array_equal(value, again[path])
        if not path.endswith("bias"):
            assert (value != other[path]).any(), path
        if path != "hidden/kernel":  # of another shape there
            np.testing.assert_array_equal(value, wider[path], err_msg=path)
    hidden = one["hidden/kernel"]
    assert abs(hidden).max() <= np.sqrt(6 / (784 + 16))  # Glorot's, as Keras draws it
    assert keras.layers.Layer.add_weight.__name__ == "add_weight"


def test_what_draws_at_build_is_the_seed_s(mine):
    drawn = Experiment(network=own_named(f"{mine}:drawn", ""))
    widths = [[w.shape for w in build(drawn, seed).weights] for seed in (1, 1, 2)]
    assert widths[0] == widths[1] != widths[2]


def test_what_decides_is_what_is_built(mine, tmp_path):
    def digest(what=mine, **changes):
        network = dataclasses.replace(own_named(what, ""), **changes)
        return built_of(network, (28, 28), 10).digest

    first = digest()
    assert digest(dropout=0.2) == first
    others = {digest(width=8), digest(dropout=0.3), digest(ending="linear"), digest(extra=True)}
    assert len(others | {first}) == 5
    own, scaled = digest(f"{mine}:custom"), digest(f"{mine}:custom", scale=3.0)
    assert own != scaled  # a value that a closure holds

    (tmp_path / "mine.py").write_text(
        "# a comment\n" + MINE.replace("def custom", "\n\ndef custom")
    )
    (tmp_path / "helper.py").write_text('"""Words."""\n' + HELPER.replace("a comment", "another"))
    assert (digest(), digest(f"{mine}:custom")) == (first, own)
    (tmp_path / "helper.py").write_text(HELPER.replace("x * scale", "x * scale * 2"))
    assert digest() == first != digest(f"{mine}:custom") != own
    (tmp_path / "helper.py").write_text(HELPER.replace("16", "17"))
    assert digest(extra=True) not in others


def test_logits_and_probabilities_are_told_apart(mine):
    def outputs(**changes):
        return built_of(dataclasses.replace(own_named(mine, ""), **changes), (28, 28), 10).outputs

    assert (outputs(), outputs(ending="linear")) == ("probabilities", "logits")


@pytest.mark.parametrize("name", ["mine.py", "mine.py:Net"])
def test_logits_train_as_fit_trains_them(mine, small, name):
    network = own_named(mine.replace("mine.py", name), "")
    changes = {"dropout": 0.0, "ending": "linear"} if name == "mine.py" else {}
    experiment = experiment_on(
        dataclasses.replace(network, **changes),
        small,
        validation_split=0.0,
        optimizer="sgd",
        learning_rate=0.01,
        batch_size=320,
        epochs=3,
    )
    outcome = Trainer(experiment, small).run(4)
    theirs = build(experiment, 4)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    theirs.compile(keras.optimizers.SGD(0.01), loss)
    images = small.x_train / np.float32(255)
    told = theirs.fit(images, small.y_train, 320, epochs=3, shuffle=False, verbose=0)
    for ours, other in zip(outcome.weights, theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, other, rtol=1e-3, atol=1e-5)
    if name == "mine.py:Net":  # the other has a penalty, which the loss told by `fit` includes
        np.testing.assert_allclose(outcome.history["train_loss"], told.history["loss"], rtol=1e-4)
    assert np.allclose(outcome.probabilities.sum(axis=1), 1, atol=1e-5)


def test_a_run_is_the_same_after_another(mine, small):
    """Seeds of one network one after another, and a network with code of its own."""
    for name in ("mine.py", "mine.py:custom"):
        network = own_named(mine.replace("mine.py", name), "")
        experiment = experiment_on(network, small, epochs=1)
        first = [train_run(experiment, s, small, lambda *told: None) for s in (0, 1, 0)]
        assert first[0].weights_sha256 == first[2].weights_sha256 != first[1].weights_sha256
        assert first[0].experiment == experiment


def test_functions_at_hand(small):
    units = 8

    def closure(shape, classes, extra=True):
        x = keras.Sequential([keras.Input(shape), keras.layers.Flatten()])
        if extra:
            x.add(keras.layers.Dense(units, activation="relu"))
        x.add(keras.layers.Dense(classes))
        return x

    network = own_network(closure)
    assert network.arguments == {"extra": True}
    assert experiment_on(network, small).parameters == 784 * 8 + 8 + 8 * 10 + 10
    made = own_network(
        lambda shape, classes: keras.Sequential(
            [keras.layers.Flatten(), keras.layers.Dense(classes)]
        )
    )
    assert experiment_on(made, small).parameters == 7850


BAD = {
    "return None": "must return a Keras model",
    "raise ValueError('my own')": "my own",
    "raise SystemExit(3)": "SystemExit: 3",
    "return keras.Sequential([keras.Input((5, 5)), layers.Flatten(), layers.Dense(10)])": "(5, 5)",
    "return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(3)])": "(3,)",
    "return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Softmax()])": "784",
    "a = keras.Input((28, 28)); b = keras.Input((3,)); return keras.Model([a, b], a)": "2 inputs",
}


@pytest.mark.parametrize("body", BAD)
def test_what_cannot_be_trained_is_told(tmp_path, body):
    path = tmp_path / "bad.py"
    path.write_text(f"import keras\nfrom keras import layers\n\ndef network():\n    {body}\n")
    with pytest.raises(ExperimentError) as error:
        built_of(own_named(str(path), ""), (28, 28), 10)
    assert BAD[body] in str(error.value)
    assert "site-packages" not in str(error.value)
    if "my own" in BAD[body]:
        assert f'File "{path}", line 5, in network' in str(error.value)


def test_a_network_must_be_built_alike_for_every_seed(tmp_path, small):
    path = tmp_path / "odd.py"
    path.write_text(
        "import random\nimport keras\nfrom keras import layers\n\ndef network(shape, classes):\n"
        "    units = random.randint(2, 10_000)\n    return keras.Sequential([keras.Input(shape), "
        "layers.Flatten(), layers.Dense(units), layers.Dense(classes)])\n"
    )
    trainer = Trainer(experiment_on(own_named(str(path), ""), small).change(epochs=1), small)
    with pytest.raises(ExperimentError, match="built alike for every seed"):
        trainer.run(1)


def test_a_network_without_parameters(tmp_path):
    path = tmp_path / "bad.py"
    path.write_text(
        "import keras\ndef network():\n    return keras.Sequential([keras.Input((10,)), "
        "keras.layers.Softmax()])\n"
    )
    with pytest.raises(ExperimentError, match="no trainable weights"):
        built_of(own_named(str(path), ""), (10,), 10)


def test_images_without_channels_reach_a_network_that_wants_one(small):
    def convnet(classes):
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(4, 5, activation="relu"),
                layers.MaxPooling2D(),
                layers.Flatten(),
                layers.Dense(classes),
            ]
        )

    experiment = experiment_on(own_network(convnet), small, epochs=1)
    outcome = Trainer(experiment, small).run(0)
    network = build(experiment, 0)
    network.set_weights(outcome.weights)
    said = tf.nn.softmax(network(small.x_test / np.float32(255)))
    np.testing.assert_allclose(outcome.probabilities, said, atol=1e-5)


def compiled(rate=0.003, logits=False):
    """Return a function of a compiled model, as people write them."""

    def network(shape, classes, rate=rate, width=8):
        layers = keras.layers
        last = layers.Dense(classes, activation="linear" if logits else "softmax")
        model = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(width), last])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
        model.compile(keras.optimizers.AdamW(rate, weight_decay=0.01, clipvalue=0.5), loss)
        return model

    return network


def test_a_compiled_model_brings_its_optimizer(small):
    study = Study.of(compiled(), {"rate": [0.01], "optimizer": ["rmsprop"], "width": [4]})
    study = study.on(small)
    for experiment in study.labels:
        place = experiment.shape, experiment.data.classes
        experiment.network.learn(*place, built_of(experiment.network, *place))
    study = study.on(small)
    base, rate, other = (variant.experiment for variant in study.variants[:3])
    asked = ("optimizer", "learning_rate", "weight_decay", "clip_value", "beta_2")
    assert [base.value(name) for name in asked] == ["adamw", 0.003, 0.01, 0.5, 0.999]
    assert [rate.value(name) for name in asked] == ["adamw", 0.01, 0.01, 0.5, 0.999]
    assert other.value("optimizer") == "rmsprop"
    chosen = Study.of(study.baseline.change(learning_rate=0.1), {"width": [4]}).on(small)
    assert {v.experiment.value("learning_rate") for v in chosen.variants} == {0.1}
    outcome = Trainer(base.change(epochs=1, validation_split=0.0, batch_size=320), small).run(0)
    theirs = build(base, 0)
    images = small.x_train / np.float32(255)
    theirs.fit(images, small.y_train, 320, epochs=1, shuffle=False, verbose=0)
    for ours, told in zip(outcome.weights, theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, told, rtol=1e-3, atol=1e-5)


def refused(optimizer="sgd", loss="sparse_categorical_crossentropy", ending="softmax"):
    def network(shape, classes):
        layers = keras.layers
        last = layers.Dense(classes, activation=ending)
        model = keras.Sequential([keras.Input(shape), layers.Flatten(), last])
        model.compile(optimizer, loss)
        return model

    return network


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"loss": "mse"}, "the loss mean_squared_error"),
        ({"ending": "linear"}, "a loss that takes what it ends in, logits"),
        (
            {"optimizer": keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 9))},
            "rate",
        ),
        ({"optimizer": keras.optimizers.SGD(0.1, use_ema=True)}, "use_ema=True"),
    ],
    ids=["loss", "logits", "schedule", "average"],
)
def test_what_no_flag_can_say_is_refused(how, told):
    with pytest.raises(ExperimentError, match=told):
        built_of(own_network(refused(**how)), (28, 28), 10)
