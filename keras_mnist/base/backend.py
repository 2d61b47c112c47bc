"""The one place that imports TensorFlow and Keras, so that one computes with the other.

A run must mean the same whatever is set in `KERAS_BACKEND` and `~/.keras/keras.json`. TensorFlow
imports Keras by itself, so both come from here: `from keras_mnist.base.backend import keras, tf`.
And it must come to the same bits on processors of one architecture: XLA compiles for AVX2, which
all of the last ten years have, not for the widest that the one at hand offers.
"""

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from keras_mnist.base import extras
from keras_mnist.base.errors import ExperimentError

_FLOAT, _IMAGES, _EPSILON = "float32", "channels_last", 1e-7  # Keras's own defaults

ONE_FOR_ALL = "--xla_cpu_max_isa=AVX2"
_SINCE = (2, 19)  # TensorFlow; before, the bits are those of the widest instructions there are


def with_one_for_all(asked: str) -> str:
    """Return the value of `XLA_FLAGS` with the package's own flag last, which then counts.

    Args:
        asked: flags, or the name of a file of flags, as XLA takes either.
    """
    if asked.strip() and not asked.lstrip().startswith(("-", "'", '"')):
        try:
            asked = Path(asked).read_text()
        except (OSError, ValueError):
            return asked  # XLA itself says what is wrong with it
    return f"{asked.replace(ONE_FOR_ALL, '').strip()} {ONE_FOR_ALL}".strip()


def _is_known() -> bool:
    """Return whether the TensorFlow that is installed knows that flag; an unknown one ends it."""
    installed = extras.version("tensorflow")
    return not installed or tuple(map(int, installed.split(".")[:2])) >= _SINCE


if platform.machine() in ("x86_64", "AMD64") and _is_known():
    os.environ["XLA_FLAGS"] = with_one_for_all(os.environ.get("XLA_FLAGS", ""))
if "keras" not in sys.modules:
    os.environ["KERAS_BACKEND"] = "tensorflow"  # counts for more than the file
try:
    import tensorflow as tf
except (AssertionError, ValueError) as error:  # TensorFlow reads that file, too
    raise ExperimentError(
        "TensorFlow and Keras must take what is set for Keras",
        str(error) or type(error).__name__,
        "Mend or remove ~/.keras/keras.json, or what KERAS_HOME names instead",
    ) from None

if TYPE_CHECKING:
    import keras

__all__ = ["keras", "tf"]


def __getattr__(name: str):
    """Return `keras`, which not all that need TensorFlow need, set as runs take it to be.

    Raises:
        ExperimentError: this process has imported Keras over something else.
    """
    if name != "keras":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import keras

    if keras.config.backend() != "tensorflow":
        raise ExperimentError(
            "Keras must compute with TensorFlow",
            f"Keras with {keras.config.backend()}, imported before in this process",
            "Start Python, or the notebook's kernel, again with KERAS_BACKEND=tensorflow",
        )
    keras.config.set_floatx(_FLOAT)
    keras.config.set_image_data_format(_IMAGES)
    keras.config.set_epsilon(_EPSILON)
    return keras
