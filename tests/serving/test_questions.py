"""Other networks than those of digits: asked about pictures, rows of tables, arrays."""

import json
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

from keras_mnist import Experiment
from keras_mnist.base.errors import StoreError
from keras_mnist.command import guarded
from keras_mnist.exports import main as exports_main
from keras_mnist.predict import main
from keras_mnist.reporting.model_card import as_markdown, confusion_figure
from keras_mnist.runs import RunRecord
from keras_mnist.serving.card import FILE, Card, card_beside, named
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.formats import shows_digits
from keras_mnist.serving.parity import Parity
from keras_mnist.serving.write import save

COLOURS = ("red", "green", "blue")
KINDS = {"uint8": "levels", "float32": "numbers", "int32": "whole"}


def put(folder, network, columns=(), **data):
    """Put a network on the shelf with a card that says what `data` say of its data set."""
    save(network, folder, "class")
    shape, classes = network.input_shape[1:], network.output_shape[-1]
    about = {"name": "some", "digest": "0" * 64, "canonical": False}
    images = {"train": 9, "test": classes}
    kind = {"shape": shape, "classes": classes, "values": KINDS[network.inputs[0].dtype]}
    record = RunRecord(
        Experiment().change(**kind, epochs=1),
        0,
        {**about, "images": images, **data},
        "completed",
        metrics={"test_accuracy": 1.0},
        history={"train_loss": [0.5]},
        created="2026-01-02T03:04:05+00:00",
    )
    right = np.eye(classes, dtype=int).tolist()
    parity = Parity("saved_model", classes, 0.0, 1e-5)
    card = Card(record, [parity], right, ["by hand"], columns=columns)
    (folder / FILE).write_text(card.to_json())
    return folder


