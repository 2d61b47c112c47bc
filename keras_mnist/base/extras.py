"""Optional packages: what brings them, said where one is missing."""

import contextlib
import importlib.util
import shlex
import sys
from importlib import import_module, metadata

from keras_mnist.base.errors import ExperimentError

OURS = "keras-mnist"  # as it was installed
_DEVELOPMENT = ("bench", "docs", "fuzz", "test")  # the extras of those who work on this package


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


def requirements(extra: str = "") -> list[str]:
    """Return what an extra of this package brings, as pip takes it, or what the package needs.

    It is read from what was installed, for no index has this package: its extra cannot be
    installed by name.

    Args:
        extra: its name; empty: what is needed in any case.

    Returns:
        Requirements such as `distributed>=2026.8`; none where the package was not installed, or
        was before it had the extra.
    """
    from packaging.requirements import Requirement

    try:
        declared = [Requirement(text) for text in metadata.requires(OURS) or ()]
    except metadata.PackageNotFoundError:
        return []
    found = []
    for one in declared:
        always, here = (
            one.marker is None or one.marker.evaluate({"extra": name}) for name in ("", extra)
        )
        if here and always != bool(extra):
            one.marker = None
            ours = one.name == OURS  # an extra made of others
            found += [text for e in sorted(one.extras) for text in requirements(e)] * ours
            found += [str(one)] * (not ours)
    return list(dict.fromkeys(found))


def remedy(extra: str, *otherwise: str) -> str:
    """Return the command that installs what an extra brings.

    Args:
        extra: its name.
        otherwise: the packages to name where nothing tells what it brings.
    """
    return install([*(requirements(extra) or otherwise)])


def install(wanted: list[str]) -> str:
    """Return the command that installs requirements."""
    return shlex.join(["pip", "install", *wanted])


def names() -> list[str]:
    """Return the extras there are for those who use the package; none where it is not installed."""
    try:
        declared = metadata.metadata(OURS).get_all("Provides-Extra") or ()
    except metadata.PackageNotFoundError:
        return []
    return sorted(set(declared) - {*_DEVELOPMENT})


def name_of(requirement: str) -> str:
    """Return which package a requirement is about."""
    from packaging.requirements import Requirement

    return Requirement(requirement).name


def version(package: str) -> str:
    """Return the installed version of a package, or of another that brings its module; or none."""
    there = _there(package)
    return metadata.version(there) if there else ""


def _there(package: str) -> str:
    """Return the name of a package if it is installed, or of another that brings its module."""
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        module = package.replace("-", "_")
        others = metadata.packages_distributions().get(module, ()) if installed(module) else ()
        return next(iter(others), "")
    return package


def as_there(requirement: str) -> str:
    """Return a requirement of the package that is there in place of the one it names, if any is."""
    from packaging.requirements import Requirement

    asked = Requirement(requirement)
    asked.name = _there(asked.name) or asked.name
    return str(asked)


def satisfied(requirement: str) -> bool:
    """Return whether what is installed is what a requirement asks for."""
    from packaging.requirements import Requirement

    asked = Requirement(requirement)
    there = version(asked.name)
    return bool(there) and asked.specifier.contains(there, prereleases=True)


def _missing(module: str, extra: str, what_for: str) -> ExperimentError:
    return ExperimentError(
        f"{what_for} needs the package {module}",
        "not installed",
        remedy(extra, module.partition(".")[0]),
    )
