"""Which examples train, which are held out, and whether an experiment and its data go together."""

import numpy as np
import pytest

from keras_mnist import Experiment, Study
from keras_mnist.base.errors import ExperimentError
from keras_mnist.data import Dataset
from keras_mnist.experiment.fits import CHANCE, require_every_class
from keras_mnist.experiment.order import stratified_order
from keras_mnist.experiment.split import Data
from keras_mnist.networks import Conv1x1, CustomMLP, LeNet

RANDOM = np.random.default_rng(0)


def dataset(shape, dtype=np.uint8, classes=3, n=60, **about):
    """Examples whose labels are in no order."""
    x = (RANDOM.random((n, *shape)) * 200).astype(dtype)
    y = RANDOM.permutation(np.arange(n) % classes)
    return Dataset("mine", x, y, x, y, **about)


@pytest.mark.parametrize("sizes", [(50, 50, 50), (500, 30, 7), (1, 1, 98)])
def test_every_part_of_a_stratified_order_has_its_share_of_each_class(sizes):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    order = stratified_order(labels, 0)
    assert sorted(order) == list(range(len(labels)))
    for end in range(1, len(labels)):
        there = np.bincount(labels[order][:end], minlength=len(sizes))
        expected = np.array(sizes) * end / len(labels)
        assert np.abs(there - expected).max() <= len(sizes) / 2 + 0.5


def test_a_stratified_order_depends_on_labels_and_seed_alone():
    labels = np.repeat([0, 1], 20)
    np.testing.assert_array_equal(stratified_order(labels, 3), stratified_order(labels, 3))
    assert (stratified_order(labels, 3) != stratified_order(labels, 4)).any()
    words = np.array(["a", "b"])[labels]
    np.testing.assert_array_equal(stratified_order(words, 3), stratified_order(labels, 3))
    first = stratified_order(labels, 3)[:10]
    assert not (np.diff(np.sort(first)) == 1).all(), "within a class they are drawn, too"


def sorted_labels(classes, each):
    return np.repeat(np.arange(classes), each)


@pytest.mark.parametrize(
    "labels",
    [
        sorted_labels(10, 300),
        sorted_labels(3, 40),
        sorted_labels(2, 5),
        np.concatenate([RANDOM.integers(0, 9, 2000), np.full(400, 9)]),
        np.concatenate([np.full(300, 4), RANDOM.integers(0, 4, 900)]),
    ],
    ids=["ten", "three", "ten in all", "one class last", "one class first"],
)
def test_a_held_out_part_that_shows_other_classes_is_refused(labels):
    with pytest.raises(ExperimentError, match="--shuffle-split") as error:
        require_every_class(Data(), labels)
    assert "must both show every class" in error.value.requirement
    require_every_class(Data(shuffle_split=True), labels)
    require_every_class(Data(validation_split=0.0), labels)
    order = Data(shuffle_split=True).order(labels)
    require_every_class(Data(), labels[order])


@pytest.mark.parametrize(
    "labels",
    [
        np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7, 2, 8, 6, 9]),
        np.where(RANDOM.random(3000) < 0.002, RANDOM.integers(1, 10, 3000), 0),
        np.zeros(50, int),
        np.array([0, 1]),
        np.arange(100),
    ],
    ids=["few", "imbalanced", "one class", "two examples", "a class each"],
)
def test_a_class_that_is_missing_by_chance_is_not(labels):
    require_every_class(Data(), labels)


def test_random_orders_are_hardly_ever_refused():
    refused = 0
    for _ in range(2000):
        labels = RANDOM.permutation(np.arange(300) % RANDOM.integers(2, 60))
        try:
            require_every_class(Data(), labels)
        except ExperimentError:
            refused += 1
    assert refused <= 5 * 2000 * CHANCE


def test_the_classes_are_named_that_are_missing():
    names = ("ant", "bee", "cat")
    with pytest.raises(ExperimentError, match="no example to validate with of class ant, bee,"):
        require_every_class(Data(), sorted_labels(3, 50), names)
    with pytest.raises(ExperimentError, match="no example to train on of class cat,"):
        require_every_class(Data(validation_split=0.4), sorted_labels(3, 50), names)
    with pytest.raises(ExperimentError, match="no example to train on of class bee, cat,"):
        require_every_class(Data(train_size=60), sorted_labels(3, 50), names)
    require_every_class(Data(train_size=60, shuffle_split=True), sorted_labels(3, 50), names)


