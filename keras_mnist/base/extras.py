"""Optional packages: what brings them, said where one is missing."""

import contextlib
import importlib.util
import sys
from importlib import import_module

from keras_mnist.base.errors import ExperimentError


def installed(module: str) -> bool:
    """Return whether the package that holds `module` is there, without importing it."""
    return importlib.util.find_spec(module.partition(".")[0]) is not None


def require(modules: tuple[str, ...], extra: str, what_for: str) -> None:
    """Check for optional packages without importing them.

    Args:
        modules: their names.
        extra: the extra of this package that installs them.
        what_for: what needs them, as a sentence begins.

    Raises:
        ExperimentError: one is not installed; the remedy is the command that installs it.
    """
    for module in modules:
        if not installed(module):
            raise _missing(module, extra, what_for)


def load(module: str, extra: str, what_for: str):
    """Return an imported module of an optional package; arguments and errors as in `require`."""
    try:
        return import_module(module)
    except ImportError as error:
        raise _missing(error.name or module, extra, what_for) from None


@contextlib.contextmanager
def hidden(*modules: str):
    """Let an import of these fail meanwhile, as if they were not there, unless they are loaded.

    For others' packages that load them where they are there, for what nobody here asks of them.
    """
    absent = {name: None for name in modules if name not in sys.modules}
    sys.modules.update(absent)  # pyright: ignore[reportArgumentType, reportCallIssue]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _missing(module: str, extra: str, what_for: str) -> ExperimentError:
    return ExperimentError(
        f"{what_for} needs the package {module}",
        "not installed",
        f"pip install 'keras-mnist[{extra}]'",
    )
