"""The images that a change breaks, on the page: shown where the data is at hand, else by number."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from test_page import record, stored

from keras_mnist import Experiment
from keras_mnist.data.dataset import Dataset
from keras_mnist.runs.said import packed
from keras_mnist.site.content import content
from keras_mnist.site.document import document

DIGITS = np.arange(12) % 10  # labels of the test images


@pytest.fixture
def dataset():
    levels = np.random.default_rng(0).integers(0, 256, (12, 8, 8)).astype(np.uint8)
    x = np.concatenate([levels] * 5)
    return Dataset("mine", x, np.concatenate([DIGITS] * 5), levels, DIGITS)


@pytest.fixture
def runs(tmp_path, dataset):
    """The variant is wrong on image 3 in each run, and on image 7 with the first seed."""
    about = {"name": "mine", "digest": dataset.digest, "canonical": False}
    about |= {"images": {"train": 10_000, "test": 12}}
    made = []
    for experiment, wrong in ((_of(), ()), (_of(dropout=0.0), (3,))):
        for seed in range(2):
            said = DIGITS.copy()
            for image in (*wrong, *((7,) if wrong and seed == 0 else ())):
                said[image] += 1
            run = record(experiment, seed, about)
            right = {"test_accuracy": float((said == DIGITS).mean())}
            said = packed(said, DIGITS, 10)
            made.append(replace(run, metrics=run.metrics | right, said=said))
    return stored(tmp_path / "runs", made)


def _of(**changes) -> Experiment:
    experiment = Experiment().change(width=16, **changes)
    return experiment.change(data=replace(experiment.data, shape=(8, 8)))


def test_the_images_that_a_change_breaks_are_shown(runs, dataset):
    page = content(runs, dataset=dataset)
    (study,) = page.text["images"]
    (row,) = study["rows"]
    assert (row["name"], row["pairs"], row["broken"], row["mended"]) == (
        *("no dropout", 2),
        *("1.5", "0.0"),
    )
    first, second = row["breaks"]
    assert (first["number"], first["said"], first["share"]) == (3, "3, said 4", "100%")
    assert (second["number"], second["said"], second["share"]) == (7, "7, said 8", "50%")
    _, data = first["picture"].split(",")
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        np.testing.assert_array_equal(255 - np.asarray(picture), dataset.x_test[3])
    assert row["mends"] == []
    assert "3, said 4" in document(page) and "Which test images change" in document(page)


def test_without_their_data_they_have_numbers(runs, dataset):
    other = Dataset("other", dataset.x_train[1:], dataset.y_train[1:], dataset.x_test, DIGITS)
    for given in (None, other):
        page = content(runs, dataset=given)
        first = page.text["images"][0]["rows"][0]["breaks"][0]
        assert first["picture"] is None and first["said"] == ""
        assert "image 3" in document(page) and "data:image" not in document(page)
