"""Data too large for memory are refused with the sizes, before they are read."""

import gzip
import re
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
import tiny
from test_forms import ARRAYS, idx_folder, pictures, refused, table

from keras_mnist.base.errors import DataError
from keras_mnist.data import as_dataset, find_data, memory, stream
from keras_mnist.data.idx import NAMES
from keras_mnist.runs import Store
from keras_mnist.runs.plan import make_plan
from keras_mnist.runs.run_all import Watcher, run_all

MOST = 100_000  # bytes that are free: the largest of the arrays fits into half of them, not all


@pytest.fixture
def little(monkeypatch):
    """So little memory that none of the forms fits, and no way to read more than its start."""
    monkeypatch.setattr(memory, "free_memory", lambda: MOST)

    def read(*_, **__):
        raise AssertionError("it was read")

    for module in ("npz", "idx"):
        monkeypatch.setattr(f"keras_mnist.data.{module}.read_exactly", _start_only)
    for place in ("keras_mnist.data.table.read_all", "h5py.Dataset.__getitem__"):
        monkeypatch.setattr(place, read)
    monkeypatch.setattr("PIL.Image.Image.convert", read)
    monkeypatch.setattr("scipy.io.loadmat", read)


def _start_only(stream_, size, *rest):
    assert size < 100, "more than a header was read"
    return stream.read_exactly(stream_, size, *rest)


def npz(folder):
    np.savez_compressed(folder / "own.npz", **ARRAYS)
    return folder / "own.npz"


def npy(folder):
    for name, array in ARRAYS.items():
        np.save(folder / f"{name}.npy", array)
    return folder


def hdf5(folder):
    h5py = pytest.importorskip("h5py")
    with h5py.File(folder / "own.h5", "w") as file:
        for name, array in ARRAYS.items():
            file.create_dataset(name, data=array, compression="gzip")
    return folder / "own.h5"


def matlab(folder):
    from scipy.io import savemat

    savemat(folder / "own.mat", {"X": ARRAYS["x_train"].astype("u2"), "y": ARRAYS["y_train"]})
    return folder / "own.mat"


def csv(folder):
    return table(folder / "own.csv", rows=[f"x,{i},{i / 7:.3f}" for i in range(2000)])


def packed_csv(folder):
    path = folder / "own.csv.gz"
    path.write_bytes(gzip.compress(csv(folder).read_bytes(), 0))
    return path


def parquet(folder):
    pyarrow = pytest.importorskip("pyarrow")
    written = pytest.importorskip("pyarrow.parquet")
    rows = {"label": ["x", "y"] * 2000, "a": [1.0] * 4000, "b": [2.0] * 4000}
    written.write_table(pyarrow.table(rows), folder / "own.parquet")
    assert (folder / "own.parquet").stat().st_size < MOST // 10, "one number, said once"
    return folder / "own.parquet"


def two_parts(folder):
    return pictures(pictures(folder, "train", 60), "test", 20)


