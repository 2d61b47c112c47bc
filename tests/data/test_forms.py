"""Data in the forms people have it: read, or refused with what to do."""

import gzip
import io
import pickle
import struct
import zipfile

import numpy as np
import pytest
from PIL import Image

from keras_mnist.base import extras
from keras_mnist.base.errors import DataError, ExperimentError
from keras_mnist.data import Dataset, find_data
from keras_mnist.data.forms import FORMS
from keras_mnist.data.found import not_read
from keras_mnist.data.idx import NAMES
from keras_mnist.experiment import Experiment

RANDOM = np.random.default_rng(0)
ARRAYS = {
    "x_train": RANDOM.integers(0, 256, (60, 28, 28), np.uint8),
    "y_train": (np.arange(60) % 10).astype(np.uint8),
    "x_test": RANDOM.integers(0, 256, (20, 28, 28), np.uint8),
    "y_test": (np.arange(20) % 10).astype(np.uint8),
}
ARRAYS["y_train"] = RANDOM.permutation(ARRAYS["y_train"])
DIGEST = Dataset("a", **ARRAYS).digest
KINDS = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def idx(array, kind="u1"):
    header = struct.pack(f">HBB{array.ndim}I", 0, KINDS[kind], array.ndim, *array.shape)
    return header + array.astype(f">{kind}").tobytes()


def idx_folder(folder, rename=lambda name: name, wrap=lambda content: content, arrays=ARRAYS):
    for array, name in NAMES.items():
        path = folder / rename(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wrap(idx(arrays[array])))
    return folder


def refused(path, *words, kind=DataError, **how):
    with pytest.raises(kind) as caught:
        find_data(path, **how)
    text = str(caught.value)
    assert " must " in caught.value.requirement or "needs" in caught.value.requirement
    assert caught.value.received not in (None, "")
    for word in words:
        assert word in text, text
    return text


# IDX


@pytest.mark.parametrize(
    ("rename", "wrap"),
    [
        (lambda n: n.replace("-idx", ".idx"), bytes),
        (lambda n: n + ".gz", gzip.compress),
        (lambda n: n + ".GZ", gzip.compress),
        (lambda n: n + ".gz", bytes),
        (lambda n: n, gzip.compress),
        (lambda n: n + ".gz", lambda c: gzip.compress(gzip.compress(c))),
        (lambda n: f"MNIST/raw/{n}", bytes),
        (lambda n: "emnist-digits-" + n.replace("t10k", "test"), bytes),
        (lambda n: "qmnist-" + n.replace("t10k", "test") + ".gz", gzip.compress),
    ],
    ids=["dot", "gz", "GZ", "gz in name", "gz in bytes", "gz twice", "above", "emnist", "qmnist"],
)
def test_idx_by_other_names_and_wrappings(tmp_path, rename, wrap):
    found = find_data(idx_folder(tmp_path / "own", rename, wrap))
    assert (found.digest, found.name) == (DIGEST, "own")


def test_idx_beside_folders_of_the_same_names(tmp_path):
    folder = idx_folder(tmp_path, lambda n: n.replace("-idx", ".idx"))
    for array, name in NAMES.items():
        (folder / name).mkdir()
        (folder / name / name).write_bytes(idx(ARRAYS[array]))
    assert find_data(folder).digest == DIGEST


def test_idx_beside_what_it_was_unpacked_from(tmp_path):
    folder = idx_folder(tmp_path / "MNIST" / "raw")
    for array, name in NAMES.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(idx(ARRAYS[array])))
    assert find_data(tmp_path).digest == DIGEST
    other = idx(ARRAYS["y_train"][::-1])
    (folder / f"{NAMES['y_train']}.gz").write_bytes(gzip.compress(other))
    refused(folder, "must hold one y_train", NAMES["y_train"] + ".gz")


def test_idx_in_folders_that_an_unpacker_made(tmp_path):
    folder = idx_folder(tmp_path, lambda n: f"{n}/{n}")
    assert find_data(folder).digest == DIGEST


