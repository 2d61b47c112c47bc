"""A saved model names what networks are built of, and nothing else that Keras could look up."""

import copy
import json
import zipfile

import pytest

from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.saved import code_of_saved


def named(kind, module="keras.layers", **config):
    return {"class_name": kind, "module": module, "config": config, "registered_name": None}


FLAT = named("Flatten", name="flat")
LAST = named(
    "Dense", name="last", units=10, kernel_initializer=named("Zeros", "keras.initializers")
)


def saved(path, *layers, **files):
    config = named("Sequential", "keras", name="it", layers=[*layers, LAST])
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("metadata.json", "model.weights.h5", *files):
            archive.writestr(name.replace("__", "/"), b"")
        archive.writestr("config.json", json.dumps(config))
    return path


def refused(path, said):
    with pytest.raises(ExperimentError, match=said):
        code_of_saved(path)


@pytest.mark.parametrize(
    "module, kind",
    [
        ("keras.config", "enable_unsafe_deserialization"),
        ("keras", "config.enable_unsafe_deserialization"),
        ("keras.datasets.mnist", "load_data"),
        ("keras.applications", "ResNet50"),
        ("keras.src.applications.resnet", "ResNet50"),
        ("keras.layers", "deserialize"),
        ("keras.models", "load_model"),
        ("keras.models.x-y", "Model"),
        ("keras.callbacks", "RemoteMonitor"),
        ("keras", "__typespec__"),
        ("keras.src.utils", "__typespec__"),
        ("keras.src", "Layers"),
        ("kerasx.layers", "Dense"),
        ("keras.utils", "__tensor__"),
        (None, "layers.Dense"),
        (None, "get_file"),
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_what_is_no_part_of_a_network_is_refused_by_name(tmp_path, module, kind, inside):
    odd = named(kind, module, name="odd") | {"spec_name": "utils.get_file"}
    layer = named("Dense", activation=odd) if inside else odd
    refused(saved(tmp_path / "it.keras", layer), f"Keras's own layers alone.*{module}.{kind}")


def test_what_networks_are_built_of_is_taken(tmp_path):
    parts = {
        "kernel_initializer": named("HeNormal", "keras.initializers", seed=1),
        "kernel_regularizer": named("L2", "keras.regularizers"),
        "kernel_constraint": named("MaxNorm", "keras.constraints"),
        "dtype": named("DTypePolicy", "keras"),
        "value": {"class_name": "__numpy__", "config": {"value": [1]}},
    }
    old = {"class_name": "Dense", "config": {"name": "old"}}
    inner = named("Sequential", "keras.src.models.sequential", layers=[named("ReLU")])
    layers = named("Dense", name="a", **parts), old, inner, named("Add", "keras.src.ops.numpy")
    code, signature = code_of_saved(saved(tmp_path / "it.keras", *layers))
    assert code.name == "it.keras" and "old (Dense)" in signature.arguments[0].help


def test_layers_are_counted_those_inside_others_too(tmp_path):
    for count, layer in ((1000, FLAT), (250, named("Bidirectional", layer=FLAT, backward=FLAT))):
        layers = [copy.deepcopy(layer) for _ in range(count)]
        refused(
            saved(tmp_path / "it.keras", *layers, *layers[:250]),
            r"one of 1,\d\d1 layers, more than the 1,000",
        )
    code_of_saved(saved(tmp_path / "it.keras", *layers))


def test_a_file_of_a_layer_s_own_is_refused(tmp_path):
    path = saved(tmp_path / "it.keras", assets__words="")
    refused(path, "Received: assets/words, a file of a layer's own")
