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


def test_a_requirement_is_of_the_package_that_is_there(monkeypatch):
    """TensorFlow comes under several names, and two of them in one place damage each other."""

    def version(name):
        if name == "tensorflow-cpu":
            return "2.18.0"
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    there = {"tensorflow": ["tensorflow-cpu"]}
    monkeypatch.setattr(metadata, "packages_distributions", lambda: there)
    monkeypatch.setattr(extras, "installed", lambda module: module in there)
    assert extras.as_there("tensorflow>=2.18") == "tensorflow-cpu>=2.18"
    assert extras.as_there("absent>=1") == "absent>=1"
    assert extras.version("tensorflow") == "2.18.0" and extras.version("absent") == ""


def test_without_an_installation_the_package_itself_is_named(monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", absent)
    monkeypatch.setattr(extras, "installed", lambda module: False)
    with pytest.raises(ExperimentError, match=r"needs the package a\.b\. .* pip install a\.$"):
        extras.require(("a.b",), "x", "This")
