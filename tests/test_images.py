"""Pictures: read whatever they are, refused by name, brought to MNIST's form."""

import io
import struct
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from conftest import needs_mnist
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from keras_mnist.data import find_data
from keras_mnist.errors import DataError
from keras_mnist.images import as_is, find_images, read_image, to_mnist_form
from keras_mnist.images.read import LONGEST_SIDE


def seven(size=200, ink=0, paper=255, width=0.08, at=(0.25, 0.2, 0.75, 0.85), mode="L"):
    """A drawn 7, dark on light; `at`: its left, top, right and bottom as shares of the size."""
    picture = Image.new(mode, (size, size), paper)
    left, top, right, bottom = (share * size for share in at)
    line = [(left, top), (right, top), ((left + right) / 2, bottom)]
    ImageDraw.Draw(picture).line(line, fill=ink, width=max(1, round(width * size)), joint="curve")
    return picture


def content(picture, kind="PNG", **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def form(picture, kind="PNG", **options):
    return to_mnist_form(read_image(content(picture, kind, **options), "picture"))


def alike(one, other):
    """How alike two images are: their correlation, at the best of nine places."""
    shifts = [np.roll(other, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return max(np.corrcoef(one.ravel(), shifted.ravel())[0, 1] for shifted in shifts)


def centre(image):
    y, x = np.mgrid[:28, :28]
    return (image * y).sum() / image.sum(), (image * x).sum() / image.sum()


# MNIST's form

SEVEN = form(seven())


def shadowed(picture):
    grey = np.asarray(picture, float)
    light = np.linspace(1.0, 0.45, grey.shape[1])
    return Image.fromarray((grey * light).astype(np.uint8))


@pytest.mark.parametrize(
    "picture, least",
    [
        (seven(ink=255, paper=0), 0.98),
        (seven(size=40), 0.9),
        (seven(size=900), 0.95),
        (seven(at=(0.55, 0.1, 0.85, 0.49)), 0.85),
        (seven(ink=120, paper=180), 0.95),
        (shadowed(seven(size=600, paper=230)), 0.9),
        (seven(size=900, width=0.01), 0.7),
        (seven().convert("RGB"), 0.98),
        (seven().convert("CMYK"), 0.98),
    ],
    ids=["inverted", "small", "large", "aside", "faint", "shadow", "thin", "RGB", "CMYK"],
)
def test_a_digit_is_the_same_however_it_was_drawn(picture, least):
    kind = "JPEG" if picture.mode == "CMYK" else "PNG"
    image = form(picture, kind)
    assert (image.shape, image.dtype) == ((28, 28), np.uint8)
    assert alike(SEVEN, image) > least
    assert image.max() > 240, "strokes reach full brightness"
    assert np.median(image) == 0, "light on dark"
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
    np.testing.assert_allclose(centre(image), 14, atol=1)


def test_specks_are_dropped_and_separate_strokes_are_kept():
    picture = seven()
    draw = ImageDraw.Draw(picture)
    draw.line([(90, 110), (140, 110)], fill=0, width=10)
    with_bar = form(picture)
    draw.rectangle((8, 8, 10, 10), fill=0)
    draw.rectangle((185, 190, 187, 192), fill=0)
    np.testing.assert_array_equal(form(picture), with_bar)
    assert alike(SEVEN, with_bar) < 0.99, "the bar is there"


@pytest.mark.parametrize("size", [(1, 1), (28, 28), (300, 200)])
def test_a_blank_picture_shows_no_digit(size):
    with pytest.raises(DataError, match="must show a digit"):
        form(Image.new("L", size, 200))


@needs_mnist
def test_images_of_mnist_stay_nearly_as_they_are():
    images = find_data("mnist").x_test[:500]
    made = np.stack([to_mnist_form(image.astype(np.float32)) for image in images])
    assert np.abs(made.astype(float) - images).mean() < 10
    moved = [
        np.abs(np.subtract(centre(a), centre(b))).max() for a, b in zip(made, images, strict=True)
    ]
    assert np.mean(np.array(moved) > 1) < 0.05
    assert min(map(alike, images, made)) > 0.7


def test_an_image_taken_as_it_is():
    image = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    grey = read_image(content(Image.fromarray(image)), "it")
    np.testing.assert_array_equal(as_is(grey), image)
    with pytest.raises(DataError, match=r"28 pixels wide and high .* 30 x 28 pixels"):
        as_is(np.zeros((28, 30), np.float32))


# Reading


def test_sixteen_bits_are_scaled_by_their_own_range():
    levels = np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16)
    grey = read_image(content(Image.fromarray(levels)), "it")
    np.testing.assert_allclose(grey, np.arange(256).reshape(16, 16), atol=1e-3)


@pytest.mark.parametrize("ink", [0, 255])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_ink_on_nothing_stands_out(mode, ink):
    shape = ImageOps.invert(seven())
    picture = Image.merge("LA", [Image.new("L", shape.size, ink), shape])
    if mode == "P":
        picture = picture.convert("RGBA").quantize(16)
    assert alike(SEVEN, form(picture if mode in ("LA", "P") else picture.convert(mode))) > 0.95


def test_a_picture_is_turned_as_its_camera_says():
    data = Image.Exif()
    data[0x0112] = 6  # to be turned by a quarter, clockwise
    lying = seven().rotate(90)
    assert alike(SEVEN, form(lying, "JPEG", exif=data)) > 0.95
    assert alike(SEVEN, form(lying, "JPEG")) < 0.9


def test_large_pictures_are_reduced():
    grey = read_image(content(Image.new("L", (3000, 1500), 9), "JPEG"), "it")
    assert grey.shape == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert grey.dtype == np.float32


def bomb():
    """A PNG whose header promises 400 megapixels, and nothing behind it."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_bomb_is_refused_by_its_header():
    tracemalloc.start()
    begin = time.perf_counter()
    with pytest.raises(DataError, match=r"at most 64,000,000 pixels"):
        read_image(bomb(), "bomb.png")
    assert time.perf_counter() - begin < 1
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()


FRAMES = [Image.new("L", (9, 9), level) for level in (0, 90, 200)]


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "an empty file"),
        (b"no picture at all", "must be a whole image"),
        (content(seven())[:300], "must be a whole, undamaged image"),
        (content(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), "3 frames or pages"),
        (content(seven().convert("F"), "TIFF"), "Pillow's mode F"),
        (content(seven().convert("I"), "TIFF"), "Pillow's mode I"),
        (b"P5 0 0 255\n", "it"),
    ],
    ids=["empty", "text", "truncated", "animated", "float", "32 bits", "0 x 0"],
)
def test_what_is_no_still_picture_is_told(data, said):
    with pytest.raises(DataError) as caught:
        read_image(data, "it")
    assert said in str(caught.value)


WHOLE = [content(seven(40), kind) for kind in ("PNG", "JPEG", "GIF")]


@given(
    st.sampled_from(WHOLE), st.integers(0, 400), st.binary(min_size=1, max_size=9), st.booleans()
)
@settings(max_examples=300, deadline=None)
def test_damaged_files_are_read_or_refused(whole, place, noise, cut):
    damaged = whole[:place] + noise + (b"" if cut else whole[place + len(noise) :])
    try:
        to_mnist_form(read_image(damaged, "it"))
    except DataError as error:
        assert "it" in str(error)


# Finding


def test_pictures_are_found_in_order(tmp_path):
    for name in ("b.png", "a.JPG", "notes.txt", ".hidden.png"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "deeper.png").mkdir()
    one = tmp_path / "notes.txt"
    found = [name for name, _ in find_images([tmp_path, one])]
    assert found == [str(tmp_path / "a.JPG"), str(tmp_path / "b.png"), str(one)]


def test_what_holds_no_pictures_is_told(tmp_path):
    with pytest.raises(DataError, match="must hold pictures"):
        next(find_images([tmp_path]))
    with pytest.raises(DataError, match=r"gone\.png must be a picture or a folder"):
        next(find_images([tmp_path / "gone.png"]))
    with pytest.raises(DataError, match="must be a readable file"):
        read_image(tmp_path / "gone.png", "gone.png")