def test_shuffle_split_is_a_choice_that_leaves_old_keys_alone():
    base = Experiment()
    shuffled = base.change(shuffle_split=True)
    assert shuffled.key("x", 1) != base.key("x", 1)
    assert "shuffle_split" not in base.to_dict()["data"]
    for experiment in (base, shuffled):
        assert Experiment.from_dict(experiment.to_dict()) == experiment
    assert Data().order(np.arange(3)) is None


@pytest.mark.parametrize(
    ("shape", "dtype", "values"),
    [
        ((13,), np.float32, "numbers"),
        ((13,), np.int64, "whole"),
        ((9, 4), np.float32, "numbers"),
        ((16, 16), np.uint8, "levels"),
        ((32, 32, 3), np.uint8, "levels"),
        ((28, 28, 1), np.uint8, "levels"),
        ((5, 7, 4), np.float32, "numbers"),
    ],
)
def test_perceptrons_take_examples_of_any_shape(shape, dtype, values):
    data = dataset(shape, dtype)
    for network in (None, CustomMLP()):
        placed = (Experiment(network=network) if network else Experiment()).on(data)
        assert (placed.shape, placed.data.values, placed.data.classes) == (shape, values, 3)
        first = placed.sizes[0]
        assert first.weights == np.prod(shape) * first.outputs[-1]
    assert Experiment.from_dict(placed.to_dict()) == placed
    assert placed.key("x", 1) == Experiment(network=CustomMLP()).key("x", 1)


@pytest.mark.parametrize("network", [LeNet(), Conv1x1()])
@pytest.mark.parametrize("shape", [(13,), (7, 7), (16, 3)])
def test_convolutions_take_images_that_are_large_enough(network, shape):
    with pytest.raises(ExperimentError, match="must be given images"):
        Experiment(network=network).on(dataset(shape))
    assert Experiment(network=network).on(dataset((28, 28, 3))).shape == (28, 28, 3)


@pytest.mark.parametrize(
    ("changes", "shape", "dtype", "said"),
    [
        ({"shift": 0.1}, (13,), np.float32, "augmentation must have images"),
        ({"blur": 1.0}, (9, 9), np.float32, "augmentation must have images"),
        ({"side": 32}, (9, 9, 3), np.uint8, "side must have grey images"),
        ({"side": 32}, (13,), np.float32, "side must have grey images"),
        ({"normalize": True}, (13,), np.int64, "astype('float32')"),
        ({"symmetric": True}, (13,), np.float32, "symmetric must have levels"),
    ],
)
def test_what_needs_images_or_quantities_says_so(changes, shape, dtype, said):
    with pytest.raises(ExperimentError) as error:
        Experiment().change(**changes).on(dataset(shape, dtype))
    assert said in str(error.value)


def test_rescaling_decides_nothing_about_what_is_no_level():
    rows = dataset((13,), np.float32)
    base = Experiment()
    for data, differ in ((rows, False), (dataset((9, 9)), True)):
        keys = {base.change(rescale=r).on(data).key("x", 1) for r in (True, False)}
        assert (len(keys) == 2) == differ
    with pytest.raises(ExperimentError, match="must differ"):
        Study.of(base, {"rescale": False}).on(rows)


def test_normalizing_other_data_is_another_experiment_than_by_mnist_s_mean():
    base = Experiment().change(normalize=True)
    placed = base.on(dataset((9, 9)))
    assert placed.pixels.own and not base.pixels.own
    assert placed.key("x", 1) != base.key("x", 1)
    assert (base.name, placed.name) == ("mlp_normalize-True", "mlp_normalize-own")
    assert placed == base.on(dataset((9, 9))), "the digest of the data says which mean it is"
    again = Experiment.from_dict(placed.to_dict())
    assert again.pixels.mean == placed.pixels.mean and again.pixels.own
    off = Experiment().on(dataset((9, 9)))
    assert off.to_dict()["preprocessing"] == Experiment().to_dict()["preprocessing"]
    assert off.key("x", 1) == Experiment().key("x", 1)


def test_variants_of_a_study_have_their_data_s_mean():
    data = dataset((9, 9))
    study = Study.of(Experiment(), {"normalize": True}).on(data)
    assert study.variants[1].experiment == Experiment().change(normalize=True).on(data)
    assert study.variants[1].experiment.pixels.mean == data.mean
