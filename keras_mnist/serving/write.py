"""Writes a network in each format."""

from pathlib import Path
from typing import Any

from keras_mnist.base import extras
from keras_mnist.base.backend import keras, tf
from keras_mnist.experiment import Experiment
from keras_mnist.serving.formats import FILES
from keras_mnist.serving.network import serving_network
from keras_mnist.serving.plain import save_plain
from keras_mnist.serving.simplify import simplified


def endpoint(network: keras.Model):
    """Return the function that is served: `image` to `probabilities` and `digit`."""

    def serve(image):
        probabilities = network(image, training=False)
        return {"probabilities": probabilities, "digit": tf.argmax(probabilities, axis=-1)}

    return serve


def write(experiment: Experiment, weights: list, folder: Path, formats: list[str]) -> None:
    """Write a network into `folder` in each of the formats, the SavedModel first.

    Args:
        experiment: that was trained.
        weights: arrays in the order of its network's weights.
        folder: that of a version; there already.
        formats: from `checked_formats`.
    """
    network = serving_network(experiment, weights)
    for name in formats:
        _WRITERS[name](network, experiment, folder)


def _image(network: keras.Model):
    """Return what the function that is served takes: a batch of any size."""
    return tf.TensorSpec(network.input_shape, network.inputs[0].dtype, name="image")


def _saved_model(network, _experiment, folder):
    archive: Any = keras.export.ExportArchive()  # its types are those of every backend
    archive.track(network)
    archive.add_endpoint("serve", endpoint(network), input_signature=[_image(network)])
    archive.write_out(str(folder), verbose=False)


def _keras(network, _experiment, folder):
    network.save(folder / FILES["keras"])


def _litert(_network, _experiment, folder):
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    (folder / FILES["litert"]).write_bytes(converter.convert())


def _onnx(network, _experiment, folder):
    tf2onnx = extras.load("tf2onnx", "onnx", "--format onnx")
    function = tf.function(endpoint(network))
    path = str(folder / FILES["onnx"])
    tf2onnx.convert.from_function(function, input_signature=[_image(network)], output_path=path)


def _numpy(network, experiment, folder):
    trained = next(layer for layer in network.layers if isinstance(layer, keras.Model))
    save_plain(folder / FILES["numpy"], *simplified(experiment, trained))


_WRITERS = {
    "saved_model": _saved_model,
    "keras": _keras,
    "litert": _litert,
    "onnx": _onnx,
    "numpy": _numpy,
}
