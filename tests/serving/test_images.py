import io
import itertools
import os
import struct
import subprocess
import sys
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from conftest import MNIST, needs_mnist
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, JpegImagePlugin, PngImagePlugin

from keras_mnist.base.errors import DataError
from keras_mnist.data.still import LARGEST
from keras_mnist.serving.images import as_is, find_images, read_image, to_mnist_form
from keras_mnist.serving.images.read import LONGEST_SIDE

FUZZ = settings(max_examples=150, deadline=None, database=None, derandomize=True)
# Corners of strokes in the unit square; one list a stroke.
SEVEN = [[(0.15, 0.1), (0.85, 0.1), (0.4, 0.9)]]
FIVE = [[(0.25, 0.15), (0.2, 0.45), (0.6, 0.45), (0.75, 0.65), (0.6, 0.85), (0.2, 0.85)]]
BAR = [[(0.36, 0.13), (0.85, 0.1)]]  # of the 5, a gap away from it
ORIENTATIONS = {  # EXIF's number, and how the stored picture differs from the upright one
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def drawn(
    side=200, width=0.1, strokes=SEVEN, paper=235, ink=30, place=(0.15, 0.15, 0.7), size=None
):
    """Return a picture with strokes; `width` and `place` (left, top, extent) are shares of it."""
    times = 4 if side < 500 else 1  # drawn larger and reduced, for antialiasing
    width_px, height_px = (n * times for n in size or (side, side))
    image = Image.new("L", (width_px, height_px), paper)
    pencil = ImageDraw.Draw(image)
    left, top, extent = (share * side * times for share in place)
    thick = max(1, round(width * side * times))
    for stroke in strokes:
        points = [(left + x * extent, top + y * extent) for x, y in stroke]
        pencil.line(points, fill=ink, width=thick)
        for x, y in points:
            box = [x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2]
            pencil.ellipse(box, fill=ink)
    return image.resize((width_px // times, height_px // times), Image.Resampling.BOX)


def grey(image):
    return np.asarray(image, np.float32)


def encoded(image, format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def likeness(one, other):
    """The correlation of two forms; rounding may have placed one a pixel from the other."""
    shifts = itertools.product((-1, 0, 1), repeat=2)
    moved = [np.roll(other, shift, (0, 1)).ravel().astype(float) for shift in shifts]
    return max(np.corrcoef(one.ravel().astype(float), place)[0, 1] for place in moved)


def centre(form):
    rows, columns = form.sum(1, dtype=float), form.sum(0, dtype=float)
    return np.array([rows @ np.arange(28), columns @ np.arange(28)]) / form.sum(dtype=float)


def extent(form):
    return max(np.ptp(np.flatnonzero(form.any(axis))) + 1 for axis in (0, 1))


def png_header(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", content)


@pytest.fixture(scope="module")
def seven():
    return to_mnist_form(grey(drawn()))


# Reading


@pytest.mark.parametrize(
    "mode, format",
    [*itertools.product(["L", "RGB", "P"], ["PNG", "BMP", "GIF", "TIFF", "WEBP"]), ("RGB", "PPM")],
)
def test_grey_levels_are_those_of_the_picture(mode, format, tmp_path):
    image = drawn(60, size=(60, 40))
    content = encoded(image.convert(mode), format, **{"lossless": True} if format == "WEBP" else {})
    path = tmp_path / "picture.any"
    path.write_bytes(content)
    for source in (content, path, str(path)):
        levels = read_image(source, "a picture")
        assert levels.dtype == np.float32 and levels.shape == (40, 60)
        np.testing.assert_array_equal(levels, grey(image))


@pytest.mark.parametrize("mode, format", [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("1", "PNG")])
@pytest.mark.parametrize("light", [False, True])
def test_other_modes_keep_light_and_dark(mode, format, light):
    image = drawn(paper=0, ink=255) if light else drawn(paper=255, ink=0)
    levels = read_image(encoded(image.convert(mode), format), "a picture")
    assert np.abs(levels - grey(image)).mean() < 3


def test_a_jpeg_is_read_as_it_looks():
    image = drawn()
    for mode in ("L", "RGB"):
        levels = read_image(encoded(image.convert(mode), "JPEG", quality=95), "a picture")
        assert np.abs(levels - grey(image)).mean() < 1


@pytest.mark.parametrize("format", ["PNG", "TIFF", "PPM"])
def test_16_bits_are_scaled_by_their_own_range(format):
    levels = np.array([[0, 257, 25700], [32896, 65534, 65535]], np.uint16)
    found = read_image(encoded(Image.fromarray(levels), format), "a picture")
    np.testing.assert_allclose(found, levels / 257, rtol=1e-6)


def transparent(kind, colour):
    """Return a 7 of one colour on nothing, as PNG."""
    opacity = drawn(60, paper=0, ink=255)
    if kind == "key":  # one grey level stands for nothing
        image = Image.composite(
            Image.new("L", (60, 60), colour), Image.new("L", (60, 60), 128), opacity
        )
        return encoded(
            image.point(lambda level: 128 if level not in (colour,) else level), transparency=128
        )
    if kind == "palette":
        image = opacity.point(lambda level: level > 127 and 1).convert("P")
        image.putpalette([128] * 3 + [colour] * 3)
        return encoded(image, transparency=0)
    image = Image.new("LA", (60, 60), (colour, 0))
    image.putalpha(opacity)
    if kind == "palette with alpha":
        return encoded(image.convert("RGBA").quantize(16))
    return encoded(image.convert(kind))


@pytest.mark.parametrize("colour, paper", [(0, 255), (60, 255), (255, 0), (200, 0)])
@pytest.mark.parametrize("kind", ["LA", "RGBA", "palette", "palette with alpha", "key"])
def test_what_is_transparent_becomes_what_shows_the_ink(kind, colour, paper, seven):
    levels = read_image(transparent(kind, colour), "a picture")
    assert levels[0, 0] == paper
    assert abs(levels[13, 30] - colour) <= 2  # on the bar of the 7
    assert likeness(to_mnist_form(levels), seven) > 0.93


def test_half_transparent_ink_is_half_as_strong():
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 102))
    np.testing.assert_allclose(read_image(encoded(image), "a picture"), [[0, 153]], atol=0.01)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF"])
def test_pictures_are_turned_upright(orientation, format):
    upright = drawn(60, size=(60, 80))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright.transpose(ORIENTATIONS[orientation])
    levels = read_image(encoded(stored, format, exif=exif), "a picture")
    assert levels.shape == (80, 60)
    assert np.abs(levels - grey(upright)).mean() < 3


def test_damaged_exif_data_do_not_matter():
    content = encoded(drawn(60), "JPEG", exif=b"Exif\x00\x00nonsense")
    assert read_image(content, "a picture").shape == (60, 60)


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_large_pictures_are_reduced_while_they_are_read(format, monkeypatch):
    decoded = []
    load = JpegImagePlugin.JpegImageFile.load

    def spy(image):
        decoded.append(max(image.size))
        return load(image)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", spy)
    image = drawn(3000, size=(3000, 4000))
    levels = read_image(encoded(image, format), "a picture")
    assert levels.shape == (LONGEST_SIDE, 768)
    expected = grey(image.resize((768, LONGEST_SIDE), Image.Resampling.BOX))
    assert np.abs(levels - expected).mean() < 1
    if format == "JPEG":
        assert decoded and max(decoded) <= 2000  # at half its size


def test_extreme_proportions_are_reduced_too():
    assert read_image(encoded(Image.new("L", (9000, 1), 7)), "a picture").shape == (1, 1024)


# Refusing


NO_IMAGES = {  # with what the refusal says, among other things
    "nothing": (b"", "an empty file"),
    "PDF": (b"%PDF-1.7 and so on", "%PDF-1.7"),
    "drawing instructions": (b"<svg></svg>", "<svg></s"),
    "half a PNG": (encoded(drawn())[:300], "whole"),
    "start of a PNG": (encoded(drawn())[:30], "whole"),
    "half a JPEG": (encoded(drawn(), "JPEG")[:1500], "whole"),
    "start of a JPEG": (encoded(drawn(), "JPEG")[:30], "whole"),
    "half a BMP": (encoded(drawn(), "BMP")[:1500], "whole"),
    "start of a PGM": (b"P5\n24 24\n2", "whole"),  # which is a ValueError of Pillow's
    "format not asked for": (encoded(drawn(), "PCX"), "one of PNG, JPEG"),
    "0 x 0": (png_header(0, 0), "whole"),
    "0 x 5": (png_header(0, 5), "whole"),
}


@pytest.mark.parametrize("name", NO_IMAGES)
def test_what_is_no_whole_image_is_refused(name):
    content, part = NO_IMAGES[name]
    with pytest.raises(DataError, match=r"^note\.png must be a whole.* Received: ") as refusal:
        read_image(content, "note.png")
    assert part in str(refusal.value)
    assert "0x" not in str(refusal.value)  # no object's address


@pytest.mark.parametrize("size", [(20000, 20000), (10000, 10000), (8001, 8000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size, monkeypatch):
    def decode(image):
        raise AssertionError("decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", decode)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(DataError, match=f"at most {LARGEST:,} pixels") as refusal:
        read_image(png_header(*size), "a bomb")
    assert time.process_time() - began < 0.3
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    assert str(size[0]) in str(refusal.value) or str(size[0] * size[1]) in str(refusal.value)


def test_as_many_pixels_as_allowed_are_no_reason_to_refuse():
    with pytest.raises(DataError, match="whole, undamaged"):
        read_image(png_header(8000, 8000), "a picture")


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_several_frames_are_refused(format):
    frames = [drawn(40).rotate(angle) for angle in (0, 5, 9)]
    content = encoded(frames[0], format, save_all=True, append_images=frames[1:])
    with pytest.raises(DataError, match=r"dance\.gif must be a single picture.* 3 frames"):
        read_image(content, "dance.gif")


def test_the_preview_in_a_phones_jpeg_does_not_matter():
    image, preview = drawn(80), drawn(40)
    content = encoded(image, "MPO", save_all=True, append_images=[preview])
    assert Image.open(io.BytesIO(content)).n_frames == 2
    assert np.abs(read_image(content, "a picture") - grey(image)).mean() < 2


@pytest.mark.parametrize("mode", ["I", "F", "LAB"])
def test_levels_of_unknown_range_are_refused(mode):
    image = Image.new("LAB", (9, 9)) if mode == "LAB" else drawn(60).convert(mode)
    with pytest.raises(DataError, match=f"8 or 16 bits.*mode {mode}"):
        read_image(encoded(image, "TIFF"), "a picture")


def test_files_that_cannot_be_read_are_refused(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(encoded(drawn(40)))
    secret.chmod(0)
    sources = [tmp_path, tmp_path / "missing.png", "with\0null.png", "a" * 5000]
    if os.geteuid() != 0:  # root may read everything
        sources.append(secret)
    for source in sources:
        with pytest.raises(DataError, match=r"^that must be a readable file\. Received: "):
            read_image(source, "that")


def test_a_pipe_is_refused_at_once_and_standard_input_named(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match=r"Received: no regular file\. .*standard input"):
        read_image(tmp_path / "pipe", "a pipe")


def test_nothing_of_pillows_reaches_the_terminal(tmp_path):
    odd = bytearray(encoded(drawn(60).convert("RGB"), "TIFF"))
    at = odd.index(struct.pack("<HHI", 277, 3, 1)) + 8
    odd[at : at + 2] = struct.pack("<H", 500)  # samples a pixel, which Pillow logs
    (tmp_path / "odd.tif").write_bytes(odd)
    (tmp_path / "large.png").write_bytes(png_header(10000, 10000))  # of which Pillow warns
    program = """
import sys
from keras_mnist.base.errors import DataError
from keras_mnist.serving.images import read_image
for path in sys.argv[1:]:
    try:
        read_image(path, "it")
    except DataError as error:
        print(error)
"""
    paths = [str(tmp_path / name) for name in ("odd.tif", "large.png")]
    line = [sys.executable, "-c", program, *paths]
    ended = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert ended.stderr == ""
    assert ended.stdout.startswith("it must be a whole image")
    assert f"it must have at most {LARGEST:,} pixels. Received: 10000 x 10000" in ended.stdout


WHOLE = [
    encoded(drawn(24), format, **options)
    for format, options in [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("PPM", {}),
        ("WEBP", {}),
    ]
]


def result_or_refusal(content):
    try:
        form = to_mnist_form(read_image(content, "a picture"))
    except DataError:
        return
    assert form.shape == (28, 28) and form.dtype == np.uint8


@FUZZ
@given(
    whole=st.sampled_from(WHOLE),
    cut=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
)
def test_damaged_files_end_in_a_result_or_a_refusal(whole, cut, changes):
    content = bytearray(whole)
    for place, value in changes:
        content[int(place * len(content))] = value
    result_or_refusal(bytes(content))
    result_or_refusal(bytes(content[: int(cut * len(content))]))


@FUZZ
@given(start=st.sampled_from([b"", *(whole[:16] for whole in WHOLE)]), rest=st.binary(max_size=300))
def test_random_bytes_end_in_a_result_or_a_refusal(start, rest):
    result_or_refusal(start + rest)


# MNIST's form

DRAWINGS = {
    "light on dark": drawn(paper=20, ink=230),
    "faint": drawn(paper=150, ink=120),
    "28 pixels": drawn(28),
    "40 pixels": drawn(40),
    "64 pixels": drawn(64),
    "65 pixels": drawn(65),
    "1000 pixels": drawn(1000),
    "in a corner": drawn(400, 0.03, place=(0.72, 0.05, 0.21)),
    "at the frame": drawn(place=(-0.04, 0.0, 0.99), width=0.141),
    "wide picture": drawn(200, size=(700, 200)),
    "high picture": drawn(200, size=(200, 900)),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_however_it_is_drawn_it_comes_out_alike(name, seven):
    form = to_mnist_form(grey(DRAWINGS[name]))
    assert form.shape == (28, 28) and form.dtype == np.uint8
    assert likeness(form, seven) > 0.93
    assert np.median(form) == 0 and form.max() == 255  # light on black
    assert extent(form) == 20
    assert np.abs(centre(form) - 14).max() <= 0.6


def lit(kind, side=300, noise=4, **options):
    """Return a 7 on paper under uneven light."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    light = {
        "gradient": 0.75 + 0.25 * (x + y) / 2,
        "vignette": 1 - 0.12 * (x * x + y * y),
        "lamp": 0.6 + 0.4 * np.exp(-2 * ((x - 0.2) ** 2 + y * y)),
        "shadow": 0.775 - 0.225 * ((x + 0.7 * y - 0.3) * 15).clip(-1, 1),
    }[kind]
    grain = np.random.default_rng(0).normal(0, noise, (side, side))
    return (grey(drawn(side, **options)) * light + grain).clip(0, 255).astype(np.float32)


@pytest.mark.parametrize("noise", [0, 4])
@pytest.mark.parametrize("kind", ["gradient", "vignette", "lamp", "shadow"])
def test_uneven_light_does_not_show(kind, noise, seven):
    assert likeness(to_mnist_form(lit(kind, noise=noise)), seven) > 0.93
    form = to_mnist_form(lit(kind, noise=noise, width=0.012, ink=120))  # a pen
    assert likeness(form, seven) > 0.75
    assert form.max(1)[np.flatnonzero(form.any(1))[1:-1]].min() > 170  # as bright everywhere


@pytest.mark.parametrize("width", [2, 4, 8])
def test_a_pens_strokes_come_out_as_bright_and_wide_as_others(width, seven):
    form = to_mnist_form(grey(drawn(1000, width / 1000)))
    assert extent(form) == 20
    assert likeness(form, seven) > 0.75
    bright = (form > 180).sum()
    assert 0.5 < bright / (seven > 180).sum() < 1.2


def test_noise_and_dust_change_nothing(seven):
    random = np.random.default_rng(0)
    image = drawn(300)
    pencil = ImageDraw.Draw(image)
    for x, y in [(12, 14), (280, 30), (20, 270), (285, 290), (150, 8)]:
        pencil.ellipse([x, y, x + 4, y + 4], fill=30)
    noisy = grey(image) + random.normal(0, 12, (300, 300))
    assert likeness(to_mnist_form(noisy.clip(0, 255).astype(np.float32)), seven) > 0.97


@pytest.mark.parametrize("paper, ink", [(255, 0), (0, 255)])
def test_a_brush_is_told_from_the_paper_however_broad(paper, ink):
    options = {"width": 0.3, "paper": paper, "ink": ink, "place": (0.2, 0.2, 0.6)}
    small, large = (to_mnist_form(grey(drawn(side, **options))) for side in (60, 280))
    assert likeness(small, large) > 0.97


def test_faint_marks_are_left_out(seven):
    image = drawn()
    ImageDraw.Draw(image).rectangle([10, 170, 60, 190], fill=160)
    assert likeness(to_mnist_form(grey(image)), seven) > 0.99


def test_a_digit_of_single_pixels_hangs_together_at_their_corners():
    form = to_mnist_form(np.pad(np.eye(20, dtype=np.float32) * 255, 4))
    np.testing.assert_array_equal(form, np.pad(np.eye(20, dtype=np.uint8) * 255, 4))


def test_soft_edges_of_bold_strokes_do_not_pass_for_paper():
    levels = lit("gradient", width=0.17)
    bold = grey(Image.fromarray(levels.astype(np.uint8)).filter(ImageFilter.GaussianBlur(6)))
    expected = to_mnist_form(grey(drawn(300, width=0.17).filter(ImageFilter.GaussianBlur(6))))
    form = to_mnist_form(bold)
    assert 0.9 < form.sum() / expected.sum() < 1.1


def test_a_speck_beside_a_small_digit_is_left_out(seven):
    image = drawn(28, place=(0.1, 0.2, 0.7))
    speck = image.copy()
    speck.putpixel((26, 1), 60)
    np.testing.assert_array_equal(to_mnist_form(grey(speck)), to_mnist_form(grey(image)))


@pytest.mark.parametrize("side, width", [(28, 0.07), (300, 0.06), (600, 0.006)])
def test_separate_strokes_are_kept(side, width):
    five = to_mnist_form(grey(drawn(side, width, FIVE + BAR)))
    rest = to_mnist_form(grey(drawn(side, width, FIVE)))
    assert likeness(five, rest) < 0.9  # the bar makes a difference
    assert extent(five) == 20
    top = five[: five.any(1).argmax() + 4]
    assert (top.max(0) > 120).sum() >= 10  # and is as wide as it was drawn


def test_a_broken_stroke_is_kept():
    points = np.linspace((0.5, 0.0), (0.5, 1.0), 14)
    dashes = [[tuple(a), tuple(a + (b - a) * 0.5)] for a, b in itertools.pairwise(points)]
    whole = to_mnist_form(grey(drawn(300, 0.03, [[(0.5, 0), (0.5, 1)]])))
    broken = to_mnist_form(grey(drawn(300, 0.02, dashes)))
    assert likeness(whole, broken) > 0.8


@pytest.mark.parametrize("edges", [(0, 3), (1,), (0, 1, 2, 3)])
def test_the_table_around_the_paper_is_left_out(edges, seven):
    image = drawn(400, 0.05, place=(0.35, 0.3, 0.4))
    strips = [(0, 0, 25, 400), (0, 0, 400, 25), (375, 0, 400, 400), (0, 380, 400, 400)]
    for edge in edges:
        ImageDraw.Draw(image).rectangle(strips[edge], fill=70)
    assert likeness(to_mnist_form(grey(image)), seven) > 0.9


def test_proportions_are_kept():
    image = Image.new("L", (100, 100), 255)
    ImageDraw.Draw(image).rectangle([30, 10, 49, 89], fill=0)  # 20 x 80
    form = to_mnist_form(grey(image))
    assert np.flatnonzero(form.max(1) > 120).size == 20
    assert np.flatnonzero(form.max(0) > 120).size == 5


def test_nothing_is_cut_off_at_the_frame():
    levels = np.zeros((40, 40), np.float32)
    levels[2:38, 19:21] = 255
    levels[30:38, 2:38] = 255  # so heavy at its foot that its head would not fit
    form = to_mnist_form(levels)
    assert extent(form) == 20
    assert form[0].max() > 120  # as high as the frame allows
    assert np.flatnonzero(form.max(1) > 120).size == 20


BLANK = {
    "1 x 1": np.full((1, 1), 200.0),
    "black": np.zeros((28, 28)),
    "white": np.full((300, 200), 255.0),
    "noise": np.random.default_rng(0).normal(200, 3, (28, 28)),
    "more noise": np.random.default_rng(0).normal(200, 8, (500, 500)),
    "gradient": np.linspace(150, 250, 300)[:, None].repeat(300, 1),
    "lamp": lit("lamp", strokes=[]),
    "vignette": lit("vignette", strokes=[]),
    "dust": np.pad(np.full((5, 5), 255.0), 250),
    "dot": np.pad([[255.0]], 13),
}


@pytest.mark.parametrize("name", BLANK)
def test_blank_pictures_are_refused(name):
    levels = BLANK[name].clip(0, 255).astype(np.float32)
    message = r"^page 3 must show a digit\. Received: .* Write it larger"
    with pytest.raises(DataError, match=message):
        to_mnist_form(levels, "page 3")


def test_a_wholly_transparent_picture_is_blank():
    levels = read_image(encoded(Image.new("RGBA", (60, 60), (9, 9, 9, 0))), "a picture")
    with pytest.raises(DataError, match="must show a digit"):
        to_mnist_form(levels)


@FUZZ
@given(
    shape=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    seed=st.integers(0, 2**32 - 1),
    share=st.floats(0, 1),
)
def test_any_picture_has_a_form_or_none(shape, seed, share):
    random = np.random.default_rng(seed)
    levels = np.where(random.random(shape) < share, random.integers(0, 256, shape), 255)
    try:
        form = to_mnist_form(levels.astype(np.float32))
    except DataError as refusal:
        assert "must show a digit" in str(refusal)
    else:
        assert form.shape == (28, 28) and form.dtype == np.uint8
        assert form.max() >= 250 and extent(form) <= 20


def test_as_is_changes_nothing_but_rounds():
    levels = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.float32)
    np.testing.assert_array_equal(as_is(levels), levels.astype(np.uint8))
    assert as_is(np.full((28, 28), 99.6, np.float32))[0, 0] == 100
    with pytest.raises(DataError, match=r"^it must be 28 pixels wide and high.* 30 x 28 pixels"):
        as_is(np.zeros((28, 30), np.float32), "it")


@needs_mnist
@pytest.mark.parametrize("inverted", [False, True])
def test_mnists_own_images_are_in_its_form(inverted):
    with np.load(MNIST) as arrays:
        images = arrays["x_test"][:500]
    forms = np.array([to_mnist_form(grey(255 - image if inverted else image)) for image in images])
    assert np.abs(forms.astype(float) - images).mean() < 1  # of 255; 0.5 measured
    moved = np.array(
        [
            np.abs(centre(form) - centre(image)).max()
            for form, image in zip(forms, images, strict=True)
        ]
    )
    assert (moved > 1).mean() <= 0.01  # 0 measured
    assert (moved > 0.5).mean() <= 0.05  # 0.018 measured


def test_importing_does_not_load_scipy():
    program = "import sys, keras_mnist.serving.images; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


# Finding


@pytest.fixture
def folder(tmp_path):
    for name in ("b.png", "a.JPG", "c.webp", "notes.txt", ".hidden.png", "inner/d.png"):
        path = tmp_path / "digits" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "digits/folder.png").mkdir()
    (tmp_path / "scan").write_bytes(b"")
    return tmp_path


def test_folders_are_expanded_in_order(folder):
    found = find_images([folder / "scan", str(folder / "digits")])
    assert iter(found) is found
    expected = [
        folder / "scan",
        *(folder / "digits" / name for name in ("a.JPG", "b.png", "c.webp")),
    ]
    assert list(found) == [(str(path), path) for path in expected]


def test_what_is_not_there_is_told_before_anything_is_yielded(folder):
    (folder / "empty").mkdir()
    (folder / "text").mkdir()
    (folder / "text/notes.txt").write_bytes(b"")
    wrong = {
        "missing.png": "must be a picture or a folder of pictures.*No such file",
        "empty": "the folder .*empty must hold pictures",
        "text": "the folder .*text must hold pictures",
        "nu\0ll": "must be a picture",
    }
    for name, message in wrong.items():
        with pytest.raises(DataError, match=message):
            next(find_images([folder / "scan", folder / name]))


def test_nothing_to_find_is_no_error():
    assert list(find_images([])) == []