def test_one_idx_file_stands_for_those_beside_it(tmp_path):
    folder = idx_folder(tmp_path)
    assert find_data(folder / NAMES["y_test"]).digest == DIGEST
    others = ARRAYS | {"y_train": ARRAYS["y_train"][::-1].copy()}
    idx_folder(tmp_path, lambda n: f"emnist-digits-{n}", arrays=others)
    refused(folder, "must hold one x_test", "name one of them")
    assert find_data(folder / NAMES["y_test"]).digest == DIGEST
    named = find_data(folder / f"emnist-digits-{NAMES['x_train']}")
    np.testing.assert_array_equal(named.y_train, others["y_train"])


def test_qmnist_s_labels_are_the_first_of_eight_columns(tmp_path):
    folder = idx_folder(tmp_path)
    for array in ("y_train", "y_test"):
        columns = np.full((len(ARRAYS[array]), 8), 99)
        columns[:, 0] = ARRAYS[array]
        (folder / NAMES[array]).unlink()
        name = NAMES[array].replace("idx1-ubyte", "idx2-int").replace("t10k", "qmnist-test")
        (folder / f"{name}.gz").write_bytes(gzip.compress(idx(columns, "i4")))
    found = find_data(folder)
    assert found.digest == DIGEST
    assert "first of eight columns" in found.note


@pytest.mark.parametrize("kind", ["i2", "f4", "f8"])
def test_idx_of_other_numbers(tmp_path, kind):
    folder = idx_folder(tmp_path)
    for array in ("x_train", "x_test"):
        (folder / NAMES[array]).write_bytes(idx(ARRAYS[array], kind))
    found = find_data(folder)
    np.testing.assert_array_equal(found.x_train, ARRAYS["x_train"])
    assert found.values == ("levels" if kind == "i2" else "numbers")


def test_idx_of_letters_are_classes_of_their_own(tmp_path):
    letters = {"y_train": ARRAYS["y_train"] + 1, "y_test": ARRAYS["y_test"] + 1}
    found = find_data(idx_folder(tmp_path, arrays=ARRAYS | letters))
    assert found.class_names == tuple(map(str, range(1, 11)))
    assert "10 classes named by their labels, 1, 2, 3, 4, 5, ..." in found.note


def test_damaged_idx_says_how(tmp_path):
    page = idx_folder(tmp_path / "page", wrap=lambda c: b"<!DOCTYPE html><html>404</html>")
    refused(page, "a web page")
    ftp = idx_folder(tmp_path / "ftp", wrap=lambda c: c.replace(b"\n", b"\r\n"))
    refused(ftp, "line end", "binary mode")
    twice = idx_folder(tmp_path / "twice")
    (twice / "emnist-letters-train-images-idx3-ubyte").write_bytes(idx(ARRAYS["x_train"]))
    refused(twice, "must hold one x_train", "emnist-letters", "a folder of their own")
    lacking = idx_folder(tmp_path / "lacking")
    (lacking / NAMES["x_test"]).unlink()
    refused(lacking, NAMES["x_test"], NAMES["y_test"])


# NumPy


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("xTrain", "yTrain", "xTest", "yTest"),
        ("training/features", "training/target", "test/features", "test/target"),
    ],
)
def test_npz_with_names_that_are_clear(tmp_path, names):
    arrays = dict(zip(names, ARRAYS.values(), strict=True))
    np.savez_compressed(tmp_path / "own.npz", **{n.replace("/", "-"): a for n, a in arrays.items()})
    assert find_data(tmp_path / "own.npz").digest == DIGEST
    assert find_data(tmp_path).digest == DIGEST  # the folder that holds it


def test_npz_with_names_that_are_not_says_what_lies_there(tmp_path):
    np.savez(tmp_path / "own.npz", *ARRAYS.values())
    refused(tmp_path / "own.npz", "arr_0, arr_1, arr_2, arr_3", "np.savez")
    np.savez(tmp_path / "two.npz", x_train=ARRAYS["x_train"], images=ARRAYS["x_train"])
    refused(tmp_path / "two.npz", "must hold one x_train", "x_train and images")


