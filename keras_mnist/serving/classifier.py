"""Exported networks asked: examples in, probabilities out, whatever the format."""

import functools
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keras_mnist.base import extras
from keras_mnist.base.errors import ExperimentError, KerasMnistError, StoreError
from keras_mnist.base.quiet import silenced
from keras_mnist.serving.formats import ANSWER, FILES, OPTIONAL
from keras_mnist.serving.plain import plain_network, read_plain

BATCH = 1000
_QUICKEST = ("numpy", "litert", "saved_model")  # to answer from nothing; the last takes TensorFlow


@dataclass(frozen=True)
class Classifier:
    """An exported network in one of its formats.

    Attributes:
        path: the version's folder, or a file of a network.
        format: of `FILES`.
        ask: from examples (n, *shape) to float32 (n, classes), for n of any size that memory holds.
        shape: of an example: (28, 28) of MNIST's.
        dtype: of examples: `uint8`, levels from 0 to 255; `float32`; `int32`.
        classes: how many there are.
    """

    path: Path
    format: str
    ask: Callable
    shape: tuple[int, ...]
    dtype: str
    classes: int

    def __call__(self, examples: np.ndarray) -> np.ndarray:
        """Return the probabilities of the classes for each example, in batches.

        Args:
            examples: of its dtype, (n, *shape), as those it was trained on; of MNIST's form, 0-255,
                ink light on dark.

        Returns:
            float32 (n, classes), n at least 1.

        Raises:
            StoreError: the examples are of another shape or kind.
        """
        received = examples.shape[1:], examples.dtype.name
        if received != (self.shape, self.dtype):
            raise StoreError(
                f"{self.path} must be asked for examples of {self.shape}, {self.dtype}",
                f"{received[0]}, {received[1]}",
            )
        starts = range(0, len(examples), BATCH)
        parts = [self.ask(examples[start : start + BATCH]) for start in starts]
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
            classes = _shares(ask(np.zeros((1, *shape), dtype)))
    except KerasMnistError:
        raise
    except Exception as error:  # what a damaged file makes its library raise is not documented
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise StoreError(f"{file} must be a whole network of this package", said) from None
    return Classifier(path, name, ask, shape, dtype, classes)


def _shares(said) -> int:
    """Return of how many classes these are the probabilities, for one example.

    Raises:
        ValueError: they are none.
    """
    said = np.asarray(said)
    if said.ndim != 2 or len(said) != 1 or said.dtype.kind != "f":
        raise ValueError(f"an answer of shape {said.shape} and type {said.dtype}, not (1, classes)")
    if not abs(float(said.sum()) - 1) < 1e-3 or said.min() < 0:  # not a number is neither
        raise ValueError(f"probabilities that sum to {float(said.sum()):g}, not to 1")
    return said.shape[1]


def _usable(folder: Path, name: str) -> bool:
    there = (folder / FILES[name]).is_file()
    return there and all(map(extras.installed, OPTIONAL.get(name, ())))


def _saved_model(file):
    from keras_mnist.serving.extent import example_of, largest_batch
    from keras_mnist.serving.operations import answering_part

    part = answering_part(file)
    largest = functools.cache(functools.partial(largest_batch, part))
    largest(1)
    name, dtype, shape = example_of(part)
    from keras_mnist.base.backend import tf

    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / file.name).write_bytes(part.SerializeToString())
        (Path(scratch) / "variables").symlink_to(file.parent.resolve() / "variables")
        restored = tf.saved_model.load(scratch)

    def ask(examples):
        size = largest(len(examples))
        # Found through what was restored, which is so kept: the signature needs its variables.
        signature = restored.signatures["serving_default"]
        return np.concatenate(
            [
                signature(**{name: tf.constant(examples[i : i + size], dtype)})[ANSWER].numpy()
                for i in range(0, len(examples), size)
            ]
        )

    return ask, shape, dtype


def _keras(file):
    from keras_mnist.networks.saved import code_of_saved

    try:
        code_of_saved(file)  # by class and module, before Keras looks for any of them
    except ExperimentError as error:
        raise ValueError(str(error)) from None
    from keras_mnist.base.backend import tf
    from keras_mnist.training.build.room import load_saved, require_small_results

    network: Any = load_saved(file)  # whose input is told to be anything
    require_small_results(network, file, 1)
    dtype = network.inputs[0].dtype
    example = tf.TensorSpec(network.input_shape, dtype)
    called = tf.function(lambda given: network(given, training=False), input_signature=[example])

    def ask(examples):
        return called(tf.constant(examples, dtype)).numpy()

    return ask, network.input_shape[1:], dtype


def _litert(file):
    module = extras.load(OPTIONAL["litert"][0], "litert", "a LiteRT network")
    interpreter = module.Interpreter(model_path=str(file), num_threads=os.cpu_count())
    runner = interpreter.get_signature_runner("serving_default")
    ((name, about),) = runner.get_input_details().items()

    def ask(examples):
        return runner(**{name: examples})[ANSWER]

    return ask, about["shape"][1:], np.dtype(about["dtype"]).name


def _onnx(file):
    module = extras.load("onnxruntime", "onnx", "an ONNX network")
    session = module.InferenceSession(file, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()

    def ask(examples):
        return session.run([ANSWER], {given.name: examples})[0]

    return ask, given.shape[1:], _ONNX[given.type]


_ONNX = {"tensor(uint8)": "uint8", "tensor(float)": "float32", "tensor(int32)": "int32"}


def _numpy(file):
    steps, arrays = read_plain(file)
    about = steps[0]
    return plain_network(steps, arrays), about.get("shape", (28, 28)), about.get("dtype", "uint8")


_LOADERS = {
    "saved_model": _saved_model,
    "keras": _keras,
    "litert": _litert,
    "onnx": _onnx,
    "numpy": _numpy,
}
