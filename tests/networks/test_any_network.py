"""What any network must pass: each built-in one, and one that is added."""

import dataclasses
import json
import math
from collections import Counter

import numpy as np
import pytest
from convnet import Convnet, stripes
from exports import assert_says_what_was_measured, quietly
from steps import assert_same_step

from keras_mnist.experiment import Experiment
from keras_mnist.networks import NETWORKS
from keras_mnist.serving.task import train_and_write
from keras_mnist.site.networks import drawing
from keras_mnist.training.build import build
from keras_mnist.training.fast.forward import forward_pass

KINDS = {**NETWORKS, "added": Convnet}


@pytest.fixture(scope="module", params=KINDS)
def learnt(request, small):
    """An experiment of a network as it is by default, and the images that it is to learn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(NETWORKS, request.param, KINDS[request.param])
        few = dataclasses.replace(small, x_train=small.x_train[:160], y_train=small.y_train[:160])
        dataset = stripes() if request.param == "added" else few
        base = Experiment(network=KINDS[request.param]())
        yield base.change(epochs=1, batch_size=32, validation_split=0.0).on(dataset), dataset


@pytest.fixture
def experiment(learnt):
    return learnt[0]


def test_sizes_are_those_of_keras(experiment):
    network = build(experiment, 0)
    counted = sum(math.prod(variable.shape) for variable in network.trainable_variables)
    assert experiment.parameters == counted
    for size in experiment.sizes:
        layer = network.get_layer(size.name)
        assert layer.output.shape[1:] == size.outputs, size.name
        assert math.prod(layer.kernel.shape) == size.weights, size.name
        assert layer.kernel.shape[-1] == size.outputs[-1]
        assert math.prod(layer.kernel.shape[:-1]) == size.fan_in
    assert network.output_shape[1:] == (experiment.data.classes,)


def test_first_weights_are_the_seed_s(experiment):
    first, again, other = (build(experiment, seed) for seed in (3, 3, 4))
    for one, same, another in zip(first.weights, again.weights, other.weights, strict=True):
        np.testing.assert_array_equal(one, same)
        if one.path.endswith("kernel"):
            assert (one.numpy() != another.numpy()).any(), one.path


def test_the_key_is_that_of_what_decides(experiment):
    again = Experiment.from_dict(json.loads(json.dumps(experiment.to_dict())))
    assert (again, hash(again)) == (experiment, hash(experiment))
    defaults = {field.name: field.default for field in dataclasses.fields(experiment.network)}
    assert {again.key("x", 1), experiment.change(**defaults).key("x", 1)} == {
        experiment.key("x", 1)
    }
    others = [
        experiment.change(**{name: value})
        for name, choice in experiment.choices.items()
        if choice.search
        for value in choice.search.points()
        if value != experiment.value(name)
    ]
    # What decides nothing beside the others has no key of its own.
    parts = [[getattr(other, part.name) for part in dataclasses.fields(other)] for other in others]
    idle = [{name for part in of for name in part.idle} for of in parts]
    there = experiment.choices
    others = [
        other
        for other, names in zip(others, idle, strict=True)
        if any(other.value(n) != experiment.value(n) and n not in names for n in there)
    ]
    assert len(others) > 20
    keys = {other.key("x", 1) for other in others}
    assert len(keys | {experiment.key("x", 1)}) == len(others) + 1
    assert len({other.name for other in others}) == len(others)


def test_no_name_is_of_two_parts(experiment):
    parts = [
        dataclasses.fields(getattr(experiment, p.name)) for p in dataclasses.fields(experiment)
    ]
    names = Counter(field.name for part in parts for field in part)
    names.update(part.name for part in dataclasses.fields(experiment))
    assert set(names.values()) == {1}


def test_the_fast_pass_is_the_network(experiment, float64):
    network = build(experiment, 0)
    inputs = np.random.default_rng(0).normal(size=(4, *experiment.shape))
    keras_s_own = lambda x: network(x, training=True)  # noqa: E731
    for layer in network.layers:
        if hasattr(layer, "rate"):  # masks may be drawn in another order
            layer.rate = 0.0
    assert_same_step(network, forward_pass(network, True), keras_s_own, inputs, 1e-11)
    said = forward_pass(network, False)(inputs)
    np.testing.assert_allclose(said, network(inputs, training=False), rtol=1e-9)


def test_it_trains_and_leaves_as_what_was_measured(learnt, tmp_path):
    experiment, dataset = learnt
    formats, folder = ["saved_model", "numpy"], tmp_path / "1"
    record = train_and_write(experiment, 0, dataset, quietly, folder, formats)
    assert record.completed and record.experiment == experiment
    assert all(math.isfinite(value) for value in record.metrics.values())
    assert record.parameters >= experiment.parameters
    assert_says_what_was_measured(folder, record, dataset)


def test_it_is_drawn(experiment):
    boxes = drawing(experiment)["boxes"]
    names = [size.name.replace("_", " ") for size in experiment.sizes]
    assert [box["name"].replace("_", " ") for box in boxes[1:]] == names
    assert boxes[0]["shape"].startswith("×".join(map(str, experiment.shape)))
    assert boxes[-1]["shape"] == str(experiment.data.classes)