def test_npz_s_other_arrays_are_left_out_and_named(tmp_path):
    np.savez(tmp_path / "own.npz", **ARRAYS, x_val=np.zeros(3), about=np.zeros(2))
    found = find_data(tmp_path / "own.npz")
    assert found.digest == DIGEST
    assert "not read: x_val, about" in found.note


@pytest.mark.parametrize("name", ["own.npz.gz", "own.npz", "own.csv", "own.h5", "own"])
@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
def test_npz_by_what_its_bytes_are(tmp_path, name, wrap):
    stream = io.BytesIO()
    np.savez(stream, **ARRAYS)
    (tmp_path / name).write_bytes(wrap(stream.getvalue()))
    found = find_data(tmp_path / name)
    assert (found.digest, found.name) == (DIGEST, "own")


def test_a_folder_with_one_npz_among_others(tmp_path):
    np.savez(tmp_path / "train_data.npz", **ARRAYS)
    assert find_data(tmp_path).digest == DIGEST
    np.save(tmp_path / "images.npy", ARRAYS["x_test"])
    found = find_data(tmp_path)
    assert found.digest == DIGEST and "not read: images.npy" in found.note


def test_npz_that_is_none_says_what_it_is(tmp_path):
    whole = io.BytesIO()
    np.savez(whole, **ARRAYS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("train.csv", "label,a")
    one = io.BytesIO()
    np.save(one, ARRAYS["x_train"])
    for content, *said in (
        (whole.getvalue()[:9000], "cut off", "anew"),
        (packed.getvalue(), "train.csv", "Unpack it"),
        (one.getvalue(), "one array", ".npy"),
        (b"<!DOCTYPE html>", "a web page", "anew"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS", "git lfs pull"),
        (b"label,a\n1,2\n", "begins with b'label,a", "a table .csv"),
        (b"", "empty"),
    ):
        (tmp_path / "own.npz").write_bytes(content)
        assert "not a zip file" not in refused(tmp_path / "own.npz", *said)


def test_kuzushiji_s_four_files_of_one_array(tmp_path):
    names = {"x": "imgs", "y": "labels"}
    for array, content in ARRAYS.items():
        role, part = array.split("_")
        np.savez_compressed(tmp_path / f"kmnist-{part}-{names[role]}.npz", content)
    assert find_data(tmp_path).digest == DIGEST
    np.savez(tmp_path / "kmnist-test-imgs.npz", a=ARRAYS["x_test"], b=ARRAYS["x_test"])
    refused(tmp_path, "must hold one array")


def test_npy_files_named_for_what_they_hold(tmp_path):
    for array, content in ARRAYS.items():
        np.save(tmp_path / f"{array}.npy", content)
    assert find_data(tmp_path).digest == DIGEST
    assert find_data(tmp_path / "x_train.npy").digest == DIGEST
    alone = tmp_path / "alone"
    alone.mkdir()
    np.save(alone / "images.npy", ARRAYS["x_train"])
    refused(alone / "images.npy", "images.npy: no y_train", "x_train.npy, y_train.npy")


def test_texts_in_an_array_are_read_as_such(tmp_path):
    words = np.array(["no", "yes"])
    labels = {n: words[ARRAYS[n] % 2] for n in ("y_train", "y_test")}
    np.savez(tmp_path / "own.npz", **ARRAYS | labels)
    assert find_data(tmp_path / "own.npz").class_names == ("no", "yes")
    broken = labels["y_train"].copy()
    broken.view(np.uint32)[0] = 0xD800
    np.savez(tmp_path / "own.npz", **ARRAYS | labels | {"y_train": broken})
    refused(tmp_path / "own.npz", "y_train", "<U3")


# Tables


def table(path, header="label,a,b", rows=None, classes=("x", "y"), lines="\n"):
    rows = rows or [f"{classes[i % 2]},{i},{i / 7:.3f}" for i in range(40)]
    path.write_text(lines.join([header, *rows] if header else rows) + lines)
    return path


def test_a_table_of_text(tmp_path):
    found = find_data(table(tmp_path / "own.csv"), test_split=0.25)
    assert (found.name, found.shape, found.values) == ("own", (2,), "numbers")
    assert found.class_names == ("x", "y")
    assert (len(found.x_train), len(found.x_test)) == (30, 10)
    assert np.bincount(found.y_test).tolist() == [5, 5]
    rows = np.concatenate([found.x_train, found.x_test])
    assert sorted(rows[:, 0]) == list(range(40))
    assert np.allclose(rows[:, 1], np.round(rows[:, 0] / 7, 3), atol=1e-6)
    labels = np.concatenate([found.y_train, found.y_test])
    assert (labels == rows[:, 0] % 2).all()
    assert "classes: column label" in found.note
    assert found.columns == ("a", "b")


@pytest.mark.parametrize(
    "change",
    [
        {"header": "label;a;b", "rows": [f"{'xy'[i % 2]};{i};{i / 7:.3f}" for i in range(40)]},
        {"header": "label\ta\tb", "rows": [f"{'xy'[i % 2]}\t{i}\t{i / 7:.3f}" for i in range(40)]},
        {"header": "\ufefflabel,a,b"},
        {"lines": "\r\n"},
        {
            "header": ",label,a,b",
            "rows": [f"{i},{'xy'[i % 2]},{i},{i / 7:.3f}" for i in range(40)],
        },
    ],
    ids=["semicolons", "tabs", "mark", "CRLF", "row numbers"],
)
def test_tables_as_programs_write_them(tmp_path, change):
    expected = find_data(table(tmp_path / "own.csv"), test_split=0.25).digest
    assert find_data(table(tmp_path / "other.csv", **change), test_split=0.25).digest == expected
    content = (tmp_path / "other.csv").read_bytes()
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(content))
    packed = find_data(tmp_path / "packed.csv.gz", test_split=0.25)
    assert (packed.digest, packed.name, packed.columns) == (expected, "packed", ("a", "b"))


def test_the_classes_column_is_named_or_clear(tmp_path):
    plain = table(tmp_path / "own.csv", "a,kind,b", [f"{i},{'xy'[i % 2]},{i}" for i in range(40)])
    refused(plain, "which of its columns", "a, kind, b", "--target COLUMN", test_split=0.2)
    assert find_data(plain, "kind", 0.2).class_names == ("x", "y")
    refused(plain, "--target must be a column", "Did you mean kind", target="knd", test_split=0.2)
    bare = table(tmp_path / "bare.csv", "", [f"{i},{i % 2},{i}" for i in range(40)])
    assert find_data(bare, "1", 0.2).classes == 2
    assert len(find_data(bare, "1", 0.2).x_train) == 32, "the first line is a row, too"
    assert find_data(bare, "1", 0.2).columns == ("0", "2")
    named = table(tmp_path / "named.csv", "", [f"{i / 2},{'xy'[i % 2]}" for i in range(40)])
    assert len(find_data(named, "1", 0.2).x_train) == 32, "its text comes again"
    pandas_s = table(tmp_path / "pandas.csv", "0,1,2", [f"{i},{i % 2},{i}" for i in range(40)])
    assert len(find_data(pandas_s, "1", 0.2).x_train) == 32, "these are names"
    years = table(
        tmp_path / "years.csv", "2019,2020,of", [f"1,{i},{'xy'[i % 2]}" for i in range(40)]
    )
    assert find_data(years, "of", 0.2).columns == ("2019", "2020")


def test_tables_that_hold_no_numbers(tmp_path):
    texts = table(tmp_path / "a.csv", rows=["x,1,red", "y,2,blue"] * 9)
    refused(texts, "texts in b", "get_dummies", test_split=0.2)
    for text, said in (('"1,5"', "decimal="), ('"12,000"', "thousands="), ("2020-01-31", "dates")):
        texts = table(tmp_path / "near.csv", rows=[f"x,1,{text}", f"y,2,{text}"] * 9)
        refused(texts, "texts in b", said, test_split=0.2)
    holes = table(tmp_path / "b.csv", rows=["x,1,3", "y,,3"] * 9)
    refused(holes, "9 of 18 rows without, in a", "dropna", test_split=0.2)
    unnamed = table(tmp_path / "c.csv", rows=["x,1,3", ",2,3"] * 9)
    refused(unnamed, "9 of 18 without one", test_split=0.2)
    quantities = table(tmp_path / "d.csv", rows=[f"{i / 7},1,3" for i in range(9)])
    refused(quantities, "such as 0.", "np.digitize", test_split=0.2)
    (tmp_path / "e.csv").write_bytes(b"")
    refused(tmp_path / "e.csv", "a whole CSV file", "an empty")
    (tmp_path / "f.csv").write_bytes(b"label,a\n\xff\xfe\x00,1\n")
    refused(tmp_path / "f.csv", "UTF-8")
    only = table(tmp_path / "g.csv", "label", ["x", "y"])
    refused(only, "columns beside the classes")


def test_kaggle_s_digits_are_images(tmp_path):
    header = "label," + ",".join(f"pixel{i}" for i in range(784))
    lines = [
        f"{y}," + ",".join(map(str, x.ravel()))
        for y, x in zip(ARRAYS["y_train"], ARRAYS["x_train"], strict=True)
    ]
    path = table(tmp_path / "train.csv", header, lines)
    refused(path, "--test-split 0.2")
    found = find_data(path, test_split=0.2)
    assert (found.shape, found.values, found.classes) == ((28, 28), "levels", 10)
    assert not found.columns, "they are pixels"
    bare = find_data(table(tmp_path / "bare.csv", "", lines), "0", 0.2)
    assert (bare.shape, bare.digest) == (found.shape, found.digest), "784 bytes without names"
    images = {x.tobytes(): y for x, y in zip(ARRAYS["x_train"], ARRAYS["y_train"], strict=True)}
    for x, y in zip(found.x_train, found.y_train, strict=True):
        assert images[x.tobytes()] == y
    assert "784 columns of pixels taken as images of 28 x 28" in found.note


def test_tables_of_a_folder_are_the_parts(tmp_path):
    table(tmp_path / "train.csv")
    table(tmp_path / "test.csv", rows=[f"{'xy'[i % 2]},{i},0.5" for i in range(10)])
    found = find_data(tmp_path)
    assert (len(found.x_train), len(found.x_test)) == (40, 10)
    refused(tmp_path, "no test part", test_split=0.2)
    table(tmp_path / "test.csv", "b, label ,a", [f"0.5,{'xy'[i % 2]},{i}" for i in range(10)])
    assert find_data(tmp_path).digest == found.digest, "columns have names"
    table(tmp_path / "test.csv", "label,a,c")
    refused(tmp_path, "must have the same columns", "b in one of them, c in another")
    (tmp_path / "test.csv").write_text("a,b\n1,2\n")  # as Kaggle gives it
    refused(tmp_path, "test.csv", "which of its columns", "--test-split 0.2")
    refused(tmp_path, "--target must be a column", "can test nothing", target="label")


def test_parquet_is_read_where_its_package_is(tmp_path):
    (tmp_path / "own.parquet").write_bytes(b"PAR1" + bytes(20) + b"PAR1")
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        text = refused(tmp_path / "own.parquet", kind=ExperimentError)
        assert extras.remedy("parquet", "pyarrow") in text
        return
    refused(tmp_path / "own.parquet", "a whole Parquet file")
    rows = {"label": ["x", "y"] * 20, "a": list(range(40)), "b": [i / 7 for i in range(40)]}
    parquet.write_table(pyarrow.table(rows), tmp_path / "own.parquet")
    found = find_data(tmp_path / "own.parquet", test_split=0.25)
    assert (found.class_names, found.shape, len(found.x_test)) == (("x", "y"), (2,), 10)
    content = (tmp_path / "own.parquet").read_bytes()
    required = b"%\x02\x18\x01b"  # of column b, whose levels are then others than are counted
    assert content.count(required) == 1
    (tmp_path / "bad.parquet").write_bytes(content.replace(required, b"%\x06\x18\x01b"))
    refused(tmp_path / "bad.parquet", "a whole Parquet file", test_split=0.25)
    hub = tmp_path / "hub"
    hub.mkdir()
    for part in ("train", "test"):
        cells = [{"bytes": png(x), "path": None} for x in ARRAYS[f"x_{part}"]]
        labels = ARRAYS[f"y_{part}"].astype("i8")
        content = pyarrow.table({"image": cells, "label": labels})
        parquet.write_table(content, hub / f"{part}-00000-of-00001.parquet")
    assert find_data(hub).digest == DIGEST


# Pictures


def png(array):
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, "PNG")
    return stream.getvalue()


