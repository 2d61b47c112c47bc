"""Things known by name before they are imported, so that what is not asked for costs nothing."""

from importlib import import_module


def load(name: str):
    """Return what stands in a module: of `package.module.thing`, the thing."""
    module, _, thing = name.rpartition(".")
    return getattr(import_module(module), thing)
