"""Exported networks asked: uint8 images in, probabilities out, whatever the format."""

import functools
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_mnist.base import extras
from keras_mnist.base.errors import KerasMnistError, StoreError
from keras_mnist.base.quiet import silenced
from keras_mnist.serving.extent import require_bounded
from keras_mnist.serving.formats import FILES, OPTIONAL
from keras_mnist.serving.operations import answering_part
from keras_mnist.serving.plain import plain_network, read_plain

BATCH = 1000


@dataclass(frozen=True)
class Classifier:
    """An exported network in one of its formats.

    Attributes:
        path: the version's folder, or a file of a network.
        format: of `FILES`.
        ask: from uint8 (n, 28, 28) to float32 (n, 10), for n of any size that memory holds.
    """

    path: Path
    format: str
    ask: Callable

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Return the probabilities of ten digits for each image, in batches.

        Args:
            images: uint8 (n, 28, 28), 0-255, ink light on dark.

        Returns:
            float32 (n, 10).
        """
        starts = range(0, len(images), BATCH)
        parts = [self.ask(images[start : start + BATCH]) for start in starts]
        return np.concatenate(parts) if parts else np.zeros((0, 10), np.float32)


def load_classifier(path: Path, name: str = "") -> Classifier:
    """Load an exported network.

    Args:
        path: a version's folder, or one of its files that is a network by itself.
        name: the format; if empty, the file's, or of those in the folder LiteRT where its
            interpreter is installed, which starts without TensorFlow, else the SavedModel.

    Raises:
        StoreError: there is no such network, or it is not one of this package's.
        ExperimentError: the format's package is not installed.
    """
    path = Path(path)
    if path.is_file():
        name = next((n for n, file in FILES.items() if Path(file).suffix == path.suffix), "")
    name = name or next((n for n in ("litert", "saved_model") if _usable(path, n)), "")
    file = path if path.is_file() else path / FILES.get(name, "model")
    if not name or (name == "saved_model" and path.is_file()) or not file.is_file():
        raise StoreError(
            f"{path} must be an exported network",
            "neither a SavedModel's folder nor a .keras, .tflite, .onnx or .npz file",
            "See `keras-mnist models`",
        )
    try:
        with silenced():
            ask = _LOADERS[name](file)
            ask(_BLANK)
    except KerasMnistError:
        raise
    except Exception as error:  # what a damaged file makes its library raise is not documented
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise StoreError(f"{file} must be a whole network of this package", said) from None
    return Classifier(path, name, ask)


def _usable(folder: Path, name: str) -> bool:
    there = (folder / FILES[name]).is_file()
    return there and all(map(extras.installed, OPTIONAL.get(name, ())))


def _saved_model(file):
    part = answering_part(file)
    bounded = functools.cache(functools.partial(require_bounded, part))  # of a batch's size
    bounded(1)
    from keras_mnist.base.backend import tf

    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / file.name).write_bytes(part.SerializeToString())
        (Path(scratch) / "variables").symlink_to(file.parent.resolve() / "variables")
        restored = tf.saved_model.load(scratch)
    signature = restored.signatures["serving_default"]

    def ask(images):
        bounded(len(images))
        return signature(image=tf.constant(images, tf.uint8))["probabilities"].numpy()

    ask.restored = restored  # whose variables the signature needs
    return ask


def _keras(file):
    from keras_mnist.base.backend import keras, tf

    network = keras.saving.load_model(file, safe_mode=True)
    image = tf.TensorSpec((None, 28, 28), tf.uint8)
    called = tf.function(lambda images: network(images, training=False), input_signature=[image])

    def ask(images):
        return called(tf.constant(images, tf.uint8)).numpy()

    return ask


def _litert(file):
    module = extras.load(OPTIONAL["litert"][0], "litert", "a LiteRT network")
    interpreter = module.Interpreter(model_path=str(file), num_threads=os.cpu_count())
    runner = interpreter.get_signature_runner("serving_default")

    def ask(images):
        return runner(image=images)["probabilities"]

    return ask


def _onnx(file):
    module = extras.load("onnxruntime", "onnx", "an ONNX network")
    session = module.InferenceSession(file, providers=["CPUExecutionProvider"])

    def ask(images):
        return session.run(["probabilities"], {"image": images})[0]

    return ask


_BLANK = np.zeros((1, 28, 28), np.uint8)
_LOADERS = {
    "saved_model": _saved_model,
    "keras": _keras,
    "litert": _litert,
    "onnx": _onnx,
    "numpy": lambda file: plain_network(*read_plain(file)),
}
