"""Archives of others: what is unpacked of them has a bound."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

import keras_mnist
from keras_mnist.base import archives
from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.saved import code_of_saved
from keras_mnist.serving.plain import read_plain

ROOT = Path(keras_mnist.__file__).parent
METHODS = (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def packed(path, method, name="a.bin", content=bytes(2**24)):
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(name, content)
    return path


@pytest.mark.parametrize("method", METHODS)
def test_networks_are_not_unpacked_by_any_method(tmp_path, method, monkeypatch):
    """Three kilobytes of bzip2 would be gigabytes before their first byte could be looked at."""
    path = packed(tmp_path / "it.keras", method, "config.json")
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("it was unpacked"))
    with pytest.raises(ExperimentError, match=r"as `model\.save` writes it.*packed by"):
        code_of_saved(path)
    with pytest.raises(ValueError, match="packed by"):
        read_plain(path)


def test_what_is_asked_for_of_a_deflated_file_has_a_bound_and_others_are_refused(tmp_path):
    for method in METHODS:
        path = packed(tmp_path / "it.zip", method)
        tracemalloc.start()
        try:
            with archives.opened(path, packed=True) as archive, archive.open("a.bin") as stream:
                assert method == zipfile.ZIP_DEFLATED
                assert stream.read(10) == bytes(10)
        except archives.MethodError as error:
            assert method != zipfile.ZIP_DEFLATED and "a.bin, packed by" in str(error)
        finally:
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert most < 2**20


def test_what_is_no_archive_is_told():
    for content in (b"", b"PK\3\4", bytes(100)):
        with pytest.raises(ValueError, match="zip"):
            archives.opened(io.BytesIO(content)).__enter__()


def test_one_door_leads_into_archives():
    opening = "zipfile." + "ZipFile("
    doors = [path for path in ROOT.rglob("*.py") if opening in path.read_text()]
    assert doors == [ROOT / "base" / "archives.py"]
