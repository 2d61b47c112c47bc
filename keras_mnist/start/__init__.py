"""How Python processes of this package start: nothing that lies in the person's folder is imported.

Python looks for modules in the current folder first, or in that of the script. A `random.py` there
would run in every worker, in place of Python's own.
"""

import os
import sys

from keras_mnist.start.keras_mnist_start import FOLDER, Finder

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST = "keras_mnist_start"  # the one module that is found there by its name alone


def command(module: str, *arguments) -> list[str]:
    """Return the line that runs a module of this package in a process of its own."""
    return [sys.executable, "-P", os.path.join(HERE, f"{FIRST}.py"), module, *map(str, arguments)]


def environment() -> dict[str, str]:
    """Return what a Python process must have set to start without the current folder."""
    paths = [HERE, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(paths)}


def safe_path() -> list[str]:
    """Return where this process finds modules, less the folder that Python put there by itself."""
    path = [folder for folder in sys.path if folder]  # an empty one is the current folder
    if not sys.flags.safe_path and Finder not in sys.meta_path:  # or it is not there any more
        main = sys.modules["__main__"]
        script = getattr(main, "__spec__", None) is None and getattr(main, "__file__", None)
        own = os.path.dirname(os.path.realpath(script)) if script else FOLDER
        if own in path:
            path.remove(own)  # the first: it may have been named in PYTHONPATH, too
    return path