def test_pictures_in_parquet_have_each_their_class(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    drawn = [{"bytes": png(x)} for x in ARRAYS["x_train"][:4]]
    called = pyarrow.array([b"\x8e"] * 4, "binary").view("string")
    fields = pyarrow.array([one["bytes"] for one in drawn]), called
    kinds = {
        "must be a whole Parquet file": (
            pyarrow.StructArray.from_arrays(fields, ["bytes", "path"]),
            [0, 1, 0, 1],
        ),
        "must name a class in every row": (drawn, [0, 1, None, 1]),
        "must be a whole image": ([*drawn[:3], None], [0, 1, 0, 1]),
    }
    for said, (images, labels) in kinds.items():
        parquet.write_table(
            pyarrow.table({"image": images, "label": labels}), tmp_path / "a.parquet"
        )
        refused(tmp_path / "a.parquet", said, test_split=0.5)


def pictures(folder, part, n=30, colour=lambda x: x, names="0123456789"):
    for i, (x, y) in enumerate(zip(ARRAYS["x_train"][:n], ARRAYS["y_train"], strict=False)):
        path = folder / part / names[y] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(colour(x)))
    return folder


def test_pictures_in_a_folder_for_each_class(tmp_path):
    pictures(pictures(tmp_path, "train", 60), "test", 20)
    found = find_data(tmp_path)
    assert (found.shape, found.classes, found.class_names) == ((28, 28), 10, ())
    assert (len(found.x_train), len(found.x_test)) == (60, 20)
    known = {x.tobytes(): y for x, y in zip(ARRAYS["x_train"], ARRAYS["y_train"], strict=True)}
    assert all(known[x.tobytes()] == y for x, y in zip(found.x_train, found.y_train, strict=True))
    assert find_data(tmp_path).digest == found.digest
    assert Experiment().on(found).data.classes == 10, "their order is no reason to refuse"


