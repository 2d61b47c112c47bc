"""Writes a network in each format."""

from pathlib import Path

import keras
import tensorflow as tf

from keras_mnist import extras
from keras_mnist.serving.formats import FILES

IMAGE = tf.TensorSpec((None, 28, 28), tf.uint8, name="image")


def endpoint(network: keras.Model):
    """Return the function that is served: `image` to `probabilities` and `digit`."""

    def serve(image):
        probabilities = network(image, training=False)
        return {"probabilities": probabilities, "digit": tf.argmax(probabilities, axis=-1)}

    return serve


def write(network: keras.Model, folder: Path, formats: list[str]) -> None:
    """Write `network` into `folder` in each of the formats, the SavedModel first.

    Args:
        network: from `serving_network`.
        folder: that of a version; there already.
        formats: from `checked_formats`.
    """
    for name in formats:
        _WRITERS[name](network, folder)


def _saved_model(network, folder):
    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("serve", endpoint(network), input_signature=[IMAGE])
    archive.write_out(str(folder), verbose=False)


def _keras(network, folder):
    network.save(folder / FILES["keras"])


def _litert(network, folder):
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    (folder / FILES["litert"]).write_bytes(converter.convert())


def _onnx(network, folder):
    tf2onnx = extras.load("tf2onnx", "onnx", "--format onnx")
    function = tf.function(endpoint(network))
    path = str(folder / FILES["onnx"])
    tf2onnx.convert.from_function(function, input_signature=[IMAGE], output_path=path)


_WRITERS = {"saved_model": _saved_model, "keras": _keras, "litert": _litert, "onnx": _onnx}
