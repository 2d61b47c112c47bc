"""A person's code in a worker: imported once, from the texts that came with the experiment."""

import importlib.abc
import importlib.util
import linecache
import pickle
import sys
import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from keras_mnist.base.backend import keras
from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.code import Code
from keras_mnist.networks.saved import SUFFIX
from keras_mnist.training.build.saved import network_of_saved

_FRAMES = 6  # of the person's own that a message shows


def function_of(code: Code) -> Callable:
    """Return the function that builds a network; its file is run once a process.

    Raises:
        ExperimentError: the file raises.
    """
    try:
        return _loaded(code)
    except (Exception, SystemExit) as error:
        raise ExperimentError(
            f"{code.name} must be a file that can be run", f"an exception:\n{told(error, code)}"
        ) from None


@lru_cache(maxsize=8)
def _loaded(code: Code) -> Callable:
    # What a file draws as it is run is the same for every run of it.
    keras.utils.set_random_seed(0)
    if code.function == SUFFIX:
        return network_of_saved(code)
    if not code.files:
        return pickle.loads(code.pickled)
    module, path, _ = code.files[0]
    folder = str(Path(path).parent)
    finder = _Texts(code)
    for name in finder.texts:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, finder)
    if folder not in sys.path:
        sys.path.append(folder)  # for what is imported by a name that only a run knows
    try:
        return getattr(importlib.import_module(module), code.function)
    finally:
        sys.meta_path.remove(finder)


class _Texts(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules that a code's texts are, and no others."""

    def __init__(self, code: Code):
        self.texts = {module: (path, text) for module, path, text in code.files}

    def find_spec(self, name, path=None, target=None):
        """Return how a module is loaded, if it is one of these."""
        if name not in self.texts:
            return None
        origin = self.texts[name][0]
        package = Path(origin).name == "__init__.py"
        spec = importlib.util.spec_from_loader(name, self, origin=origin, is_package=package)
        if spec:
            spec.has_location = True
        return spec

    def exec_module(self, module) -> None:
        """Run a module's text."""
        path, text = self.texts[module.__name__]
        # Tracebacks and `inspect` show the lines that were run, not those that stand there now.
        linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
        exec(compile(text, path, "exec"), module.__dict__)


def told(error: BaseException, code: Code) -> str:
    """Return an exception as its author would read it: the lines of the person's own files."""
    paths = {path for _, path, _ in code.files}
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename in paths or (not paths and "keras_mnist" not in frame.filename)
    ]
    lines = traceback.format_list(frames[-_FRAMES:]) + traceback.format_exception_only(error)
    return "".join(lines).rstrip()
