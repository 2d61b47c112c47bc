"""The formats in which a network leaves, and the file that each is, in a version's folder."""

from keras_mnist.base import extras
from keras_mnist.base.errors import ExperimentError, nearest

# By format: the file whose presence says that it is there.
FILES = {
    "saved_model": "saved_model.pb",
    "keras": "model.keras",
    "litert": "model.tflite",
    "onnx": "model.onnx",
    "numpy": "model.npz",
}
# By format: the optional modules it takes, all of one extra of the same name.
OPTIONAL = {"litert": ("ai_edge_litert.interpreter",), "onnx": ("tf2onnx", "onnxruntime")}
DEFAULT = "numpy"  # besides the SavedModel: `predict` starts at once with it
ANSWER = "probabilities"  # of what a network's signature gives
TOLERANCE = {"saved_model": 1e-5, "keras": 1e-5, "litert": 1e-5, "onnx": 1e-5, "numpy": 1e-5}
# Named data sets of MNIST's form that show something else than digits as MNIST has them.
_OTHERS = ("fashion_mnist", "kmnist")


def shows_digits(shape: tuple[int, ...], classes: int, data: dict) -> bool:
    """Return whether examples are digits of MNIST's form: grey, 28 x 28, ten classes without names.

    Args:
        shape: of an example.
        classes: how many there are.
        data: what a record says of the data set; empty where that is not known.
    """
    form = shape == (28, 28) and classes == 10
    return form and not data.get("class_names") and data.get("name") not in _OTHERS


def checked_formats(text: str | None) -> list[str]:
    """Return the formats that `--format` names; a SavedModel is always among them.

    Where it is not given, `numpy` is the other.

    Raises:
        ExperimentError: an unknown format, or one whose packages are not installed.
    """
    asked = (DEFAULT if text is None else text).split(",")
    names = list(dict.fromkeys(["saved_model", *filter(None, asked)]))
    for name in names:
        if name not in FILES:
            raise ExperimentError(f"--format {name} must be a format", None, nearest(name, FILES))
        extras.require(OPTIONAL.get(name, ()), name, f"--format {name}")
    return names