def test_what_lies_beside_pictures_is_named(tmp_path):
    folder = pictures(pictures(tmp_path, "train", 60), "test", 20)
    first, second = sorted((folder / "train" / "3").iterdir())[:2]
    first.rename(first.with_suffix(".heic"))
    second.rename(second.with_suffix(".jfif"))
    (folder / "train" / "3" / "Thumbs.db").touch()
    (folder / "train" / "fish").mkdir()
    found = find_data(folder)
    assert len(found.x_train) == 59
    assert f"not read: train/3/{first.stem}.heic, train/fish" in found.note


def test_pictures_with_no_test_part_and_names(tmp_path):
    folder = pictures(tmp_path, ".", 60, names="abcdefghij")
    refused(folder, "--test-split 0.2")
    found = find_data(folder, test_split=0.2)
    assert found.class_names == tuple("abcdefghij")
    assert len(found.x_test) == 12


def test_pictures_in_colours(tmp_path):
    folder = pictures(tmp_path, "train", 20, lambda x: np.stack([x, 255 - x, x], -1))
    pictures(folder, "test", 20)
    found = find_data(folder)
    assert found.shape == (28, 28, 3)
    assert "pictures of modes RGB, L taken as RGB" in found.note


def test_a_picture_that_is_a_program_is_not_read(tmp_path, monkeypatch):
    """Pillow reads PostScript by starting a program, whatever a file is called."""
    from PIL import EpsImagePlugin

    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *told: started.append(told))
    head = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n%%EndComments\n"
    for name in "01":
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_bytes(head)
    refused(tmp_path, "must be a whole image")
    assert started == []


