"""Optional packages: what brings them, said where one is missing."""

from importlib import import_module

from keras_mnist.errors import ExperimentError


def load(module: str, extra: str, what_for: str):
    """Return an imported module of an optional package.

    Args:
        module: its name.
        extra: the extra of this package that installs it.
        what_for: what needs it, as a sentence begins.

    Raises:
        ExperimentError: it is not installed; the remedy is the command that installs it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ExperimentError(
            f"{what_for} needs an optional package", error, f"pip install 'keras-mnist[{extra}]'"
        ) from None