FORMS = {
    "npz": (npz, "63 kB", "by its headers"),
    "npy": (npy, "63 kB", "by the headers of its files"),
    "IDX": (idx_folder, "63 kB", "by the headers of its files"),
    "HDF5": (hdf5, "63 kB", "by its headers"),
    "MATLAB": (matlab, "94 kB", "by its headers"),
    "CSV": (csv, "76 kB", "as text and as numbers"),
    "packed CSV": (packed_csv, "76 kB", "as text and as numbers"),
    "Parquet": (parquet, "96 kB", "by its metadata"),
    "pictures": (two_parts, "63 kB", "at 28 x 28, L"),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_does_not_fit_is_told_with_its_size_before_it_is_read(form, tmp_path, little):
    make, size, how = FORMS[form]
    text = refused(make(tmp_path), "at most 50,000 bytes, half of the memory that is free", how)
    told = int(re.search(r"Received: ([\d,]+) bytes", text)[1].replace(",", ""))
    assert round(told, -3) == int(size.split()[0]) * 1000, text
    assert "fewer or smaller examples" in text


def test_a_packed_table_is_read_no_further_than_there_is_room(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: MOST)
    path = tmp_path / "own.csv.gz"
    path.write_bytes(gzip.compress(b"label,a\n" + b"x,1\n" * 10**6))
    assert path.stat().st_size < MOST // 2
    read = []
    monkeypatch.setattr(stream, "require_room", lambda name, size, *by: read.append(size))
    refused(path, "as text and as numbers")
    assert max(read) <= MOST // 2 + 1


def test_the_workers_together_must_have_room(small, tmp_path, monkeypatch):
    each = 2 * sum(array.nbytes for array in (small.x_train, small.y_train, small.x_test))
    monkeypatch.setattr(memory, "free_memory", lambda: int(1.5 * each))
    plan = make_plan(tiny.wanted(tiny.STUDY, small), small, Store(tmp_path), jobs=2)
    with pytest.raises(DataError, match=r"small, as 2 workers need it.* Try --jobs 1\."):
        run_all(plan, Watcher())
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(memory, "free_memory", lambda: each // 2)
    with pytest.raises(DataError, match="fewer or smaller examples"):
        run_all(plan, Watcher())


def test_control_groups_limit_what_is_free(tmp_path):
    for place, most, used, cached in (
        ("", "max", 900, 0),
        ("user", "1000", 700, 50),
        ("user/own", "max", 300, 0),
        ("memory", "4000", 1000, 0),
    ):
        group = tmp_path / place
        group.mkdir(exist_ok=True)
        names = ("memory.max", "memory.current")
        if place == "memory":
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
        for name, value in zip(names, (most, used), strict=True):
            (group / name).write_text(f"{value}\n")
        (group / "memory.stat").write_text(f"anon 1\ninactive_file {cached}\nactive_file 5\n")
    own = tmp_path / "own"
    own.write_text("0::/user/own\n")
    assert list(memory._allowed(tmp_path, own)) == [350]
    own.write_text("12:cpu:/x\n9:memory:/elsewhere\n")
    assert list(memory._allowed(tmp_path, own)) == [3000]
    own.unlink()
    assert not list(memory._allowed(tmp_path, own))
    assert memory.free_memory() >= 2**28


def test_a_file_is_read_in_pieces_whatever_there_is_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 2**40)
    path = tmp_path / "own.csv"
    path.write_bytes(b"label,a\n")
    tracemalloc.start()
    try:
        assert stream.read_all(path) == b"label,a\n"
        assert tracemalloc.get_traced_memory()[1] < 2**25
    finally:
        tracemalloc.stop()


def test_memory_that_is_short_is_no_damage():
    with (
        pytest.raises(DataError, match=r"it must fit into the memory that is free\. Rec.*Take"),
        stream.whole("it", "a whole file"),
    ):
        raise MemoryError


def test_no_memory_error_comes_out_of_what_is_asked_in_python(monkeypatch, tmp_path):
    def short(*_, **__):
        raise MemoryError("Unable to allocate 4 EiB")

    monkeypatch.setattr("keras_mnist.data.dataset.read_labels", short)
    for ask in (lambda: find_data(npz(tmp_path)), lambda: as_dataset(tuple(ARRAYS.values()))):
        with pytest.raises(DataError, match=r"must fit into the memory that is free.* 4 EiB"):
            ask()


def test_of_two_idx_files_no_more_is_compared_than_their_headers_claim(tmp_path, monkeypatch):
    folder = idx_folder(tmp_path)
    images = (folder / NAMES["x_train"]).read_bytes() + bytes(2**24)
    for name in ("", ".gz"):
        packed = gzip.compress(gzip.compress(images, 1))
        (folder / f"{NAMES['x_train']}{name}").write_bytes(packed)
    unpacked = []

    class Counted(gzip.GzipFile):
        def readinto(self, buffer):
            unpacked.append(count := super().readinto(buffer))
            return count

    monkeypatch.setattr(gzip, "GzipFile", Counted)
    refused(folder, "must end after 47,040 bytes")
    assert sum(unpacked) < 2**22


# A few texts or bytes in a file that would be many in memory.

LONG = "z" * 2000
LABELS = ["x", "y"] * 60


def hdf5_of_texts(folder, labels):
    h5py = pytest.importorskip("h5py")
    with h5py.File(folder / "own.h5", "w") as file:
        file["x_train"] = np.zeros((len(labels), 3), "f4")
        file.create_dataset("y_train", data=labels, dtype=h5py.string_dtype())
    return folder / "own.h5"


def parquet_of_texts(folder, labels):
    pyarrow = pytest.importorskip("pyarrow")
    written = pytest.importorskip("pyarrow.parquet")
    rows = {"label": labels, "a": np.arange(len(labels)), "b": np.arange(len(labels)) / 2}
    written.write_table(pyarrow.table(rows), folder / "own.parquet")
    return folder / "own.parquet"


def csv_of_texts(folder, labels):
    return table(folder / "own.csv", rows=[f"{label},{i},2" for i, label in enumerate(labels)])


def arrays_of_texts(_, labels):
    x = np.zeros((len(labels), 3), "f4")
    return x, labels, x[:2], labels[1:3]


def series_of_texts(_, labels):
    pandas = pytest.importorskip("pandas")
    x, y, *test = arrays_of_texts(_, labels)
    return pandas.DataFrame(x), pandas.Series(y), *test


TEXTS = (csv_of_texts, hdf5_of_texts, parquet_of_texts, arrays_of_texts, series_of_texts)


@pytest.mark.parametrize("made", TEXTS)
def test_a_label_as_long_as_a_page_is_no_class(made, tmp_path):
    with pytest.raises(DataError, match=r"of at most 300 letters.* z{40}\.\.\., 2,000 letters"):
        as_dataset(data := made(tmp_path, [LONG, *LABELS]), **drawn(data))


@pytest.mark.parametrize("made", TEXTS)
def test_texts_are_counted_as_wide_as_the_longest(made, tmp_path, monkeypatch):
    found = as_dataset(data := made(tmp_path, ["z" * 300, *LABELS]), **drawn(data))
    assert {"x", "y", "z" * 300} == {*found.class_names}
    monkeypatch.setattr(memory, "free_memory", lambda: 2**17)
    with pytest.raises(DataError, match=r"145,200 bytes as texts of one width"):
        as_dataset(data, **drawn(data))


def drawn(data):
    return {} if isinstance(data, tuple) else {"test_split": 0.4}


def test_one_long_text_in_every_row_of_parquet_is_counted_as_often(tmp_path, monkeypatch):
    path = parquet_of_texts(tmp_path, [LONG] * 5000)
    assert path.stat().st_size < 2**17, "it lies there once"
    monkeypatch.setattr(memory, "free_memory", lambda: 2**21)
    refused(path, "of rows at least")


def test_a_text_in_every_row_of_hdf5_is_read_in_small_pieces(tmp_path, monkeypatch):
    path = hdf5_of_texts(tmp_path, LABELS)
    monkeypatch.setattr("keras_mnist.data.hdf5._PIECE", 3 * path.stat().st_size)
    monkeypatch.setattr("keras_mnist.data.hdf5.text_array", lambda texts, _: np.array(texts))
    looked = []
    monkeypatch.setattr("keras_mnist.data.hdf5.require_names", lambda some, _: looked.append(some))
    find_data(path, test_split=0.5)
    assert {len(some) for some in looked} == {3}


def test_rows_of_a_table_that_end_early_are_counted_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 2**24)
    path = tmp_path / "own.csv"
    path.write_text("\n\r\n" + ",".join(["label", *map(str, range(2000))]) + "\n" + "x\n" * 5000)
    monkeypatch.setattr("pandas.read_csv", lambda *_, **__: pytest.fail("it was read"))
    refused(path, "0.08 GB as 5,004 lines of 2,001 columns")


def test_no_more_of_a_matlab_file_is_unpacked_than_its_header_claims(tmp_path, monkeypatch):
    from scipy.io import savemat

    path = tmp_path / "own.mat"
    arrays = {"X": np.zeros((60, 4)), "other": np.zeros((1000, 4000)), "y": np.arange(60) % 3}
    savemat(path, arrays, do_compression=True)
    assert find_data(path, test_split=0.5).shape == (4,), "one that is not read may be large"
    content = path.read_bytes()
    bomb = zlib.decompress(content[136 : 136 + struct.unpack("<I", content[132:136])[0]])
    size = len(bomb) - 8 - 60 * 4 * 8
    bomb = bomb[: size + 4] + struct.pack("<I", 2**25) + bytes(2**25)
    packed = zlib.compress(bomb[:4] + struct.pack("<I", len(bomb) - 8) + bomb[8:])
    rest = content[136 + struct.unpack("<I", content[132:136])[0] :]
    path.write_bytes(content[:128] + struct.pack("<II", 15, len(packed)) + packed + rest)
    monkeypatch.setattr("scipy.io.loadmat", lambda *_, **__: pytest.fail("it was read"))
    refused(path, "must be as long as their headers say")