def largest_of(shape, dtype, axes=()):
    """Return a network that says which number of an example is the largest."""
    inputs = keras.Input(shape, dtype=dtype)
    numbers = keras.ops.cast(inputs, "float32")
    outputs = keras.ops.softmax(keras.ops.mean(numbers, axes) if axes else numbers)
    return keras.Model(inputs, outputs)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A folder to work in, with a network of colours, one of rows, one of series, one of words."""
    home = tmp_path_factory.mktemp("home")
    for name, shape, dtype, axes, data in (
        ("colours", (4, 6, 3), "uint8", (1, 2), {"class_names": list(COLOURS)}),
        ("grey", (4, 3), "uint8", (1,), {}),
        ("rows", (3,), "float32", (), {"class_names": ["a", "b", "c"]}),
        ("columns", (3,), "float32", (), {"columns": ("width", "height", "depth")}),
        ("years", (3,), "float32", (), {"columns": ("2019", "2020", "twice.1")}),
        ("numbered", (3,), "float32", (), {"columns": ("0", "1", "3")}),
        ("words", (3,), "int32", (), {}),
        ("levels", (3,), "uint8", (), {}),
        ("series", (5, 3), "float32", (1,), {}),
    ):
        folder = home / "saved_models" / name / "1"
        folder.mkdir(parents=True)
        put(folder, largest_of(shape, dtype, axes), **data)
    return home


@pytest.fixture
def ask(shelf, tmp_path, monkeypatch, capsys):
    """Ask a network of the shelf; returns the exit code, what was printed and what was told."""
    (tmp_path / "saved_models").symlink_to(shelf / "saved_models")
    monkeypatch.chdir(tmp_path)

    def run(network, *arguments):
        code = guarded(main, [*map(str, arguments), "--network", network])
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return run


def coloured(path, colour, size=(60, 40), mode="RGB"):
    Image.new(mode, size, colour).save(path)


# Pictures


def test_pictures_are_resized_and_classes_named(ask, tmp_path):
    for name, colour in zip(COLOURS, ((200, 9, 9), (9, 200, 9), (9, 9, 200)), strict=True):
        coloured(tmp_path / f"{name}.png", colour)
    code, lines, told = ask("colours", *(f"{name}.png" for name in COLOURS))
    assert code == 0
    assert lines == [f"{name}.png: {i}: {name} (100.0 %)" for i, name in enumerate(COLOURS)]
    assert "pictures are taken in colours at 6 x 4, resized" in told
    code, (line,), told = ask("colours", "blue.png", "--json", "--quiet")
    answer = json.loads(line)
    assert (answer["image"], answer["class"], answer["name"]) == ("blue.png", 2, "blue")
    assert told == ""


def test_what_lies_where_in_a_picture_stays_there(ask, tmp_path):
    picture = np.zeros((40, 30), np.uint8)
    picture[:, 10:20] = 250
    Image.fromarray(picture).save(tmp_path / "middle.png")
    code, (line,), _ = ask("grey", "middle.png")
    assert (code, line) == (0, "middle.png: 1 (100.0 %)")


def test_a_picture_of_the_right_size_is_taken_unchanged(shelf, ask, tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (4, 6, 3)).astype(np.uint8)
    Image.fromarray(picture).save(tmp_path / "it.png")
    np.save(tmp_path / "it.npy", picture)
    answers = [ask("colours", name, "--json", *more) for name, *more in (
        ("it.png",), ("it.png", "--as-is"), ("it.npy",)
    )]  # fmt: skip
    shares = [json.loads(lines[0])["probabilities"] for _, lines, _ in answers]
    assert shares[0] == shares[1] == shares[2]
    said = load_classifier(shelf / "saved_models" / "colours" / "1")(picture[None])
    np.testing.assert_allclose(shares[0], said[0], atol=1e-6)
    coloured(tmp_path / "large.png", (1, 2, 3))
    code, _, told = ask("colours", "large.png", "--as-is")
    assert code == 1
    assert "large.png must be 6 pixels wide and 4 high to be taken as it is" in told


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_taken(mode, ask, tmp_path):
    Image.new(mode, (8, 8)).save(tmp_path / ("it.tif" if mode == "CMYK" else "it.png"))
    code, lines, _ = ask("colours", next(tmp_path.glob("it.*")).name)
    assert (code, len(lines)) == (0, 1)


def test_what_a_network_of_colours_saw_is_drawn(ask, tmp_path):
    coloured(tmp_path / "green.png", (9, 200, 9))
    assert ask("colours", "green.png", "--show", "seen.png")[0] == 0
    with Image.open(tmp_path / "seen.png") as figure:
        pixels = np.asarray(figure.convert("RGB")).reshape(-1, 3)
    assert (np.abs(pixels.astype(int) - (9, 200, 9)).max(1) < 3).mean() > 0.02
    code, _, told = ask("rows", "rows.csv", "--show", "seen.png")
    assert code == 2
    assert "--show must be of a network that is shown pictures" in told


# Rows


ROWS = "9,1,1\n1,9,1\n1,1,9\n"


def test_rows_of_a_table_are_answered_one_a_line(ask, tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS)
    code, lines, told = ask("rows", "rows.csv")
    assert (code, told) == (0, "")
    assert [line.split(": ", 1) for line in lines] == [
        [f"row {i + 1} of rows.csv", f"{i}: {name} (99.9 %)"] for i, name in enumerate("abc")
    ]
    code, lines, _ = ask("rows", "rows.csv", "--json")
    answers = list(map(json.loads, lines))
    assert [(a["file"], a["row"], a["class"], a["name"]) for a in answers] == [
        ("rows.csv", i + 1, i, name) for i, name in enumerate("abc")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x,y,z\n" + ROWS,
        "\ufeffx;y;z\n" + ROWS.replace(",", ";"),
        "x\ty\tz\r\n" + ROWS.replace(",", "\t").replace("\n", "\r\n\r\n"),
        '"x, first","y","z"\n' + ROWS,
        " 9, 1e0 ,1.0\n1,9,1\n1,1,+9",
    ],
)
def test_tables_as_programs_write_them(text, ask, tmp_path):
    (tmp_path / "rows.csv").write_bytes(text.encode())
    code, lines, told = ask("rows", "rows.csv")
    assert (code, told) == (0, "")
    assert [line.split(": ")[1] for line in lines] == ["0", "1", "2"]


def test_columns_are_found_by_their_names(ask, tmp_path):
    (tmp_path / "rows.csv").write_text("label,depth,width,height\nx,1,9,1\n0,1,1,9\nx,9,1,1\n")
    code, lines, _ = ask("columns", "rows.csv")
    assert code == 0
    assert [line.split(": ")[1].split()[0] for line in lines] == ["0", "1", "2"]
    (tmp_path / "rows.csv").write_text("label,depth,width\nx,1,9\n")
    code, _, told = ask("columns", "rows.csv")
    assert code == 1
    assert "must have the columns that the network takes: width, height, depth" in told
    assert "none called height" in told
    (tmp_path / "rows.csv").write_text("depth,width,height\n1,9,tall\n")
    assert (
        "column height in row 1 of rows.csv must be a finite number"
        in ask("columns", "rows.csv")[2]
    )


@pytest.mark.parametrize(
    "network, text",
    [
        ("columns", "depth, height,more, width \n1,1,x,9\n1,9,x,1\n9,1,x,1\n"),
        ("columns", "width,height,depth\n" + ROWS),
        ("columns", ROWS),
        ("years", "2020,2019,twice,twice,name\n1,9,7,1,x\n9,1,7,1,x\n1,1,7,9,x\n"),
        ("years", "2019,2020,twice.1\n" + ROWS),
        ("numbered", "9,1,x,1\n1,9,x,1\n1,1,x,9\n"),
        ("numbered", ROWS),
        ("rows", "true,FALSE,False\n0,1,0\n0,0,1\n"),
    ],
)
def test_columns_are_found_however_the_table_is_written(network, text, ask, tmp_path):
    (tmp_path / "rows.csv").write_text(text)
    code, lines, told = ask(network, "rows.csv")
    assert (code, told) == (0, "")
    assert [line.split(": ")[1].split()[0] for line in lines] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "row, said",
    [
        ("1,2", "row 2 of rows.csv must have 3 columns, those that the network takes. Received: 2"),
        ("1,2,3,4", "Leave out the column of the classes"),
        ("1,two,3", "column y in row 2 of rows.csv must be a finite number. Received: 'two'"),
        ("1,2,", "column z in row 2 of rows.csv must be a finite number. Received: ''"),
        ("1,nan,3", "column y in row 2 of rows.csv must be a finite number. Received: 'nan'"),
        ("1,-inf,3", "must be a finite number. Received: '-inf'"),
        ("1,1e39,3", "must be a finite number. Received: '1e39'"),
        ("1,1_0,3", "must be a finite number. Received: '1_0'"),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_answered(row, said, ask, tmp_path):
    (tmp_path / "rows.csv").write_text(f"x,y,z\n9,1,1\n{row}\n1,1,9\n")
    code, lines, told = ask("rows", "rows.csv")
    assert (code, len(lines)) == (1, 2)
    assert said in told
    code, lines, told = ask("rows", "rows.csv", "--json")
    answers = list(map(json.loads, lines))
    assert [a["row"] for a in answers] == [1, 2, 3]
    assert said in answers[1]["error"]
    assert told == ""


@pytest.mark.parametrize(
    "network, row, said",
    [
        ("words", "1,2.5,3", "a whole number from -2147483648 to 2147483647. Received: '2.5'"),
        ("words", "1,9e18,3", "a whole number"),
        ("levels", "1,256,3", "a whole number from 0 to 255. Received: '256'"),
        ("levels", "1,inf,3", "a whole number"),
    ],
)
def test_whole_numbers_are_asked_for_where_the_network_takes_them(
    network, row, said, ask, tmp_path
):
    (tmp_path / "rows.csv").write_text(f"9,1,1\n{row}\n")
    code, lines, told = ask(network, "rows.csv")
    assert (code, lines) == (1, ["row 1 of rows.csv: 0 (99.9 %)"])
    assert said in told


def test_rows_from_standard_input(ask, monkeypatch):
    import io
    import sys
    from types import SimpleNamespace

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(ROWS.encode())))
    code, lines, _ = ask("rows", "-")
    assert (code, len(lines)) == (0, 3)
    assert lines[0].startswith("row 1 of standard input: ")


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "must hold a row for each example"),
        (b"x,y,z\n", "must hold a row for each example"),
        (b"\xff\xfe1,2,3\n", "must be a table of text in UTF-8"),
        (b"1,2,3\n\xff,2,3\n", "must be a table of text in UTF-8"),
        (b'1,2,"' + b"3" * 200_000 + b'"\n', "must be a table of text in UTF-8"),
    ],
)
def test_files_that_are_no_tables_are_told(content, said, ask, tmp_path):
    (tmp_path / "rows.csv").write_bytes(content)
    code, _, told = ask("rows", "rows.csv")
    assert code == 1
    assert said in told and "Traceback" not in told


# Arrays


@pytest.mark.parametrize("name", ["it.npy", "it.npz"])
def test_series_are_asked_about_in_files_of_arrays(name, ask, tmp_path):
    series = np.zeros((4, 5, 3))
    series[range(4), :, [0, 2, 1, 0]] = 9
    (np.save if name == "it.npy" else np.savez)(tmp_path / name, series)
    code, lines, _ = ask("series", name)
    assert code == 0
    assert [line.split(": ")[1].split()[0] for line in lines] == ["0", "2", "1", "0"]
    assert lines[1].startswith(f"example 1 of {name}: ")
    series[1, 2, 0] = np.nan
    (np.save if name == "it.npy" else np.savez)(tmp_path / name, series)
    code, lines, told = ask("series", name, "--json")
    answers = list(map(json.loads, lines))
    assert (code, [a["example"] for a in answers], told) == (1, [0, 1, 2, 3], "")
    assert "example 1 of" in answers[1]["error"] and "finite" in answers[1]["error"]


@pytest.mark.parametrize(
    "network, array, said",
    [
        ("series", np.zeros((2, 5, 4)), r"numbers of shape (n, 5, 3)"),
        ("series", np.array(["a"]), r"numbers of shape (n, 5, 3)"),
        (
            "series",
            np.array([{}], object),
            "numbers or texts. Received: an array of Python objects",
        ),
        ("words", np.array([[1, 2, 2.5]]), "example 0 of it.npy must be whole numbers from"),
        ("levels", np.array([[1, 2, 300]]), "must be whole numbers from 0 to 255"),
        ("rows", np.array([[1, 2, 1e300]]), "finite numbers that float32 holds"),
    ],
)
def test_arrays_that_a_network_does_not_take_are_told(network, array, said, ask, tmp_path):
    np.save(tmp_path / "it.npy", array, allow_pickle=True)
    code, _, told = ask(network, "it.npy")
    assert code == 1
    assert said in told


@pytest.mark.parametrize(
    "network, path, said",
    [
        ("series", "it.csv", "must be asked about a .npy or .npz file of float32 (n, 5, 3)"),
        ("rows", "it.png", "must be asked about a .csv file of 3 columns or a .npy"),
        ("colours", "rows.csv", "must be asked about pictures or a .npy or .npz file of uint8"),
        ("colours", "nowhere.png", "must be a picture or a folder of pictures"),
        ("rows", "nowhere.csv", "nowhere.csv must be a readable file"),
        ("series", "nowhere.npy", "nowhere.npy must be a whole .npy file"),
    ],
)
def test_what_a_network_does_not_take_is_told(network, path, said, ask):
    code, lines, told = ask(network, path)
    assert code in (1, 2)
    assert lines == []
    assert said in told and "Traceback" not in told


@pytest.mark.parametrize("header", ["{'descr': (", "{'descr': '<f8', 'shape': (9e9, 3)}", "\0", ""])
def test_arrays_with_a_damaged_header_are_told(header, ask, tmp_path):
    text = header.encode() + b"\n"
    start = b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little")
    (tmp_path / "it.npy").write_bytes(start + text + bytes(48))
    code, _, told = ask("rows", "it.npy")
    assert code == 1
    assert "it.npy must be a NumPy array" in told and "Traceback" not in told


def test_an_array_that_is_larger_than_its_file_is_refused_before_it_is_made(ask, tmp_path):
    with zipfile.ZipFile(tmp_path / "it.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (900000000000, 3), }\n"
        start = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little")
        archive.writestr("a.npy", start + header + bytes(2**20))
    code, _, told = ask("rows", "it.npz")
    assert code == 1
    assert "half of the memory that is free" in told


def test_two_arrays_in_one_file_are_told(ask, tmp_path):
    np.savez(tmp_path / "it.npz", a=np.zeros((1, 3)), b=np.zeros((1, 3)))
    assert "must hold one array. Received: a, b" in ask("rows", "it.npz")[2]


# What is known of a network


def test_classes_are_named_where_they_have_names():
    assert [named(2, COLOURS), named(2, ()), named(3, COLOURS)] == ["2: blue", "2", "3"]


def test_no_more_classes_are_named_than_there_are(ask, tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS)
    code, _, told = ask("rows", "rows.csv", "--top", 4)
    assert code == 2
    assert "--top must be a whole number" in told


def test_the_card_that_lies_beside_a_network_is_read(shelf, tmp_path):
    folder = shelf / "saved_models" / "colours" / "1"
    card = card_beside(folder)
    assert card.class_names == COLOURS
    assert card_beside(folder / "saved_model.pb").class_names == COLOURS
    assert card_beside(tmp_path) is None
    (tmp_path / FILE).write_text("{}")
    with pytest.raises(StoreError, match="must be a network exported by this package"):
        card_beside(tmp_path)


@pytest.mark.parametrize(
    "shape, classes, data, digits",
    [
        ((28, 28), 10, {}, True),
        ((28, 28), 10, {"name": "mnist"}, True),
        ((28, 28), 10, {"name": "fashion_mnist"}, False),
        ((28, 28), 10, {"name": "mine", "class_names": ["shirt"] * 10}, False),
        ((28, 28), 26, {"name": "letters"}, False),
        ((28, 28, 3), 10, {"name": "mine"}, False),
        ((32, 32), 10, {"name": "mine"}, False),
    ],
)
def test_digits_are_known_by_their_form(shape, classes, data, digits):
    assert shows_digits(shape, classes, data) == digits


def test_a_card_says_what_a_network_is_asked_and_what_it_answers(shelf):
    pages = {
        name: as_markdown(name, Card.read(shelf / "saved_models" / name / "1"))
        for name in ("colours", "columns")
    }
    assert "| 1 | green |" in pages["colours"]
    assert "`image`, uint8 (n, 4, 6, 3), 0-255, to\n" in pages["colours"]
    assert "and `class`, int64 (n,)" in pages["colours"]
    assert "`predict` resizes pictures to it." in pages["colours"]
    assert "For rows in the form of the data it was trained on: 3." in pages["columns"]
    assert "of 3 rows" in pages["columns"]
    for word in ("digit", "ink", "28"):
        assert word not in "".join(pages.values()).replace("digest", "")
    figure = confusion_figure(Card.read(shelf / "saved_models" / "colours" / "1"))
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(COLOURS)
    assert axes.get_xlabel() == "class said"


def test_classes_are_listed_by_their_names(ask, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # wide enough wherever the package lies
    assert exports_main([]) == 0
    shown = capsys.readouterr().out
    assert "red, green, blue" in shown
    assert "lenet5_reg" in shown
