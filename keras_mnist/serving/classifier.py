"""Exported networks asked: raw examples in, probabilities out, whatever the format."""

import functools
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keras_mnist.base import extras
from keras_mnist.base.errors import KerasMnistError, StoreError
from keras_mnist.base.quiet import silenced
from keras_mnist.serving.extent import image_shape, image_type, require_bounded
from keras_mnist.serving.formats import FILES, OPTIONAL
from keras_mnist.serving.operations import answering_part
from keras_mnist.serving.plain import plain_network, read_plain

BATCH = 1000
_QUICKEST = ("numpy", "litert", "saved_model")  # to answer from nothing; the last takes TensorFlow


@dataclass(frozen=True)
class Classifier:
    """An exported network in one of its formats.

    Attributes:
        path: the version's folder, or a file of a network.
        format: of `FILES`.
        ask: from examples (n, *shape) to float32 (n, classes), for n of any size that memory
            holds.
        shape: of an image: (28, 28) of MNIST's.
    """

    path: Path
    format: str
    ask: Callable
    shape: tuple[int, ...]

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Return the probabilities of the classes for each image, in batches.

        Args:
            images: (n, *shape), as those it was trained on; of MNIST's form, uint8, 0-255, ink
                light on dark.

        Returns:
            float32 (n, classes), n at least 1.

        Raises:
            StoreError: the images are of another shape.
        """
        if images.shape[1:] != self.shape:
            raise StoreError(
                f"{self.path} must be asked for images of {self.shape}", images.shape[1:]
            )
        starts = range(0, len(images), BATCH)
        parts = [self.ask(images[start : start + BATCH]) for start in starts]
        return np.concatenate(parts)


def load_classifier(path: Path, name: str = "") -> Classifier:
    """Load an exported network.

    Args:
        path: a version's folder, or one of its files that is a network by itself.
        name: the format; if empty, the file's, or of those in the folder the one that answers
            soonest: arrays for NumPy, LiteRT where its interpreter is installed, the SavedModel.

    Raises:
        StoreError: there is no such network, or it is not one of this package's.
        ExperimentError: the format's package is not installed.
    """
    path = Path(path)
    if path.is_file():
        name = next((n for n, file in FILES.items() if Path(file).suffix == path.suffix), "")
    name = name or next((n for n in _QUICKEST if _usable(path, n)), "")
    file = path if path.is_file() else path / FILES.get(name, "model")
    if not name or (name == "saved_model" and path.is_file()) or not file.is_file():
        raise StoreError(
            f"{path} must be an exported network",
            "neither a SavedModel's folder nor a .keras, .tflite, .onnx or .npz file",
            "See `keras-mnist exports`",
        )
    try:
        with silenced():
            ask, shape, dtype = _LOADERS[name](file)
            shape = tuple(map(int, shape))
            _require_shares(ask(np.zeros((1, *shape), dtype)))
    except KerasMnistError:
        raise
    except Exception as error:  # what a damaged file makes its library raise is not documented
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise StoreError(f"{file} must be a whole network of this package", said) from None
    return Classifier(path, name, ask, shape)


def _require_shares(said) -> None:
    """Raise `ValueError` unless these are the probabilities of the classes for one image."""
    said = np.asarray(said)
    if said.ndim != 2 or len(said) != 1 or said.dtype.kind != "f":
        raise ValueError(f"an answer of shape {said.shape} and type {said.dtype}, not (1, classes)")
    if not abs(float(said.sum()) - 1) < 1e-3 or said.min() < 0:  # not a number is neither
        raise ValueError(f"probabilities that sum to {float(said.sum()):g}, not to 1")


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

    dtype = image_type(part)

    def ask(images):
        bounded(len(images))
        # Found through what was restored, which is so kept: the signature needs its variables.
        signature = restored.signatures["serving_default"]
        return signature(image=tf.constant(images, dtype))["probabilities"].numpy()

    return ask, image_shape(part), dtype


def _keras(file):
    from keras_mnist.base.backend import keras, tf

    network: Any = keras.saving.load_model(file, safe_mode=True)  # told to be any object
    dtype = network.inputs[0].dtype
    image = tf.TensorSpec(network.input_shape, dtype)
    called = tf.function(lambda images: network(images, training=False), input_signature=[image])

    def ask(images):
        return called(tf.constant(images, dtype)).numpy()

    return ask, network.input_shape[1:], dtype


def _litert(file):
    module = extras.load(OPTIONAL["litert"][0], "litert", "a LiteRT network")
    interpreter = module.Interpreter(model_path=str(file), num_threads=os.cpu_count())
    runner = interpreter.get_signature_runner("serving_default")

    def ask(images):
        return runner(image=images)["probabilities"]

    image = runner.get_input_details()["image"]
    return ask, image["shape"][1:], image["dtype"]


def _onnx(file):
    module = extras.load("onnxruntime", "onnx", "an ONNX network")
    session = module.InferenceSession(file, providers=["CPUExecutionProvider"])

    def ask(images):
        return session.run(["probabilities"], {"image": images})[0]

    image = session.get_inputs()[0]
    return ask, image.shape[1:], _ONNX_TYPES[image.type]


def _numpy(file):
    steps, arrays = read_plain(file)
    shape = steps[0].get("shape", (28, 28))
    return plain_network(steps, arrays), shape, steps[0].get("dtype", "uint8")


_ONNX_TYPES = {
    "tensor(uint8)": "uint8",
    "tensor(float)": "float32",
    "tensor(int32)": "int32",
}
_LOADERS = {
    "saved_model": _saved_model,
    "keras": _keras,
    "litert": _litert,
    "onnx": _onnx,
    "numpy": _numpy,
}
