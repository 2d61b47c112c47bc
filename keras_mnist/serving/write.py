"""Writes a network in each format."""

from pathlib import Path
from typing import Any

from keras_mnist.base import extras
from keras_mnist.base.backend import keras, tf
from keras_mnist.base.errors import ExperimentError, KerasMnistError, shown
from keras_mnist.experiment import Experiment
from keras_mnist.serving.formats import ANSWER, FILES, shows_digits
from keras_mnist.serving.network import serving_network
from keras_mnist.serving.plain import save_plain
from keras_mnist.serving.simplify import simplified


def endpoint(network: keras.Model, answer: str = "digit"):
    """Return the function that is served: examples to `probabilities` and the most probable.

    Args:
        network: examples in, probabilities out.
        answer: what the most probable class is called: `digit` of digits, else `class`.
    """

    def serve(example):
        probabilities = network(example, training=False)
        return {ANSWER: probabilities, answer: tf.argmax(probabilities, axis=-1)}

    return serve


def write(
    experiment: Experiment,
    weights: list,
    folder: Path,
    formats: list[str],
    data: dict | None = None,
) -> None:
    """Write a network into `folder` in each of the formats, the SavedModel first.

    Args:
        experiment: that was trained.
        weights: arrays in the order of its network's weights.
        folder: that of a version; there already.
        formats: from `checked_formats`.
        data: what a record says of the data set.

    Raises:
        ExperimentError: a format cannot hold the network.
    """
    shape, classes = experiment.data.shape, experiment.data.classes
    answer = "digit" if shows_digits(shape, classes, data or {}) else "class"
    network = serving_network(experiment, weights)
    for name in formats:
        try:
            _WRITERS[name](network, experiment, folder, answer)
        except KerasMnistError:
            raise
        except Exception as error:  # what its converter raises where it meets something unknown
            raise unfit(name, shown(error) or type(error).__name__) from None


def unfit(name: str, why: str) -> ExperimentError:
    """Return the error that a format cannot hold a network."""
    others = "The SavedModel and keras hold most networks, litert and onnx many"
    if name == "saved_model":  # which is always among them
        return ExperimentError("a SavedModel must be able to hold the network", why)
    return ExperimentError(f"--format {name} must be able to hold the network", why, others)


def _example(network: keras.Model):
    """Return what the function that is served takes: a batch of any size."""
    (given,) = network.inputs
    image = given.dtype == "uint8" and len(given.shape) > 2
    return tf.TensorSpec(given.shape, given.dtype, name="image" if image else "example")


def save(network: keras.Model, folder: Path, answer: str) -> None:
    """Write a network, examples in and probabilities out, as a SavedModel; `answer` as above."""
    archive: Any = keras.export.ExportArchive()  # its types are those of every backend
    archive.track(network)
    archive.add_endpoint("serve", endpoint(network, answer), input_signature=[_example(network)])
    archive.write_out(str(folder), verbose=False)


def _saved_model(network, _experiment, folder, answer):
    save(network, folder, answer)


def _keras(network, _experiment, folder, _answer):
    network.save(folder / FILES["keras"])


def _litert(_network, _experiment, folder, _answer):
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    (folder / FILES["litert"]).write_bytes(converter.convert())


def _onnx(network, _experiment, folder, answer):
    tf2onnx = extras.load("tf2onnx", "onnx", "--format onnx")
    function = tf.function(endpoint(network, answer))
    path = str(folder / FILES["onnx"])
    tf2onnx.convert.from_function(function, input_signature=[_example(network)], output_path=path)


def _numpy(network, experiment, folder, _answer):
    trained = next(layer for layer in network.layers if isinstance(layer, keras.Model))
    save_plain(folder / FILES["numpy"], *simplified(experiment, trained))


_WRITERS = {
    "saved_model": _saved_model,
    "keras": _keras,
    "litert": _litert,
    "onnx": _onnx,
    "numpy": _numpy,
}
