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
TOLERANCE = {"saved_model": 1e-5, "keras": 1e-5, "litert": 1e-5, "onnx": 1e-5, "numpy": 1e-5}


def checked_formats(text: str) -> list[str]:
    """Return the formats that `--format` names; a SavedModel is always among them.

    Raises:
        ExperimentError: an unknown format, or one whose packages are not installed.
    """
    names = list(dict.fromkeys(["saved_model", *filter(None, text.split(","))]))
    for name in names:
        if name not in FILES:
            raise ExperimentError(f"--format {name} must be a format", None, nearest(name, FILES))
        extras.require(OPTIONAL.get(name, ()), name, f"--format {name}")
    return names
