"""Data from Python."""

import dataclasses
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from keras_mnist import Experiment, Study, run_study
from keras_mnist.base.errors import DataError, ExperimentError
from keras_mnist.data import Dataset, as_dataset

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(60, 3)).astype(np.float32), np.arange(60) % 3
X_TEST, Y_TEST = RANDOM.normal(size=(9, 3)).astype(np.float32), np.arange(9) % 3
DIGEST = Dataset("a", X, Y, X_TEST, Y_TEST).digest
FRAME = pd.DataFrame(X, columns=["a", "b", "c"]).assign(kind=Y)
TEST_FRAME = pd.DataFrame(X_TEST, columns=["a", "b", "c"]).assign(kind=Y_TEST)


@pytest.mark.parametrize(
    ("data", "target"),
    [
        ((X, Y, X_TEST, Y_TEST), None),
        ([X, Y, X_TEST, Y_TEST], None),
        (((X, Y), (X_TEST, Y_TEST)), None),
        ((X.tolist(), Y.tolist(), X_TEST.tolist(), Y_TEST.tolist()), None),
        ((FRAME[["a", "b", "c"]], FRAME.kind, TEST_FRAME[["a", "b", "c"]], TEST_FRAME.kind), None),
        ((FRAME, TEST_FRAME), "kind"),
    ],
    ids=["tuple", "list", "pairs", "lists", "frames and series", "frames"],
)
def test_what_a_person_has_is_one_data_set(data, target):
    found = as_dataset(data, target)
    assert found.digest == DIGEST
    assert "from Python" in found.note and not found.canonical
    frames = any(isinstance(part, pd.DataFrame) for part in data)
    assert found.columns == (("a", "b", "c") if frames else ())


def test_what_is_one_already_stays(digits, tmp_path):
    assert as_dataset(digits) is digits
    np.savez(tmp_path / "own.npz", x_train=X, y_train=Y, x_test=X_TEST, y_test=Y_TEST)
    assert as_dataset(str(tmp_path / "own.npz")).digest == DIGEST
    assert as_dataset(tmp_path / "own.npz").digest == DIGEST


def test_a_test_part_is_drawn_of_a_frame_or_a_pair():
    found = as_dataset(FRAME, "kind", 0.2)
    assert (len(found.x_train), len(found.x_test)) == (48, 12)
    assert np.bincount(found.y_test).tolist() == [4, 4, 4]
    assert found.identity["test_split"] == {"share": 0.2, "seed": 0}
    assert as_dataset((X, Y), test_split=0.2).digest == found.digest
    with pytest.raises(DataError, match=r"--test-split 0\.2"):
        as_dataset((X, Y))


def test_columns_of_whole_numbers_in_a_frame_are_quantities():
    frame = pd.DataFrame({"age": range(60), "kind": list("abc") * 20})
    assert as_dataset(frame, "kind", 0.2).values == "numbers"
    assert as_dataset((frame[["age"]], frame.kind), test_split=0.2).values == "numbers"
    words = RANDOM.integers(0, 999, (60, 7))
    assert as_dataset((words, Y), test_split=0.2).values == "whole"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((X, Y, X_TEST), "data must be a name"),
        ({"x_train": X}, "dict"),
        (None, "NoneType"),
        ((X, "labels", X_TEST, Y_TEST), "data must be a name"),
        ((X, Y[:9], X_TEST, Y_TEST), "of shape (60,)"),
        ((X, RANDOM.normal(size=60), X_TEST, Y_TEST), "np.digitize"),
        ((X.astype(str), Y, X_TEST, Y_TEST), "real numbers"),
        ((X[:, :2], Y, X_TEST, Y_TEST), "of the shape of x_train"),
        (FRAME, "which of its columns"),
    ],
)
def test_what_is_no_data_is_refused(data, said):
    with pytest.raises(DataError) as error:
        as_dataset(data)
    assert said in str(error.value)


def test_frames_must_have_the_same_columns():
    with pytest.raises(DataError, match="same columns"):
        as_dataset((FRAME, TEST_FRAME.drop(columns="a")), "kind")
    swapped = TEST_FRAME[["b", "a", "c"]]
    with pytest.raises(DataError, match="same columns"):
        as_dataset((FRAME[["a", "b", "c"]], FRAME.kind, swapped, TEST_FRAME.kind))
    with pytest.raises(DataError, match="texts in b"):
        as_dataset((FRAME.assign(b="no number"), TEST_FRAME.assign(b="none")), "kind")


def test_tensorflow_is_not_imported_for_arrays():
    lines = (
        "import sys, numpy as np",
        "from keras_mnist.data import as_dataset",
        "as_dataset((np.ones((9, 2)), np.arange(9) % 3, np.ones((3, 2)), np.arange(3)))",
        "assert not {'tensorflow', 'pandas', 'sklearn'} & set(sys.modules)",
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)


@pytest.mark.parametrize("batched", [True, False])
def test_a_pair_of_tf_data_sets(batched):
    import tensorflow as tf

    pair = [tf.data.Dataset.from_tensor_slices(part) for part in ((X, Y), (X_TEST, Y_TEST))]
    pair = [part.batch(7) for part in pair] if batched else pair
    assert as_dataset(tuple(pair)).digest == DIGEST
    endless = tf.data.Dataset.from_tensor_slices(X).batch(7)
    with pytest.raises(DataError, match="pairs, examples and labels"):
        as_dataset((endless, endless))


def test_a_study_of_arrays(tmp_path):
    """The same checks as of a file, then trained, stored, told."""
    study = Study.of(Experiment().change(width=8, epochs=2), {"dropout": [0.0]}, seeds=(0,))
    found = run_study(study, data=(X, Y, X_TEST, Y_TEST), runs=tmp_path, quiet=True, jobs=1)
    assert not found.failed
    assert "arrays" in str(found)
    sorted_out = dataclasses.replace(as_dataset((X, Y, X_TEST, Y_TEST)), y_train=np.sort(Y))
    with pytest.raises(ExperimentError, match="--shuffle-split"):
        run_study(study, data=sorted_out, runs=tmp_path)


@pytest.mark.parametrize("again, said", [(0, ""), (1, "1 of them is"), (3, "3 of them are")])
def test_test_examples_that_are_training_ones_are_told(again, said, tmp_path):
    """Also where the class is another one, which an accuracy suffers from."""
    draw = np.random.default_rng(0)
    x = draw.integers(0, 256, (60, 28, 28), dtype=np.uint8)
    x[50 : 50 + again] = x[:again]
    y = draw.integers(0, 10, 60).astype(np.uint8)
    given = as_dataset((x[:50], y[:50], x[50:], y[50:]))
    np.savez(tmp_path / "own.npz", x_train=x[:50], y_train=y[:50], x_test=x[50:], y_test=y[50:])
    for dataset in (given, as_dataset(tmp_path / "own.npz")):
        assert ("among the training examples, too" in dataset.note) == bool(again)
        assert f"10 test examples, {said}" in dataset.note or not again