def test_pictures_that_cannot_be_stacked(tmp_path):
    folder = pictures(tmp_path / "sizes", "train", 12)
    odd = folder / "train" / "7" / "odd.png"
    odd.parent.mkdir(exist_ok=True)
    odd.write_bytes(png(np.zeros((30, 28), np.uint8)))
    refused(folder, "one size", "28 x 28 (12), 28 x 30 (1)", "ImageOps.pad", test_split=0.2)
    odd.write_bytes(b"no picture")
    refused(folder, str(odd), "a whole image", test_split=0.2)
    odd.write_bytes(png(np.zeros((28, 28), np.uint16)))
    refused(folder, str(odd), "8 bits a channel", test_split=0.2)


# Containers


def test_hdf5(tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "own.h5", "w") as file:
        for name, array in ARRAYS.items():
            role, part = name.split("_")
            file.create_dataset(f"{part}/{role}", data=array, compression="gzip")
        file["about"] = "a text"
    found = find_data(tmp_path / "own.h5")
    assert (found.digest, found.name) == (DIGEST, "own")
    with h5py.File(tmp_path / "words.h5", "w") as file:
        file["x_train"], file["y_train"] = ARRAYS["x_train"], [f"d{y}" for y in ARRAYS["y_train"]]
    assert find_data(tmp_path / "words.h5", test_split=0.2).class_names[0] == "d0"
    with h5py.File(tmp_path / "link.h5", "w") as file:
        file["x_train"] = h5py.ExternalLink(str(tmp_path / "own.h5"), "/train/x")
        file["y_train"] = ARRAYS["y_train"]
    refused(tmp_path / "link.h5", "y_train: no x_train")
    (tmp_path / "own.h5").write_bytes((tmp_path / "own.h5").read_bytes()[:900])
    refused(tmp_path / "own.h5", "a whole HDF5 file")


