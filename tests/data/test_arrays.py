"""What arrays a data set may be made of, and what it makes of them."""

import dataclasses
import json

import numpy as np
import pytest

from keras_mnist.base.errors import DataError, ExperimentError
from keras_mnist.data import Dataset

RANDOM = np.random.default_rng(0)
PIXELS = RANDOM.integers(0, 256, (3, 28, 28), np.uint8)
TEST_PIXELS = RANDOM.integers(0, 256, (2, 28, 28), np.uint8)
LABELS, TEST_LABELS = np.arange(3, dtype=np.uint8), np.arange(2, dtype=np.uint8)


def made(x=PIXELS, y=LABELS, x_test=TEST_PIXELS, y_test=TEST_LABELS, **about):
    return Dataset("mine", x, y, x_test, y_test, **about)


def both(change, **about):
    """The same images stored otherwise."""
    return made(x=change(PIXELS), x_test=change(TEST_PIXELS), **about)


def labelled(y, y_test=None, n=None):
    """Rows with these labels."""
    y, y_test = np.asarray(y), np.asarray(y if y_test is None else y_test)
    rows = [np.ones((len(part), 2), np.float32) for part in (y, y_test)]
    return Dataset("mine", rows[0], y, rows[1], y_test)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: x.astype(np.int64), "pixels, int64, kept as bytes"),
        (lambda x: x[:, None], "channels first"),
        (lambda x: x.reshape(-1, 784), "rows of 784 pixels taken as images of 28 x 28"),
    ],
)
def test_the_same_images_stored_otherwise_are_the_same_data_and_it_is_said(change, said):
    found = both(change)
    assert found.digest == made().digest
    assert said in found.note and said not in made().note


@pytest.mark.parametrize(
    ("change", "shape", "values"),
    [
        (lambda x: x, (28, 28), "levels"),
        (lambda x: x[..., None], (28, 28, 1), "levels"),
        (lambda x: np.stack([x, x, x], -1), (28, 28, 3), "levels"),
        (lambda x: np.stack([x, x, x, x], 1), (28, 28, 4), "levels"),
        (lambda x: x[:, 6:22, 6:22], (16, 16), "levels"),
        (lambda x: x / 255, (28, 28), "numbers"),
        (lambda x: x > 99, (28, 28), "numbers"),
        (lambda x: (x / 127.5 - 1).astype(np.float16), (28, 28), "numbers"),
        (lambda x: x.astype(np.int32) * 257, (28, 28), "numbers"),
        (lambda x: x[:, 0, :13].astype(float), (13,), "numbers"),
        (lambda x: x[:, 0, :13], (13,), "levels"),
        (lambda x: x[:, 0, :13].astype(int), (13,), "whole"),
        (lambda x: x[:, 0, :13].astype(np.uint16) + 999, (13,), "whole"),
    ],
)
def test_what_examples_are_kept_as(change, shape, values):
    found = both(change)
    kept = {"levels": np.uint8, "numbers": np.float32, "whole": np.int32}[values]
    assert (found.shape, found.values) == (shape, values)
    assert found.x_train.dtype == found.x_test.dtype == kept
    expected = change(PIXELS)
    if shape == (28, 28, 4):
        expected = expected.transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(found.x_train, expected.astype(kept))


