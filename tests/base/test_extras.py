from importlib import metadata

import pytest

from keras_mnist.base import extras
from keras_mnist.base.errors import ExperimentError

DECLARED = [
    "numpy>=2",
    'tomli>=2; python_version < "3.1"',
    'distributed>=2026.8; extra == "dask"',
    'tf2onnx>=1.17; extra == "onnx"',
    'onnxruntime>=1.32; extra == "onnx"',
    'old>=1; python_version < "3.1" and extra == "onnx"',
    'keras-mnist[dask,onnx]; extra == "test"',
    'pyright[nodejs]>=1; extra == "test"',
]


@pytest.fixture
def declared(monkeypatch):
    monkeypatch.setattr(metadata, "requires", lambda name: DECLARED)


@pytest.mark.parametrize(
    "extra, command",
    [
        ("dask", "pip install 'distributed>=2026.8'"),
        ("onnx", "pip install 'tf2onnx>=1.17' 'onnxruntime>=1.32'"),
        ("newer", "pip install hers"),
    ],
)
def test_a_remedy_names_what_can_be_installed(declared, extra, command):
    """No index has this package, so that its extras are nothing that pip finds by name."""
    assert extras.remedy(extra, "hers") == command


def test_what_is_needed_and_an_extra_made_of_others(declared):
    assert extras.requirements() == ["numpy>=2"]
    both = ["distributed>=2026.8", "tf2onnx>=1.17", "onnxruntime>=1.32"]
    assert extras.requirements("test") == [*both, "pyright[nodejs]>=1"]


def test_without_an_installation_the_package_itself_is_named(monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", absent)
    monkeypatch.setattr(extras, "installed", lambda module: False)
    with pytest.raises(ExperimentError, match=r"needs the package a\.b\. .* pip install a\.$"):
        extras.require(("a.b",), "x", "This")
