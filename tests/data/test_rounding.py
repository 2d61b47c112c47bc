"""Numbers that float32 does not tell apart are refused, or said to be rounded."""

import numpy as np
import pytest
from test_forms import refused, table

from keras_mnist.base.errors import DataError
from keras_mnist.data import Dataset, as_dataset, find_data

Y = np.arange(60) % 2
RANDOM = np.random.default_rng(0)


def columns(*made):
    return np.column_stack([np.arange(60) / 7, *made]).astype(np.float64)


def dataset(x, *names):
    return Dataset("it", x, Y, x[:20], Y[:20], columns=("time", *names))


def test_a_column_that_would_be_constant_is_refused(tmp_path):
    path = table(tmp_path / "own.csv", rows=[f"x,{i},{1700000000 + i % 2 * 20}" for i in range(60)])
    refused(
        path,
        "column b of x_train",
        "2 different ones from 1700000000 to 1700000020, of which 1 are left",
        "Subtract an offset",
        test_split=0.5,
    )
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": np.arange(60), "b": 1700000000 + Y * 20})
    with pytest.raises(DataError, match=r"column b of .* of which 1 are left"):
        as_dataset((frame, pandas.Series(Y), frame, pandas.Series(Y)))


@pytest.mark.parametrize(
    "x",
    [
        273.15 + Y * 1e-6,
        1.7e9 + np.arange(60),
        np.where(np.arange(60) == 3, 0, 1.7e9 + np.arange(60)),
        -1.7e9 - np.arange(60.0),
    ],
    ids=["decimals", "seconds", "one that is missing", "negative"],
)
def test_few_numbers_that_are_left_of_many_are_refused(x):
    with pytest.raises(DataError, match=r"column b of x_train of it .*Subtract an offset"):
        dataset(columns(x), "b")
    found = dataset(columns(x - x.max()), "b")
    assert len(np.unique(found.x_train[:, 1])) == len(np.unique(x))


def test_whole_numbers_that_are_rounded_are_told():
    found = dataset(columns(1.7e9 + np.arange(60) * 1001, np.arange(60)), "b", "c")
    assert found.note == "whole numbers of column b rounded to 24 bits, float32"
    assert len(np.unique(found.x_train[:, 1])) == 60


def test_ordinary_numbers_are_taken_without_a_word(tmp_path):
    made = RANDOM.normal(size=60), np.full(60, 0.1), Y * 2.0**40, RANDOM.normal(300, 20, 60), Y
    assert dataset(columns(*made), *"bcdef").note == ""
    path = table(
        tmp_path / "own.csv", rows=[f"{'xy'[i % 2]},0.1,{1e9 + i % 2 / 3 * 1e9}" for i in range(60)]
    )
    assert "round" not in find_data(path, test_split=0.5).note
    many = np.repeat([RANDOM.uniform(1000, 1001, 30_000)], 2, axis=0).T
    y = np.arange(len(many)) % 2
    assert Dataset("it", many, y, many[:9], y[:9]).note == "", "as many levels as any needs"
