"""Data sets that have a name."""

import hashlib
import io
import pickle
import tarfile
import urllib.request
from typing import ClassVar

import numpy as np
import pytest

from keras_mnist.base.errors import DataError
from keras_mnist.data import cifar, find_data
from keras_mnist.data.plain_pickle import read_plain_pickle

RANDOM = np.random.default_rng(0)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    def cut_off(*_, **__):
        raise OSError("the network is cut off")

    monkeypatch.setattr(urllib.request, "urlopen", cut_off)
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


@pytest.mark.parametrize(
    ("name", "sizes", "columns", "names"),
    [
        ("wine", (142, 36), 13, ("class_0", "class_1", "class_2")),
        ("breast_cancer", (455, 114), 30, ("malignant", "benign")),
        ("iris", (120, 30), 4, ("setosa", "versicolor", "virginica")),
    ],
)
def test_scikit_learn_s_tables(name, sizes, columns, names):
    found = find_data(name)
    assert (len(found.x_train), len(found.x_test)) == sizes
    assert (found.shape, found.values, found.class_names) == ((columns,), "numbers", names)
    assert found.identity["test_split"] == {"share": 0.2, "seed": 0}
    assert find_data(name).digest == found.digest
    held_out = found.y_train[int(len(found.y_train) * 0.8) :]
    for part in (found.y_test, held_out):
        shares = np.bincount(part) / len(part)
        whole = np.bincount(found.y_train) / len(found.y_train)
        assert np.abs(shares - whole).max() < 0.06


def old_texts(content) -> bytes:
    """A pickle as Python 2 wrote CIFAR's: texts and bytes are one, restored by no function."""
    out = io.BytesIO()

    class Old(pickle._Pickler):
        dispatch: ClassVar = dict(pickle._Pickler.dispatch)

        def save_text(self, value):
            data = value if isinstance(value, bytes) else value.encode()
            self.write(b"T" + len(data).to_bytes(4, "little") + data)
            self.memoize(value)

        dispatch[bytes] = dispatch[str] = save_text

    Old(out, protocol=2).dump(content)
    return out.getvalue().replace(b"numpy._core", b"numpy.core")


def batches(fine=""):
    images = {n: RANDOM.integers(0, 256, (20, 3072), np.uint8) for n in range(6)}
    labels = [list(map(int, RANDOM.permutation(np.arange(20) % 10))) for _ in images]
    made = {n: old_texts({"data": images[n], f"{fine}labels": labels[n]}) for n in images}
    names = old_texts({f"{fine}label_names": [f"thing {i}" for i in range(10)]})
    return images, labels, made, names


@pytest.mark.parametrize("where", ["cifar-10-batches-py-target/cifar-10-batches-py", "archive"])
def test_cifar_from_the_cache(cache, monkeypatch, where):
    images, labels, made, names = batches()
    files = {f"data_batch_{n}": made[n] for n in range(1, 6)}
    files |= {"test_batch": made[0], "batches.meta": names}
    if where == "archive":
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for name, content in files.items():
                about = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
                about.size = len(content)
                archive.addfile(about, io.BytesIO(content))
        content = packed.getvalue()
        with pytest.raises(DataError, match=r"cifar-10-python\.tar\.gz"):
            find_data("cifar10")
        monkeypatch.setitem(cifar._SHA256, "cifar-10", hashlib.sha256(content).hexdigest())
        monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: io.BytesIO(content))
    else:
        (cache / where).mkdir(parents=True)
        for name, content in files.items():
            (cache / where / name).write_bytes(content)
    found = find_data("cifar10")
    assert (found.name, found.shape, found.classes) == ("cifar10", (32, 32, 3), 10)
    assert found.class_names[3] == "thing 3"
    assert len(found.x_train) == 100
    np.testing.assert_array_equal(found.y_train, np.concatenate(labels[1:]))
    # Of a row of 3,072, the first 1,024 are the red of the picture, row by row.
    np.testing.assert_array_equal(found.x_test[2, :, :, 1].ravel(), images[0][2, 1024:2048])


def test_cifar_100_has_fine_classes(cache):
    _, labels, made, names = batches("fine_")
    folder = cache / "cifar-100-python"
    folder.mkdir()
    for name, content in (("train", made[1]), ("test", made[2]), ("meta", names)):
        (folder / name).write_bytes(content)
    found = find_data("cifar100")
    assert found.y_test.tolist() == labels[2]
    (folder / "meta").unlink()
    with pytest.raises(DataError, match="must hold meta"):
        find_data("cifar100")


class Touch:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return type(self.path).touch, (self.path,)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda marker: {"data": Touch(marker)}, "refused"),
        (lambda marker: {"data": np.ones(3)}, "other than bytes"),
        (lambda marker: {"data": np.array([Touch(marker)], object)}, "refused"),
        (lambda marker: [1], "list"),
        (lambda marker: {"data": {1, 2}}, "refused"),
    ],
)
def test_a_batch_that_holds_anything_else_is_refused(tmp_path, content, said):
    marker = tmp_path / "executed"
    stream = io.BytesIO(old_texts(content(marker)))
    with pytest.raises(DataError, match="a batch of CIFAR") as error:
        read_plain_pickle(stream, "data_batch_1")
    assert said in str(error.value)
    assert not marker.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x02}q\x00.",
        b"\x80\x02cos\nsystem\nq\x00U\x04trueq\x01\x85q\x02Rq\x03.",
        b"\x80\x02K\x01r\xff\xff\xff\x7f.",  # a place in a list of two billion
        b"\x80\x02\x82\x01.",
        b"\x80\x02Pname\n.",
    ],
)
def test_a_pickle_that_means_harm_is_refused(content):
    if content == b"\x80\x02}q\x00.":
        assert read_plain_pickle(io.BytesIO(content), "a batch") == {}
        return
    with pytest.raises(DataError, match="a batch of CIFAR"):
        read_plain_pickle(io.BytesIO(content), "a batch")


def test_kuzushiji_from_the_cache(cache):
    with pytest.raises(DataError, match=r"kmnist-train-imgs\.npz"):
        find_data("kmnist")
    (cache / "kmnist").mkdir()
    images = RANDOM.integers(0, 256, (20, 28, 28), np.uint8)
    for part in ("train", "test"):
        np.savez(cache / "kmnist" / f"kmnist-{part}-imgs.npz", images)
        np.savez(cache / "kmnist" / f"kmnist-{part}-labels.npz", np.arange(20) % 10)
    found = find_data("kmnist")
    assert (found.name, found.classes, len(found.x_test)) == ("kmnist", 10, 20)
