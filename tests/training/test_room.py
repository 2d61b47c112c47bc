"""Networks that would take more memory than is free: refused before they take any."""

import io
import json
import re
import resource
import zipfile

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from keras_mnist.base.errors import ExperimentError, KerasMnistError
from keras_mnist.data import memory
from keras_mnist.networks.own import own_network
from keras_mnist.runs.baseline import own_named
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.training.build.own import build_own

HUGE = 10**13
GROWTH = 200_000  # KiB that a refusal may take


def saved(path, *between, units=10):
    made = [keras.Input((28, 28)), *between, layers.Flatten(), layers.Dense(units, "softmax")]
    keras.Sequential(made).save(path)
    return path


def changed(path, layer: str, **values):
    """Write into a file's configuration what its layer is to be, as nobody could build it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    for one in config["config"]["layers"]:
        if one["class_name"] == layer:
            one["config"] |= values
            one.pop("build_config", None)
    parts["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def wide(path):
    return changed(saved(path), "Dense", units=HUGE)


def many_maps(path):
    between = layers.Reshape((28, 28, 1)), layers.Conv2D(2, 3)
    return changed(saved(path, *between), "Conv2D", filters=HUGE)


def blown_up(path):
    """No weight of it is large but its last, of which the second is all."""
    between = layers.Reshape((28, 28, 1)), layers.UpSampling2D(2), layers.GlobalMaxPooling2D()
    return changed(saved(path, *between), "UpSampling2D", size=[10**6, 10**6])


@pytest.fixture
def grows():
    """Fail where memory has grown beyond what a refusal may take."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + GROWTH


@pytest.mark.parametrize("make", [wide, many_maps, blown_up])
def test_a_small_file_cannot_ask_for_any_memory(make, tmp_path, grows):
    path = make(tmp_path / "model.keras")
    assert path.stat().st_size < 100_000
    for ask in (
        lambda: build_own(own_named(str(path), tmp_path), (28, 28), 10, 0),
        lambda: load_classifier(path),
    ):
        with pytest.raises(KerasMnistError, match="half of the memory that is free") as refused:
            ask()
        assert re.search(r"Received: [\d,]+\.\d\d GB (of weights|for)", str(refused.value))
        assert "Take narrower layers" in str(refused.value)


def test_code_of_a_person_is_told_too(grows):
    def wide(units: int = HUGE):
        return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(units)])

    with pytest.raises(ExperimentError, match="half of the memory that is free"):
        build_own(own_network(wide), (28, 28), 10, 0)


def test_weights_that_a_file_only_claims_are_counted_before_they_are_read(tmp_path, grows):
    path = saved(tmp_path / "model.keras")
    hole = io.BytesIO()
    with h5py.File(hole, "w") as file:
        file.create_dataset("layers/dense/vars/0", (HUGE,), np.float32, chunks=(1024,))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**parts, "model.weights.h5": hole.getvalue()}.items():
            archive.writestr(name, content)
    with pytest.raises(KerasMnistError, match=r"40,000\.00 GB by its headers"):
        load_classifier(path)


def test_what_fits_is_built_as_before(tmp_path, monkeypatch):
    path = saved(tmp_path / "model.keras")  # 7,850 weights of four bytes
    network = own_named(str(path), tmp_path)
    monkeypatch.setattr(memory, "free_memory", lambda: 2**20)
    assert build_own(network, (28, 28), 10, 0).count_params() == 7850
    monkeypatch.setattr(memory, "free_memory", lambda: 2 * (4 * 7850 - 1))
    with pytest.raises(ExperimentError, match="half of the memory"):
        build_own(network, (28, 28), 10, 0)
