import contextlib
import gzip
import hashlib
import http.client
import io
import os
import struct
import tracemalloc
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from keras_mnist import Experiment, Study, run_study
from keras_mnist.base.errors import DataError
from keras_mnist.data import find_data, mnist
from keras_mnist.data.idx import read_idx
from keras_mnist.data.own import read

IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
# Of the original distribution's files, uncompressed.
ORIGINAL_MD5 = {
    "x_train": "6bbc9ace898e44ae57da46a324031adb",
    "y_train": "a25bea736e30d166cdddb491f175f624",
    "x_test": "2646ac647ad5339dbf082846283269ea",
    "y_test": "27ae3e4e09519cfbb04c329615203637",
}
FUZZ = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def small(n=3, m=2):
    rng = np.random.default_rng(0)
    return {
        "x_train": rng.integers(0, 256, (n, 28, 28), np.uint8),
        "y_train": np.arange(n, dtype=np.uint8) % 10,
        "x_test": rng.integers(0, 256, (m, 28, 28), np.uint8),
        "y_test": np.arange(m, dtype=np.uint8) % 10,
    }


def npz(path, **replaced):
    np.savez_compressed(path, **small() | replaced)
    return path


def npz_bytes(arrays=None):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays or small())
    return buffer.getvalue()


def npy_bytes(header, body=b""):
    header = header.encode("latin1")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


def npy_header(shape, descr="'|u1'"):
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"


