"""A function sent by value: its code and what it refers to, not the name of a place."""

import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import cloudpickle

from keras_mnist.base.errors import ExperimentError


def by_value(function: Callable, name: str) -> bytes:
    """Return a function, with what it uses of modules that are not installed, as bytes.

    Raises:
        ExperimentError: it refers to what cannot be sent, an open file, say.
    """
    local = [module for module in list(sys.modules.values()) if _is_local(module)]
    for module in local:
        cloudpickle.register_pickle_by_value(module)
    try:
        return cloudpickle.dumps(function)
    except Exception as error:  # whatever its parts raise
        raise ExperimentError(
            f"{name} must be a function that workers can be sent",
            f"{type(error).__name__}: {error}",
            "Make what it refers to inside it",
        ) from None
    finally:
        for module in local:
            cloudpickle.unregister_pickle_by_value(module)


def _is_local(module) -> bool:
    """Return whether a module is a file of the person's, which workers have no way to."""
    path, name = getattr(module, "__file__", None), getattr(module, "__name__", "")
    if not path or name == "__main__" or name.partition(".")[0] in ("keras_mnist", "tuner"):
        return False
    homes = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    place = Path(path).resolve()
    return not any(place.is_relative_to(Path(home).resolve()) for home in homes if home)