def test_floats_that_look_like_pixels_are_not_divided_without_a_word():
    assert "not divided by 255" in both(lambda x: x.astype(float)).note
    assert "not divided" not in both(lambda x: x / 255).note


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"x_test": TEST_PIXELS.tolist()}, "np.asarray"),
        ({"y_test": TEST_LABELS.tolist()}, "np.asarray"),
        ({"x_test": None}, "NoneType"),
        ({"x_test": TEST_PIXELS[:0]}, "n at least 1"),
        ({"x_test": np.full((2, 28, 28), np.nan)}, "x_train, uint8"),
        ({"x": np.full((3, 28, 28), np.nan), "x_test": np.zeros((2, 28, 28))}, "3 of 3 examples"),
        ({"x": np.full((3, 28, 28), 1e39), "x_test": np.zeros((2, 28, 28))}, "float32 holds"),
        ({"x_test": TEST_PIXELS / 255}, "divided in one part"),
        ({"x": PIXELS / 255, "x_test": TEST_PIXELS.astype(float)}, "x_train from 0 to 1"),
        ({"x": PIXELS.astype(float), "x_test": TEST_PIXELS / 255}, "x_test from 0 to 1"),
        ({"x_test": TEST_PIXELS[:, :27]}, "(27, 28)"),
        ({"x_test": TEST_PIXELS.astype(object)}, "real numbers"),
        ({"x_test": np.zeros((2, 9, 9, 9), np.uint8)}, "1 to 4 channels"),
        ({"x_test": np.zeros((1, 9, 28, 28), np.uint8)}, "x_test = x_test.squeeze()"),
        ({"x": np.zeros((9, 9, 3)), "x_test": np.zeros((9, 9, 2))}, "np.moveaxis"),
        ({"y": np.full((3, 10), 0.1)}, "y_train.argmax(axis=1)"),
        ({"y_test": TEST_LABELS[:1]}, "as many labels as examples: 2"),
        ({"x": np.arange(3.0)}, "x_train.reshape(-1, 1)"),
        ({"x": np.full((3, 28, 28), 2**30), "x_test": np.full((2, 28, 28), 2**30)}, "rounds them"),
        ({"x": np.full((3, 9), 2**40), "x_test": np.full((2, 9), 0)}, "32 bits"),
        ({"y_test": TEST_LABELS[:1]}, "of shape (2,)"),
        ({"y_test": np.array([0.5, 1])}, "np.digitize"),
        ({"y_test": np.array([None, 1])}, "astype(int)"),
        ({"y": np.zeros((3, 10))}, "(3, 10)"),
    ],
)
def test_arrays_that_cannot_be_data_are_refused_by_name(given, said):
    with pytest.raises(DataError) as error:
        made(**given)
    assert "of mine must " in str(error.value) and said in str(error.value)
    assert error.value.received not in (None, "")


def test_the_line_of_numpy_that_a_refusal_names_converts():
    x = np.arange(6.0)
    with pytest.raises(DataError) as error:
        labelled_row = {"y": np.arange(6) % 2, "x_test": x[:2, None], "y_test": np.array([0, 1])}
        made(x=x, **labelled_row)
    scope = {"x_train": x}
    exec(error.value.remedy, scope)
    assert made(x=scope["x_train"], **labelled_row).shape == (1,)


# Labels


@pytest.mark.parametrize(
    ("y", "classes", "names", "read", "said"),
    [
        ([0, 1, 2, 1], 3, (), [0, 1, 2, 1], ""),
        ([[0], [1], [2], [1]], 3, (), [0, 1, 2, 1], "(n, 1) taken as (n,)"),
        ([[[0]], [[1]], [[2]], [[1]]], 3, (), [0, 1, 2, 1], "(n, 1, 1) taken as (n,)"),
        ([1, 1, 1, 1, 1, 1, 1, 0], 2, (), [1, 1, 1, 1, 1, 1, 1, 0], "88% of the training"),
        (np.eye(4)[[0, 1, 2, 1]], 4, (), [0, 1, 2, 1], "one-hot"),
        ([0.0, 1.0, 2.0, 1.0], 3, (), [0, 1, 2, 1], "written as float64"),
        ([False, True, True, False], 2, (), [0, 1, 1, 0], ""),
        (["0", "1", "2", "1"], 3, (), [0, 1, 2, 1], "written as texts"),
        ([1, 2, 10, 2], 3, ("1", "2", "10"), [0, 1, 2, 1], "classes named by their labels"),
        (["2", "10", "1", "10"], 3, ("1", "2", "10"), [1, 2, 0, 2], "written as texts"),
        ([-1, 1, 1, -1], 2, ("-1", "1"), [0, 1, 1, 0], "-1, 1"),
        ([0, 7, 7, 0], 2, ("0", "7"), [0, 1, 1, 0], "0, 7"),
        (np.array([0, 2**63, 2**63, 0], np.uint64), 2, ("0", str(2**63)), [0, 1, 1, 0], str(2**63)),
        (["cat", "dog", "ant", "dog"], 3, ("ant", "cat", "dog"), [1, 2, 0, 2], "ant, cat, dog"),
        ([b"cat", b"dog", b"\xc3\xa9", b"dog"], 3, ("cat", "dog", "é"), [0, 1, 2, 1], "cat"),
        (["007", "8", "8", "007"], 2, ("007", "8"), [0, 1, 1, 0], "007, 8"),
    ],
)
def test_labels_are_read_as_classes_and_it_is_said_how(y, classes, names, read, said):
    found = labelled(np.asarray(y))
    assert (found.classes, found.class_names) == (classes, names)
    for kept in (found.y_train, found.y_test):
        assert kept.dtype == np.uint8
        assert kept.tolist() == read
    assert said in found.note


