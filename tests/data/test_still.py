"""Pictures of a data set hold the bounds of those that are asked about."""

import warnings

import numpy as np
import pytest
from PIL import Image
from test_forms import refused

from keras_mnist.data.pictures import stacked


def folder_of(tmp_path, put):
    for place in range(8):
        path = tmp_path / "train" / "xy"[place % 2] / f"{place}.gif"
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, place)
    return tmp_path


def test_a_moving_picture_is_no_example(tmp_path):
    def moving(path, place):
        frames = [Image.new("L", (9, 9), 20 * place + add) for add in (0, 90)]
        frames[0].save(path, save_all=True, append_images=frames[1:])

    refused(folder_of(tmp_path, moving), "must be a single picture", "2 frames", test_split=0.5)


@pytest.mark.parametrize("sides", [(13_000, 13_000), (8001, 8000), (2**15, 2**16)])
def test_too_many_pixels_are_refused_without_a_warning(tmp_path, sides):
    def large(path, _):
        path.write_bytes(b"P5 %d %d 255\n" % sides)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refused(folder_of(tmp_path, large), "at most 64,000,000 pixels", test_split=0.5)


def test_a_picture_in_a_table_is_one(tmp_path):
    path = tmp_path / "it.png"
    Image.fromarray(np.arange(36, dtype=np.uint8).reshape(6, 6)).save(path)
    images, told = stacked([("row 1", path.read_bytes()), ("row 2", path)])
    assert images.shape == (2, 6, 6) and not told
    np.testing.assert_array_equal(images[0], images[1])
