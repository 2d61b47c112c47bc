"""Pictures of many kinds, as the benchmark draws them: read, or refused with the reason."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import MNIST, needs_mnist
from PIL import Image, ImageDraw

from keras_mnist.base.errors import DataError, StoreError
from keras_mnist.command import guarded
from keras_mnist.predict import main
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.images import read_as, read_image, to_mnist_form, to_mnist_forms
from keras_mnist.serving.plain import save_plain
from keras_mnist.serving.shelf import PRETRAINED, find_network

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import photograph_crowds  # noqa: F401 - which enters kinds
import photograph_scenes  # noqa: F401 - which enters kinds
from photograph_digits import Digits
from photograph_kinds import KINDS
from photographs import by_the_package, judged

STROKES = {
    "1": [[(50, 10), (50, 110)]],
    "2": [[(20, 30), (50, 10), (80, 30), (20, 110), (85, 110)]],
    "4": [[(60, 10), (15, 80), (90, 80)], [(65, 50), (65, 115)]],
    "5": [[(25, 20), (22, 55), (60, 50), (80, 80), (55, 110), (20, 105)]],
    "7": [[(15, 12), (85, 12), (45, 112)]],
}
BAR = [(38, 14), (85, 12)]  # of the 5, a gap away from it


def written(digits: str, step: int = 120, down: int = 0, bar: bool = False) -> Image.Image:
    """Return digits on paper, each so far right of and below the one before it."""
    size = 120 + step * (len(digits) - 1), 160 + down * (len(digits) - 1)
    image = Image.new("L", size, 240)
    pen = ImageDraw.Draw(image)
    for place, digit in enumerate(digits):
        for stroke in [*STROKES[digit], *([BAR] if bar else [])]:
            points = [(10 + x + step * place, 20 + y + down * place) for x, y in stroke]
            pen.line(points, fill=20, width=9, joint="curve")
    return image


def grey(image):
    return np.asarray(image, np.float32)


@pytest.fixture(scope="module")
def network():
    return load_classifier(find_network(PRETRAINED))


@needs_mnist
@pytest.mark.parametrize(
    "name", ["table", "board", "shaded", "squared paper", "neighbours", "several", "nothing"]
)
def test_a_kind_of_picture_is_read_or_refused(name, network):
    with np.load(MNIST) as arrays:
        images, labels = arrays["x_train"][:500], arrays["y_train"][:500]
    chance = np.random.default_rng(7)
    digits, found = Digits(images, labels, [], chance), []
    for _ in range(4):
        content, read = KINDS[name](chance, digits)
        found.append(judged(read, *by_the_package(content, network)))
    assert found.count("refused" if name == "nothing" else "right") >= 3, found


@pytest.mark.parametrize("digits", ["42", "2741", "11", "5"])
def test_digits_on_a_line_are_read_in_their_order(digits, network):
    forms = to_mnist_forms(grey(written(digits)))
    assert forms.shape == (len(digits), 28, 28) and forms.dtype == np.uint8
    assert "".join(map(str, network(forms).argmax(1))) == digits


def test_a_digit_in_two_strokes_is_one():
    assert len(to_mnist_forms(grey(written("5", bar=True)))) == 1


def test_what_stands_on_no_line_is_counted_and_refused():
    with pytest.raises(DataError, match=r"a digit, or at most 12 on a line. Received: 2 parts"):
        to_mnist_forms(grey(written("42", step=0, down=180)))
    with pytest.raises(DataError, match=r"one only\. Received: 2 on a line"):
        to_mnist_form(grey(written("42")))


def test_ink_that_hangs_together_is_refused():
    image = written("222")
    ImageDraw.Draw(image).line([(90, 130), (280, 130), (280, 120)], fill=20, width=9)
    with pytest.raises(DataError, match=r"hangs together and is .* times as wide"):
        to_mnist_forms(grey(image))


def test_an_empty_sheet_on_a_table_is_refused():
    levels = np.full((300, 400), 90, np.float32)
    levels[60:240, 90:330] = 230
    with pytest.raises(DataError, match="must show a digit"):
        to_mnist_forms(levels)
    levels[80:200, 150:250] -= 230 - grey(written("2"))[20:140, 10:110]  # and one that is not
    assert to_mnist_forms(levels.clip(0, 255)).shape == (1, 28, 28)


def predict(*arguments):
    return guarded(main, list(map(str, arguments)))


def test_predict_says_several_digits(tmp_path, capsys):
    written("42").save(tmp_path / "age.png")
    assert predict(tmp_path / "age.png", "--show", tmp_path / "seen.png") == 0
    said = capsys.readouterr().out.strip().partition("age.png: ")[2]
    assert said.startswith("42: 4 (") and ", 2 (" in said and said.count("%") == 2
    assert predict(tmp_path / "age.png", "--top", 2) == 0
    assert capsys.readouterr().out.count(" or ") == 2
    assert predict(tmp_path / "age.png", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["digits"] == [4, 2] and np.shape(answer["probabilities"]) == (2, 10)


def test_a_folder_names_what_it_leaves_out_and_survives_links_to_themselves(tmp_path, capsys):
    written("7").save(tmp_path / "a.jfif", "JPEG")
    for name in ("b.heic", "c.svg", "d.avif"):
        (tmp_path / name).write_bytes(b"no picture that is read")
    (tmp_path / "e.png").symlink_to("e.png")
    (tmp_path / "f.png").symlink_to("g.png")
    (tmp_path / "g.png").symlink_to("f.png")
    (tmp_path / "notes.txt").write_text("no picture")
    assert predict(tmp_path) == 1
    said = capsys.readouterr()
    assert "a.jfif: 7 (" in said.out
    for name, how in (("b.heic", "heif-convert"), ("c.svg", "rsvg"), ("d.avif", "avifdec")):
        assert any(name in line and how in line for line in said.err.splitlines())
    assert said.err.count("symbolic links") == 3 and "notes.txt" not in said.err


@pytest.mark.parametrize(
    "start, how",
    [
        (b"\0\0\0\x18ftypheic", "heif-convert"),
        (b"\0\0\0\x18ftypavif", "avifdec"),
        (b"\xff\x0a\0\0", "djxl"),
        (b"%PDF-1.7", "pdftoppm"),
        (b'<?xml version="1.0"?>', "rsvg-convert"),
    ],
)
def test_what_a_picture_is_says_its_beginning(start, how, tmp_path):
    (tmp_path / "IMG_1.jpg").write_bytes(start + bytes(40))
    with pytest.raises(DataError, match=f"as PNG or JPEG: {how}"):
        read_image(tmp_path / "IMG_1.jpg", "IMG_1.jpg")


def test_no_more_contrast_is_asked_for_than_there_can_be():
    noise = np.random.default_rng(0).choice(np.float32([0, 255]), (200, 200))
    with pytest.raises(DataError) as refused:
        to_mnist_forms(noise)
    assert "noise of which nothing can stand out" in str(refused.value)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_fewer_bits_than_are_stored_are_scaled_by_their_own_range(bits, tmp_path, network):
    levels = np.rint(grey(written("7")) / 255 * (2**bits - 1)).astype(np.uint16)
    Image.fromarray(levels).save(tmp_path / "scan.tif")
    found = read_image(tmp_path / "scan.tif", "a scan")
    np.testing.assert_allclose(found, grey(written("7")), atol=0.2)
    assert network(to_mnist_forms(found)).argmax() == 7
    assert abs(read_as(tmp_path / "scan.tif", "it", (160, 120)).max() - 240.0) <= 1


@pytest.mark.parametrize("steps", [[], {}])
def test_a_network_without_steps_is_refused(steps, tmp_path):
    save_plain(tmp_path / "model.npz", steps, {})
    with pytest.raises(StoreError, match="Received: no steps"):
        load_classifier(tmp_path / "model.npz")


@pytest.mark.parametrize(
    ("bias", "told"), [([np.nan] * 3, "sum to nan"), ([1.0, 1.0, 1.0], "sum to 3, not to 1")]
)
def test_a_saved_model_that_says_no_probabilities_is_refused(bias, told, tmp_path):
    tf = pytest.importorskip("tensorflow")

    class Network(tf.Module):
        def __init__(self):
            super().__init__()
            self.bias = tf.Variable(bias)

        @tf.function(input_signature=[tf.TensorSpec((None, 28, 28), tf.uint8, name="image")])
        def answer(self, image):
            flat = tf.reshape(tf.cast(image, tf.float32), (-1, 784))
            return {"probabilities": 0.0 * flat[:, :3] + self.bias}

    network = Network()
    tf.saved_model.save(network, str(tmp_path), signatures={"serving_default": network.answer})
    with pytest.raises(StoreError, match=told):
        load_classifier(tmp_path)
