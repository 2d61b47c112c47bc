"""The first module of this package's processes; as a script, it runs another of its modules.

It finds the package in its own folder, and nothing else there: in a checkout that may be the folder
that the person works in.
"""

import os
import sys
from importlib.machinery import PathFinder

PACKAGES = ("keras_mnist", "tuner")
ROOT = os.path.abspath(__file__).rsplit(os.sep, 3)[0]
try:
    FOLDER = os.getcwd()
except OSError:  # it was removed
    FOLDER = ""


class Finder:
    """Python's own finder, for these packages alone."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Return where a package lies, as Python asks it of a finder."""
        return PathFinder.find_spec(name, [ROOT]) if name in PACKAGES else None


def find_packages() -> None:
    """Find these packages where this module lies, whatever lies elsewhere."""
    sys.meta_path.insert(0, Finder)


def leave_folder() -> None:
    """Import nothing more from the current folder, if this is `python -m` of one of our commands.

    Called first of all. In a notebook, a script or a command of the person's that folder is theirs.
    """
    if sys.argv[:1] != ["-m"] or sys.flags.safe_path:  # Python is about to find the module
        return
    module = sys.orig_argv[-len(sys.argv)].removeprefix("-m")
    if module.partition(".")[0] in PACKAGES and sys.path[:1] == [FOLDER]:
        del sys.path[0]
        find_packages()


if __name__ in ("__main__", "keras_mnist_start"):  # not as a part of the package
    find_packages()
if __name__ == "__main__":
    import runpy

    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