def test_hdf5_claims_are_checked_before_memory_is_taken(tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file.create_dataset("x_train", (10**10, 28, 28), "u1", chunks=(1, 28, 28))
        file["y_train"] = ARRAYS["y_train"]
    refused(tmp_path / "own.h5", "7,840.00 GB", "half of the memory that is free")


@pytest.mark.parametrize("along", ["columns", "rows", "last axis"])
def test_matlab(tmp_path, along):
    from scipy.io import savemat

    x, y = ARRAYS["x_train"], ARRAYS["y_train"].astype(float)
    stored = {
        "columns": {"data": x.reshape(60, 784).T, "label": y[None]},
        "rows": {"X": x.reshape(60, 784), "y": y[:, None]},
        "last axis": {"X": np.moveaxis(x, 0, -1), "y": y[:, None]},
    }[along]
    savemat(tmp_path / "own.mat", stored | {"about": "digits"})
    found = find_data(tmp_path / "own.mat", test_split=0.2)
    assert (found.shape, found.classes, len(found.x_test)) == ((28, 28), 10, 12)
    known = {x.tobytes(): y for x, y in zip(ARRAYS["x_train"], ARRAYS["y_train"], strict=True)}
    assert all(known[x.tobytes()] == y for x, y in zip(found.x_train, found.y_train, strict=True))
    (tmp_path / "own.mat").write_bytes((tmp_path / "own.mat").read_bytes()[:200])
    refused(tmp_path / "own.mat", "own.mat must")


# What is refused


class Touch:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return type(self.path).touch, (self.path,)


@pytest.mark.parametrize("name", ["own.pkl", "own.pkl.gz", "own.pt", "own.dat", "own.npy"])
def test_pickles_are_never_read(tmp_path, name):
    marker = tmp_path / "executed"
    content = pickle.dumps(Touch(marker), protocol=2)
    if name == "own.npy":
        np.save(tmp_path / name, np.array([Touch(marker)], object))
        np.save(tmp_path / "labels.npy", ARRAYS["y_train"])
        (tmp_path / "own.npy").rename(tmp_path / "images.npy")
        refused(tmp_path, "Python objects", "astype")
    else:
        (tmp_path / name).write_bytes(gzip.compress(content) if ".gz" in name else content)
        refused(tmp_path / name, "a pickle", "np.savez")
    assert not marker.exists()


def test_files_of_no_form(tmp_path):
    for name, content, said in (
        ("a.txt", b"hello", "begins with b'hello'"),
        ("a.bin", b"<html>404", "a web page"),
        ("b.bin", b"", "an empty or damaged file"),
        ("c.tar", b"a" * 257 + b"ustar", "Unpack it"),
        ("d.jsonl", b'{"label": 1}', "np.savez"),
    ):
        (tmp_path / name).write_bytes(content)
        text = refused(tmp_path / name, said)
        assert all(form.name in text for form in FORMS)
    refused("cifar-10", "must exist", "Did you mean cifar10")
    refused("https://example.org/mine.npz", "https://example.org/mine.npz. Fetch it first")


def test_folders_of_no_one_data_set(tmp_path):
    refused(tmp_path, "an empty folder")
    (tmp_path / "notes.md").write_text("nothing")
    refused(tmp_path, "must hold data", "notes.md", NAMES["x_train"])
    for name in ("a.npz", "b.npz"):
        np.savez(tmp_path / name, **ARRAYS)
    refused(tmp_path, "must hold one data set", "a.npz, b.npz", "--data")
    (tmp_path / "a.npz").unlink()
    assert find_data(tmp_path).digest == DIGEST


def test_a_test_part_is_drawn_only_where_there_is_none(tmp_path):
    np.savez(tmp_path / "own.npz", **ARRAYS)
    refused(tmp_path / "own.npz", "no test part", "which has one", test_split=0.2)
    train = {name: ARRAYS[name] for name in ("x_train", "y_train")}
    np.savez(tmp_path / "train.npz", **train)
    refused(tmp_path / "train.npz", "must hold a test part", "--test-split 0.2")
    found = find_data(tmp_path / "train.npz", test_split=0.2)
    assert found.identity["test_split"] == {"share": 0.2, "seed": 0}
    # Of six of each class, one test example or two: twelve in all.
    assert set(np.bincount(found.y_test, minlength=10)) <= {1, 2}
    assert find_data(tmp_path / "train.npz", test_split=0.2).digest == found.digest
    assert find_data(tmp_path / "train.npz", test_split=0.3).digest != found.digest
    for share in (0, 1, -0.1, float("nan")):
        with pytest.raises(ExperimentError, match="--test-split must be a number"):
            find_data(tmp_path / "train.npz", test_split=share)
    refused(tmp_path / "train.npz", "at least one example", test_split=0.001)
    refused("digits", "--test-split must go with a file", test_split=0.2)
    refused("digits", "--target must go with a file", target="label")
    refused(tmp_path / "train.npz", "--target must go with a table", target="label")


def test_what_lies_beside_is_named_and_not_at_any_length():
    assert not_read([]) == [] and not_read(["a", "b"]) == ["not read: a, b"]
    (line,) = not_read("x" * 60_000 for _ in range(100))
    assert len(line) < 300 and line.endswith(", ...")
