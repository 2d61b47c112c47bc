"""A saved Keras model built anew, with what a person changes of it."""

import json
import tempfile
from pathlib import Path
from typing import Any

from keras_mnist.base.backend import keras
from keras_mnist.base.errors import ExperimentError, shown
from keras_mnist.networks.code import Code
from keras_mnist.networks.saved import taken_out
from keras_mnist.training.build.room import load_saved


def network_of_saved(code: Code):
    """Return a function that builds a saved model; its arguments are those of its signature."""
    text = code.files[0][2]  # read anew for each network, which changes it

    def network(
        without: str = "",
        activation: str = "",
        init: str = "",
        dropout: float | None = None,
        keep_weights: bool = False,
    ):
        changed = taken_out(json.loads(text), without)
        layers = changed["config"]["layers"]
        last = next(i for i in reversed(range(len(layers))) if _activated(layers[i]))
        for number, layer in enumerate(layers):
            layer.pop("build_config", None)  # of the shapes that met before
            inner = layer["config"]
            if activation and number < last:
                _activate(layer, activation)
            if init:
                inner.update({n: init for n in inner if n.endswith("kernel_initializer")})
            if dropout is not None and "Dropout" in layer["class_name"]:
                inner["rate"] = dropout
        try:
            made: Any = keras.saving.deserialize_keras_object(changed, safe_mode=True)
            if not made.built:
                raise ValueError(f"{type(made).__name__} without the shape of its inputs")
        except ExperimentError:
            raise  # it would take too much memory
        except Exception as error:
            raise ExperimentError(
                f"{code.name} must be a model still, as it is changed",
                shown(error, 600),
                "What is taken out must leave shapes that meet",
            ) from None
        if keep_weights:
            _keep(made, code)
        return made

    return network


def _activated(layer: dict) -> bool:
    return "activation" in layer["config"] or layer["class_name"] in ("Softmax", "Dense")


def _activate(layer: dict, kind: str) -> None:
    """Give a layer another activation, if it has one."""
    inner = layer["config"]
    if inner.get("activation", "linear") != "linear":
        inner["activation"] = kind
    if layer["class_name"] == "ReLU":
        layer |= {"class_name": "Activation", "registered_name": None}
        layer["config"] = {"name": inner.get("name"), "activation": kind}


def _keep(model: keras.Model, code: Code) -> None:
    """Give a model the saved weights wherever name and shape are the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, code.name)
        path.write_bytes(code.pickled)
        saved = load_saved(path)
    there = {variable.path: variable for variable in saved.variables}
    for variable in model.variables:
        same = there.get(variable.path)
        if same is not None and same.shape == variable.shape:
            variable.assign(same)