def zipped(path, x_train, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("x_train.npy", x_train)
        for name in ("y_train", "x_test", "y_test"):
            buffer = io.BytesIO()
            np.save(buffer, small()[name])
            archive.writestr(f"{name}.npy", buffer.getvalue())
    return path


def idx_header(*shape, zeros=0, kind=8):
    return struct.pack(f">HBB{len(shape)}I", zeros, kind, len(shape), *shape)


def idx(array):
    return idx_header(*array.shape) + array.tobytes()


def idx_folder(folder, arrays, compressed, names=IDX_NAMES):
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        content = gzip.compress(idx(array)) if compressed else idx(array)
        (folder / (names[name] + ".gz" * compressed)).write_bytes(content)
    return folder


def refusal(call, path, *words):
    """The message must name the file, what is required and what was received."""
    with pytest.raises(DataError) as caught:
        call()
    error, text = caught.value, str(caught.value)
    assert str(path) in text
    assert " must " in error.requirement
    assert str(error.received).strip() not in ("", "None")
    assert f"Received: {error.received}" in text
    for word in words:
        assert word in text
    return text


@contextlib.contextmanager
def memory_at_most(megabytes):
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 2**20
    finally:
        tracemalloc.stop()


def same(found, arrays):
    for name, array in arrays.items():
        np.testing.assert_array_equal(getattr(found, name), array)
        assert getattr(found, name).dtype == np.uint8


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """No variable, an empty cache, no network; returns the cache's folder."""

    def cut_off(*_, **__):
        raise urllib.error.URLError("the network is cut off")

    monkeypatch.delenv("KERAS_MNIST_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(urllib.request, "urlopen", cut_off)
    return tmp_path / "keras" / "datasets"


def answering(content):
    return lambda *_, **__: io.BytesIO(content)


# .npz files


def test_npz_round_trip(tmp_path):
    found = find_data(str(npz(tmp_path / "a.npz")))
    same(found, small())


def test_npz_fortran_order(tmp_path):
    x = np.asfortranarray(small()["x_train"])
    assert not x.flags.c_contiguous
    found = find_data(str(npz(tmp_path / "a.npz", x_train=x)))
    same(found, small())
    assert found.digest == find_data(str(npz(tmp_path / "b.npz"))).digest


def test_npz_labels_of_other_integer_types_become_uint8(tmp_path):
    same(find_data(str(npz(tmp_path / "a.npz", y_test=np.array([0, 1], ">i8")))), small())


def test_missing(tmp_path):
    path = tmp_path / "none.npz"
    refusal(lambda: find_data(str(path)), path, "must exist")


def test_a_pipe_is_no_data_and_is_not_waited_for(tmp_path):
    path = tmp_path / "pipe.npz"
    os.mkfifo(path)
    refusal(lambda: find_data(str(path)), path, "regular file")


def test_a_name_too_long_for_a_file():
    name = "x" * 5000
    refusal(lambda: find_data(name), name)


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", npz_bytes()[:-30], npz_bytes()[:200]],
    ids=["empty", "foreign", "end cut", "most cut"],
)
def test_npz_empty_foreign_or_truncated(tmp_path, content):
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    refusal(lambda: find_data(str(path)), path, "whole .npz file")


def test_npz_inner_file_truncated(tmp_path):
    array = npy_bytes(npy_header("(3, 28, 28)"), bytes(2000))
    path = zipped(tmp_path / "a.npz", array)
    refusal(lambda: find_data(str(path)), path, "x_train", "2,352 bytes", "2,000 bytes")


def test_npz_inner_file_too_long(tmp_path):
    array = npy_bytes(npy_header("(3, 28, 28)"), bytes(2400))
    path = zipped(tmp_path / "a.npz", array)
    refusal(lambda: find_data(str(path)), path, "x_train", "2,352 bytes", "more bytes")


def test_npz_keys(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, pictures=np.zeros(3), x_train=np.zeros(3))
    refusal(lambda: find_data(str(path)), path, "x_train, y_train, x_test, y_test", "pictures")
    np.savez(path)
    refusal(lambda: find_data(str(path)), path, "none")


@pytest.mark.parametrize(
    ("name", "array", "word"),
    [
        ("x_test", np.zeros((2, 27, 28), np.uint8), "(27, 28)"),
        ("x_test", np.zeros((2, 28, 28, 1), np.uint8), "(28, 28, 1)"),
        ("x_train", np.zeros((0, 28, 28), np.uint8), "(0, 28, 28)"),
        ("x_train", np.zeros((), np.uint8), "()"),
        ("x_train", np.zeros((3, 28, 28), np.float32), "float32"),
        ("x_train", np.zeros((3, 28, 28), np.complex64), "complex64"),
        ("x_test", np.zeros((2, 28, 28), bool), "bool"),
        ("y_train", np.zeros(4, np.uint8), "(4,)"),
        ("y_train", np.zeros((3, 10), np.uint8), "(3, 10)"),
        ("y_train", np.array([0.0, 0.5, 1.0]), "such as 0.5"),
        ("y_train", np.array([0.0, np.nan, 1.0]), "such as nan"),
        ("y_test", np.array([1j, 2]), "complex128"),
    ],
)
def test_npz_shapes_dtypes_and_labels(tmp_path, name, array, word):
    path = npz(tmp_path / "a.npz", **{name: array})
    refusal(lambda: find_data(str(path)), path, name, word)


class Touch:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_npz_objects_are_not_unpickled(tmp_path):
    marker = tmp_path / "executed"
    path = npz(tmp_path / "a.npz", x_train=np.array([Touch(marker)], object))
    refusal(lambda: find_data(str(path)), path, "x_train", "Python objects")
    assert not marker.exists()


@pytest.mark.parametrize("dtype", ["'|u1'", "'<f8'"], ids=["uint8", "float64"])
def test_npz_header_claims_terabytes(tmp_path, dtype):
    array = npy_bytes(npy_header(f"({10**12}, 28, 28)", dtype), bytes(784))
    path = zipped(tmp_path / "a.npz", array)
    with memory_at_most(4):
        refusal(lambda: find_data(str(path)), path, "x_train", "by its header")


@pytest.mark.parametrize(
    ("header", "body"),
    [
        pytest.param(npy_header("(-1, 28, 28)"), 784, id="negative"),
        pytest.param(npy_header("(-1, -28, 28)"), 784, id="negative twice"),
        pytest.param(npy_header("(True, 28, 28)"), 784, id="boolean"),
        pytest.param(npy_header(f"(0, {2**62}, {2**62})"), 0, id="nothing, hugely"),
        pytest.param(npy_header("(1, 28, 28" + ", 1" * 70 + ")"), 784, id="73 dimensions"),
        pytest.param(npy_header("(1, 28, 28)", "'|V0'"), 0, id="items of no size"),
        pytest.param(npy_header("(1,)", "('|u1', (28, 28))"), 784, id="items of 28 x 28"),
        pytest.param(npy_header("(1,)", "('|u1',)"), 1, id="half a dtype"),
        pytest.param(npy_header("(1, 28, 28)", "'nonsense'"), 784, id="no dtype"),
        pytest.param("{'descr': (", 784, id="open bracket"),
        pytest.param("{'descr': '''x", 784, id="open string"),
        pytest.param("-" * 9000 + "1", 784, id="deep"),
        pytest.param("1", 784, id="number"),
        pytest.param("", 784, id="empty"),
    ],
)
def test_npz_dishonest_headers(tmp_path, header, body):
    path = zipped(tmp_path / "a.npz", npy_bytes(header, bytes(body)))
    refusal(lambda: find_data(str(path)), path, "x_train")


def test_npz_negative_size_opens_no_bomb(tmp_path):
    bomb = npy_bytes(npy_header("(-1, 28, 28)"), bytes(2**25))
    path = zipped(tmp_path / "a.npz", bomb, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 2**16
    with memory_at_most(16):
        refusal(lambda: find_data(str(path)), path, "x_train")


def test_npz_bomb_behind_an_honest_header(tmp_path):
    bomb = npy_bytes(npy_header("(3, 28, 28)"), bytes(2**25))
    path = zipped(tmp_path / "a.npz", bomb, zipfile.ZIP_DEFLATED)
    with memory_at_most(16):
        refusal(lambda: find_data(str(path)), path, "x_train", "more bytes")


def in_directory(content, *patches):
    """Overwrite bytes of the first entry in a zip's central directory."""
    content, start = bytearray(content), content.index(b"PK\x01\x02")
    for offset, new in patches:
        content[start + offset : start + offset + len(new)] = new
    return bytes(content)


@pytest.mark.parametrize(
    "patches",
    [
        pytest.param([(8, b"\x01")], id="encrypted"),
        pytest.param([(8, b"\x00\x08"), (46, b"\xff")], id="name not UTF-8"),
        pytest.param([(10, b"\x63")], id="unknown compression"),
        pytest.param([(10, b"\x0c")], id="another compression"),
        pytest.param([(6, b"\xff\x00")], id="version to come"),
        pytest.param([(20, b"\x10\x00\x00\x00")], id="too short"),
        pytest.param([(42, b"\xff\xff\xff\x7f")], id="beyond the end"),
    ],
)
def test_npz_damaged_zip_directory(tmp_path, patches):
    path = tmp_path / "a.npz"
    path.write_bytes(in_directory(npz_bytes(), *patches))
    refusal(lambda: find_data(str(path)), path)


def test_npz_entry_running_past_the_end(tmp_path):
    array = npy_bytes(npy_header("(100000, 28, 28)"), bytes(784))
    path = zipped(tmp_path / "a.npz", array)
    sizes = struct.pack("<II", 2**30, 2**30)
    path.write_bytes(in_directory(path.read_bytes(), (20, sizes)))
    refusal(lambda: find_data(str(path)), path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_npz_bomb_in_a_compression_that_numpy_does_not_write(tmp_path, compression):
    """2.5 kB of bzip2 would be a gigabyte in memory before its first byte could be looked at."""
    bomb = npy_bytes(npy_header("(3, 28, 28)"), bytes(2**25))
    path = zipped(tmp_path / "a.npz", bomb, compression)
    assert path.stat().st_size < 2**14
    with memory_at_most(16):
        refusal(lambda: find_data(str(path)), path, "must be stored or deflated")


# IDX files


@pytest.mark.parametrize("compressed", [False, True])
def test_idx_round_trip(tmp_path, compressed):
    found = find_data(str(idx_folder(tmp_path / "own", small(), compressed)))
    same(found, small())
    assert found.digest == find_data(str(npz(tmp_path / "a.npz"))).digest


def test_idx_names_with_a_dot(tmp_path):
    names = {key: name.replace("-idx", ".idx") for key, name in IDX_NAMES.items()}
    same(find_data(str(idx_folder(tmp_path / "own", small(), False, names))), small())


def test_idx_folder_lacks_a_file(tmp_path):
    folder = idx_folder(tmp_path / "own", small(), True)
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    refusal(lambda: find_data(str(folder)), folder, "t10k-labels-idx1-ubyte")


def test_idx_folder_whose_arrays_disagree(tmp_path):
    folder = idx_folder(tmp_path / "own", small() | {"y_train": np.zeros(9, np.uint8)}, False)
    refusal(lambda: find_data(str(folder)), folder, "y_train", "(9,)")


IMAGES = idx(small()["x_train"])


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"", "0 bytes", id="empty"),
        pytest.param(IMAGES[:3], "3 bytes", id="magic cut"),
        pytest.param(IMAGES[:9], "12 bytes", id="shape cut"),
        pytest.param(IMAGES[:-1], "2,351 bytes", id="a pixel short"),
        pytest.param(IMAGES + b"\0", "more bytes", id="a pixel long"),
        pytest.param(idx_header(4, 28, 28) + IMAGES[16:], "3,136 bytes", id="claims more"),
        pytest.param(idx_header(2, 28, 28) + IMAGES[16:], "1,568 bytes", id="claims less"),
        pytest.param(idx_header(2**32 - 1, 28, 28), "by its header", id="claims terabytes"),
        pytest.param(idx_header(*[2**32 - 1] * 3), "by its header", id="claims the most"),
        pytest.param(idx_header(0, 2**32 - 1, 2**32 - 1), "", id="nothing, hugely"),
        pytest.param(idx_header(1, 1, 1, zeros=1) + b"\0", "header of 1", id="magic"),
        pytest.param(idx_header(1, 1, 1, kind=10) + bytes(4), "type 10", id="no type"),
        pytest.param(idx_header(1, 1, 1, kind=13) + bytes(3), "4 bytes", id="floats cut"),
        pytest.param(idx_header(*[1] * 5) + b"\0", "5 dimensions", id="five dimensions"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(100), "header of", id="a picture"),
    ],
)
def test_idx_refused(tmp_path, content, word, compressed):
    path = tmp_path / ("a.gz" if compressed else "a")
    path.write_bytes(gzip.compress(content) if compressed else content)
    refusal(lambda: read_idx(path), path, word)