def test_labels_in_a_row_are_as_many():
    found = made(y_test=TEST_LABELS[None])
    assert found.y_test.tolist() == TEST_LABELS.tolist()
    assert "labels (1, n) taken as (n,)" in found.note


def test_a_thousand_classes_do_not_fit_into_a_byte():
    found = labelled(np.arange(1000))
    assert (found.classes, found.y_train.dtype, found.y_train.max()) == (1000, np.int32, 999)
    assert labelled(np.arange(256)).y_train.dtype == np.uint8


def test_labels_of_both_parts_make_the_classes():
    found = labelled(["cat", "dog"], ["emu", "cat"])
    assert found.class_names == ("cat", "dog", "emu")
    assert found.y_test.tolist() == [2, 0]
    assert "no training example of class emu" in found.note
    assert labelled([0, 1], ["1", "0"]).y_test.tolist() == [1, 0]


def test_images_of_mnist_s_form_have_ten_classes_whichever_occur():
    found = made(y=np.array([0, 5, 9]), y_test=np.array([1, 1]))
    assert (found.classes, found.class_names) == (10, ())
    assert "no training example of class 1, 2, 3, 4, 6, ..." in found.note
    other = made(y=np.array([1, 26, 3]), y_test=np.array([1, 3]))
    assert other.class_names == ("1", "3", "26")
    assert made(y=np.array([0, 5, 9]), x=PIXELS[:, :9], x_test=TEST_PIXELS[:, :9]).class_names


def test_names_are_part_of_what_the_data_are():
    named, others = labelled(["a", "b"]), labelled(["a", "c"])
    plain = labelled([0, 1])
    assert len({named.digest, others.digest, plain.digest}) == 3
    assert named.identity["class_names"] == ["a", "b"] and "class_names" not in plain.identity
    assert json.loads(json.dumps(named.identity)) == named.identity


def test_a_data_set_made_of_another_is_the_same():
    named = labelled(["b", "a", "b"])
    again = dataclasses.replace(named, name="other")
    assert (again.digest, again.class_names, again.note) == (
        named.digest,
        ("a", "b"),
        named.note,
    )


def test_classes_and_labels_belong_together():
    given = {"y_test": np.array([0, 4])}
    assert made(**given, classes=5).classes == 5
    assert made(**given, classes=300).y_train.dtype == np.int32
    assert made(**given, class_names=("a", "b", "c", "d", "e")).classes == 5
    with pytest.raises(DataError, match="y_test of mine must lie in 0-3"):
        made(**given, classes=4)
    with pytest.raises(DataError, match="y_test of mine must lie in 0-3"):
        made(**given, class_names=("a", "b", "c", "d"))
    with pytest.raises(DataError, match="as many as their names"):
        made(classes=4, class_names=("a", "b", "c"))
    for classes in (1, 16385, 10.0, True):
        with pytest.raises(ExperimentError, match="classes must be"):
            made(**given, classes=classes)
    with pytest.raises(DataError, match="must have 2 to"):
        labelled(["one", "one"])


def test_the_digest_tells_kinds_of_numbers_apart():
    x, y = np.arange(12, dtype=np.int32).reshape(6, 2), np.arange(6) % 2
    found = [Dataset("a", k, y, k, y) for k in (x.astype(np.uint8), x.view(np.float32), x)]
    assert [one.values for one in found] == ["levels", "numbers", "whole"]
    assert len({one.digest for one in found}) == 3


# Mean and deviation


def test_moments_by_hand():
    rows = np.array([[0, 10], [2, 10], [4, 10]], np.float64)
    found = labelled([0, 1, 0])
    found = dataclasses.replace(found, x_train=rows, x_test=rows[:3])
    assert (found.mean, found.deviation) == ((2.0, 10.0), (round((8 / 3) ** 0.5, 5), 1.0))


def test_moments_are_numpy_s_per_channel():
    grey, colours = made(), both(lambda x: np.stack([x, 255 - x], -1))
    for found, axes in ((grey, None), (colours, (0, 1, 2))):
        np.testing.assert_allclose(found.mean, np.ravel(found.x_train.mean(axes)), rtol=1e-5)
        np.testing.assert_allclose(found.deviation, np.ravel(found.x_train.std(axes)), rtol=1e-5)
    sequences = both(lambda x: x / 255)
    assert len(sequences.mean) == 28
    assert both(lambda x: x[:, 0].astype(int)).mean is None
