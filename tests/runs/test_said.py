import base64
import dataclasses
import zlib

import numpy as np
import pytest
import tiny

from keras_mnist.base.errors import StoreError
from keras_mnist.runs import RunRecord
from keras_mnist.runs.said import packed, unpacked


@pytest.mark.parametrize("classes", [2, 10, 256, 257, 40_000])
def test_what_was_said_comes_back(classes):
    chance = np.random.default_rng(classes)
    labels = chance.integers(0, classes, 500)
    said = np.where(chance.random(500) < 0.9, labels, chance.integers(0, classes, 500))
    beyond = unpacked(packed(said, labels, classes))
    np.testing.assert_array_equal((labels + beyond) % classes, said)
    np.testing.assert_array_equal(beyond == 0, said == labels)


def test_it_takes_little_room():
    """Of 10,000 images, 2 % wrong: less than the rest of a record of five epochs."""
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 10, 10_000)
    said = np.where(chance.random(10_000) < 0.02, chance.integers(0, 10, 10_000), labels)
    assert len(packed(said, labels, 10)) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no such text",
        "\ud800",
        base64.b85encode(b"xyz").decode(),
        base64.b85encode(zlib.compress(b"")).decode(),
        base64.b85encode(zlib.compress(b"\x03abc")).decode(),
        base64.b85encode(zlib.compress(b"\x02abc")).decode(),
        base64.b85encode(zlib.compress(b"\x01abc")[:-4]).decode(),
        base64.b85encode(zlib.compress(b"\x01" + bytes(1 << 26), 9)).decode(),  # a bomb
    ],
)
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match="no packed text"):
        unpacked(text)


@pytest.fixture(scope="module")
def record(whole, small):
    path = next(whole.glob("*/seed-0.json"))
    return RunRecord.from_json(path.read_text())


def test_a_trained_run_says_which_images_were_right(record, small):
    beyond = unpacked(record.said)
    assert len(beyond) == len(small.x_test)
    assert (beyond == 0).mean() == record.metrics["test_accuracy"]
    assert RunRecord.from_json(record.to_json()).said == record.said


def test_a_record_must_agree_with_what_it_said(record, small):
    count, classes = len(small.y_test), small.classes
    wrong = (small.y_test + 1) % classes
    for said in (
        packed(small.y_test, small.y_test, classes),  # all right
        packed(wrong[:-1], small.y_test[:-1], classes),
        packed(wrong + 200, small.y_test, 256),
        "nothing",
    ):
        bad = dataclasses.replace(record, said=said)
        with pytest.raises(StoreError, match="fields"):
            RunRecord.from_json(bad.to_json())
    assert count == 50 and tiny.TINY.data.classes == classes


def test_verify_adds_it_to_a_record_whose_weights_come_out_the_same(record, inside, tmp_path):
    path = tmp_path / "seed-0.json"
    older = {name: v for name, v in record.metrics.items() if not name.startswith("plain")}
    path.write_text(dataclasses.replace(record, said="", metrics=older).to_json())
    old = path.read_text()
    plain = inside("verify", path, "--quiet")
    assert plain.returncode == 0 and path.read_text() == old, plain.stderr
    done = inside("verify", path, "--quiet", "--refresh")
    assert done.returncode == 0 and f"refreshed: {path}" in done.stdout
    whole = RunRecord.from_json(path.read_text())
    assert (whole.said, whole.metrics) == (record.said, record.metrics)
    assert "plain_train_accuracy" in whole.metrics
    assert "refreshed" not in inside("verify", path, "--quiet", "--refresh").stdout