@pytest.mark.parametrize(
    "content",
    [b"plain", gzip.compress(IMAGES)[:-9], gzip.compress(IMAGES)[:40]],
    ids=["not gzip", "end cut", "most cut"],
)
def test_idx_damaged_gzip(tmp_path, content):
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    refusal(lambda: read_idx(path), path)


@pytest.mark.parametrize("claimed", [1, 2**31 // 784])
def test_idx_gzip_bomb(tmp_path, claimed):
    path = tmp_path / "a.gz"
    header = idx_header(claimed, 28, 28)
    path.write_bytes(gzip.compress(header + bytes(2**26), 1))
    assert path.stat().st_size < 2**20
    with memory_at_most(16):
        refusal(lambda: read_idx(path), path)


def test_idx_claim_of_a_gigabyte_costs_nothing(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(idx_header(10**6, 28, 28) + bytes(100))
    with memory_at_most(16):
        refusal(lambda: read_idx(path), path, "784,000,000 bytes", "100 bytes")


@FUZZ
@given(content=st.binary(max_size=60), magic=st.booleans(), compressed=st.booleans())
def test_idx_of_any_bytes(tmp_path, content, magic, compressed):
    content = b"\0\0\x08" + content if magic else content
    path = tmp_path / ("a.gz" if compressed else "a")
    path.write_bytes(gzip.compress(content) if compressed and magic else content)
    try:
        array = read_idx(path)
    except DataError as error:
        assert str(path) in str(error)
        assert str(error.received).strip()
    else:
        assert array.tobytes() == content[4 + 4 * array.ndim :]


CORRUPTIBLE = npz_bytes({n: np.zeros_like(a[:1]) for n, a in small().items()})


@FUZZ
@given(
    flips=st.lists(
        st.tuples(st.integers(0, len(CORRUPTIBLE) - 1), st.integers(0, 255)), max_size=5
    ),
    length=st.one_of(st.just(len(CORRUPTIBLE)), st.integers(0, len(CORRUPTIBLE))),
)
@example(flips=[(CORRUPTIBLE.index(b"PK\x01\x02") + 8, 1)], length=len(CORRUPTIBLE))
def test_npz_of_corrupted_bytes(tmp_path, flips, length):
    content = bytearray(CORRUPTIBLE)
    for place, value in flips:
        content[place] = value
    path = tmp_path / "a.npz"
    path.write_bytes(content[:length])
    try:
        arrays = read(path).arrays
    except DataError as error:
        assert str(path) in str(error)
        assert str(error.received).strip()
    else:
        assert sorted(arrays) == sorted(IDX_NAMES)


@FUZZ
@given(header=st.text("{}()[]',:-'\" \n019descrfotanhpu|<TrueFalse", max_size=60))
def test_npz_of_any_array_header(tmp_path, header):
    path = zipped(tmp_path / "a.npz", npy_bytes(header, bytes(8)))
    with pytest.raises(DataError):
        read(path)


# Which data is found


def test_canonical_mnist():
    path = os.environ.get("KERAS_MNIST_DATA")
    if not path:
        pytest.skip("KERAS_MNIST_DATA does not name the canonical MNIST")
    found = find_data("mnist")
    assert found.canonical
    assert (found.name, found.note, found.path) == ("mnist", "", path)
    for name, md5 in ORIGINAL_MD5.items():
        assert hashlib.md5(idx(getattr(found, name))).hexdigest() == md5


def test_variable_before_cache_before_download(tmp_path, nowhere, monkeypatch):
    offered = []

    def offer(url, **_):
        offered.append(url)
        return io.BytesIO(b"wrong")

    monkeypatch.setattr(urllib.request, "urlopen", offer)
    assert find_data("auto").name == "digits"
    assert len(offered) == 1

    nowhere.mkdir(parents=True)
    npz(nowhere / "mnist.npz")
    found = find_data("auto")
    assert found.path == str(nowhere / "mnist.npz")
    assert len(offered) == 1

    monkeypatch.setenv("KERAS_MNIST_DATA", str(npz(tmp_path / "mine.npz")))
    assert find_data("auto").path == str(tmp_path / "mine.npz")
    assert len(offered) == 1


def test_variable_naming_nothing_is_not_passed_over(tmp_path, nowhere, monkeypatch):
    nowhere.mkdir(parents=True)
    npz(nowhere / "mnist.npz")
    monkeypatch.setenv("KERAS_MNIST_DATA", str(tmp_path / "gone.npz"))
    refusal(lambda: find_data("auto"), tmp_path / "gone.npz", "KERAS_MNIST_DATA must", "unset it")
    monkeypatch.setenv("KERAS_MNIST_DATA", "digits")
    refusal(lambda: find_data("auto"), "KERAS_MNIST_DATA must", "--data digits")


def test_paths_as_people_write_them(tmp_path, nowhere, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    npz(tmp_path / "mine.npz")
    for written in ("~/mine.npz", f" {tmp_path}/mine.npz\n", f"'{tmp_path}/mine.npz'"):
        same(find_data(written), small())
        monkeypatch.setenv("KERAS_MNIST_DATA", written)
        same(find_data("auto"), small())
    monkeypatch.setenv("KERAS_MNIST_DATA", "  ")
    assert find_data("auto").name == "digits"
    for blank in ("", " "):
        refusal(lambda named=blank: find_data(named), "must be a name", repr(blank))
    kept = npz(tmp_path / " blank .npz")
    same(find_data(str(kept)), small())


@pytest.mark.parametrize("choice", ["auto", "mnist"])
@pytest.mark.parametrize(
    "content", [b"damaged", npz_bytes()[:-40], b""], ids=["foreign", "cut", "empty"]
)
def test_damaged_cache_is_reported_and_left_alone(nowhere, choice, content):
    nowhere.mkdir(parents=True)
    path = nowhere / "mnist.npz"
    path.write_bytes(content)
    os.utime(path, (1e9, 1e9))
    refusal(lambda: find_data(choice), path, "Keras's cache", f"Remove {path}")
    assert path.read_bytes() == content
    assert path.stat().st_mtime == 1e9
    assert list(nowhere.iterdir()) == [path]


def test_good_cache_is_left_alone(nowhere):
    nowhere.mkdir(parents=True)
    path = npz(nowhere / "mnist.npz")
    os.utime(path, (1e9, 1e9))
    before = path.read_bytes()
    find_data("auto")
    assert (path.read_bytes(), path.stat().st_mtime) == (before, 1e9)


def test_without_any_mnist(nowhere):
    found = find_data("auto")
    assert found.name == "digits"
    assert not found.canonical
    assert "the network is cut off" in found.note
    assert "nothing published is compared" in found.note
    refusal(lambda: find_data("mnist"), "mnist.npz", "the network is cut off", "KERAS_MNIST_DATA")
    for other in ("fashion_mnist", "cifar10"):
        with pytest.raises(DataError) as refused:
            find_data(other)
        assert "KERAS_MNIST_DATA" not in refused.value.remedy  # which only MNIST is looked for by
    assert not nowhere.exists()


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("timed out"),
        ConnectionResetError("reset"),
        http.client.BadStatusLine("a gateway's page"),
        http.client.IncompleteRead(b"half"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_download_that_breaks_off(nowhere, monkeypatch, error):
    class Answer(io.BytesIO):
        def read(self, *_):
            raise error

    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: Answer())
    assert find_data("auto").name == "digits"
    refusal(lambda: find_data("mnist"), "mnist.npz")
    assert not nowhere.exists()


def test_download_of_other_bytes_leaves_no_file(nowhere, monkeypatch):
    monkeypatch.setattr(urllib.request, "urlopen", answering(npz_bytes()))
    refusal(lambda: find_data("mnist"), "mnist.npz", "sha256")
    assert find_data("auto").name == "digits"
    assert not nowhere.exists() or list(nowhere.iterdir()) == []


def test_download_is_kept_in_the_cache(nowhere, monkeypatch):
    content = npz_bytes()
    digest = hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(mnist._MNIST_FILES, "mnist.npz", digest)
    with monkeypatch.context() as online:
        online.setattr(urllib.request, "urlopen", answering(content))
        same(find_data("auto"), small())
    same(find_data("auto"), small())
    assert [path.name for path in nowhere.iterdir()] == ["mnist.npz"]
    assert (nowhere / "mnist.npz").read_bytes() == content


def test_download_into_a_cache_that_cannot_be_made(tmp_path, nowhere, monkeypatch):
    content = npz_bytes()
    monkeypatch.setitem(mnist._MNIST_FILES, "mnist.npz", hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(urllib.request, "urlopen", answering(content))
    (tmp_path / "file").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file" / "keras"))
    refusal(lambda: find_data("mnist"), tmp_path / "file", "writable")


def test_mnist_must_be_canonical(tmp_path, nowhere, monkeypatch):
    path = npz(tmp_path / "mine.npz")
    monkeypatch.setenv("KERAS_MNIST_DATA", str(path))
    refusal(lambda: find_data("mnist"), path, "canonical MNIST", "digest")
    assert not find_data("auto").canonical


@pytest.mark.parametrize("form", ["file", "folder"])
def test_other_data_says_that_it_is_not_mnist(tmp_path, form):
    if form == "file":
        path = npz(tmp_path / "letters.npz")
    else:
        path = idx_folder(tmp_path / "letters", small(), True)
    found = find_data(str(path))
    assert not found.canonical
    assert "not the canonical MNIST" in found.note
    assert found.name == "letters"
    about = {"name": "letters", "digest": found.digest, "canonical": False}
    assert found.identity == {**about, "images": {"train": 3, "test": 2}}


def test_fashion_mnist_from_the_cache(nowhere):
    refusal(lambda: find_data("fashion_mnist"), "train-images-idx3-ubyte.gz", "cut off")
    idx_folder(nowhere / "fashion-mnist", small(), True)
    found = find_data("fashion_mnist")
    same(found, small())
    assert found.name == "fashion_mnist"
    assert "not MNIST" in found.note


def test_digest_tells_arrays_and_shapes_apart(tmp_path):
    digests = {
        find_data(str(npz(tmp_path / "a.npz", **replaced))).digest
        for replaced in (
            {},
            {"y_test": np.array([0, 2], np.uint8)},
            {"x_test": small()["x_train"][:2]},
            {"x_test": small()["x_test"][:1], "y_test": small()["y_test"][:1]},
        )
    }
    assert len(digests) == 4


def test_embedded_digits():
    digits = find_data("digits")
    assert digits.x_train.shape == (1500, 28, 28)
    assert digits.x_test.shape == (297, 28, 28)
    for images in (digits.x_train, digits.x_test):
        assert (images.dtype, images.min(), images.max()) == (np.uint8, 0, 255)
    for labels, n in ((digits.y_train, 1500), (digits.y_test, 297)):
        assert (labels.dtype, labels.shape) == (np.uint8, (n,))
        assert set(labels) == set(range(10))
    assert (digits.name, digits.path, digits.canonical) == ("digits", "", False)
    # The same on every machine: stored runs on the digits are found by it.
    assert digits.digest == "8b27b3310a6f4d3720c7838de7a6355a003b61bac3aa676443384c2023fef15c"


def test_a_study_of_data_that_is_none_is_refused(tmp_path):
    study = Study.of(Experiment(), {"dropout": [0.0]})
    for data in (tuple(small().values())[:3], (1, None, 2, "x"), (), small(), None, 3):
        with pytest.raises(DataError, match="data must be a name"):
            run_study(study, data=data, runs=tmp_path)
    assert not list(tmp_path.iterdir())
