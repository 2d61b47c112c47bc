"""`keras-mnist doctor`: what there is on this machine, what is missing, and what to do about it."""

import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import keras_mnist
from keras_mnist.base import extras
from keras_mnist.base.errors import KerasMnistError, shown
from keras_mnist.command import Parser, guarded
from keras_mnist.options import add_runs_option
from keras_mnist.reporting.wording import count
from keras_mnist.runs.executors.devices import gpus
from keras_mnist.runs.executors.local import checked_jobs, usable_cores
from keras_mnist.start import command

OK, NOTE, MISSING = "ok", "note", "missing"
_SHOWN = ("keras", "numpy", "keras-tuner")  # whose versions are told, beside TensorFlow's
_PATIENCE = 120  # seconds that TensorFlow may take to load
_ROOM = 2**28  # bytes that a study of some thousand runs takes


class Row(NamedTuple):
    """What was found of one thing.

    Attributes:
        name: of the thing.
        state: `OK`, `NOTE` (it can be done without) or `MISSING`.
        found: what there is, in words.
        todo: what to do about it, a line each.
    """

    name: str
    state: str
    found: str
    todo: tuple[str, ...] = ()


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="keras-mnist doctor",
        description="Say what there is: versions, device, data, stored runs; and what to do about "
        "what is missing. Nothing is downloaded. The exit code is 1 where something needed is not "
        "there.",
    )
    add_runs_option(top)
    top.add_argument("--json", action="store_true", help="print the same as a JSON object")
    return top


def packages() -> Row:
    """Return what is installed of what this package needs."""
    needed = extras.requirements() or ["tensorflow", *_SHOWN]
    bad = [one for one in needed if not extras.satisfied(one)]
    versions = [f"{name} {extras.version(name)}" for name in _SHOWN if extras.version(name)]
    if not bad:
        return Row("packages", OK, ", ".join(versions))
    there = [f"{name} {extras.version(name) or 'absent'}" for name in map(extras.name_of, bad)]
    return Row(
        "packages",
        MISSING,
        f"not as needed: {', '.join(there)}",
        (extras.install([*map(extras.as_there, bad)]),),
    )


def optional() -> Row:
    """Return which of the optional packages are there."""
    names = extras.names()
    if not names:
        return Row("extras", NOTE, "not known: keras-mnist itself was not installed by pip")
    absent = [name for name in names if not all(map(extras.satisfied, extras.requirements(name)))]
    there = ", ".join(name for name in names if name not in absent) or "none"
    if not absent:
        return Row("extras", OK, there)
    wanted = ", ".join(f"{name} {shlex.join(extras.requirements(name))}" for name in absent)
    return Row("extras", NOTE, there, (f"Without these, each of which pip installs: {wanted}",))


def device() -> Row:
    """Return what TensorFlow trains on, as a process of its own says that loads it."""
    asked = [one for one in extras.requirements() if extras.name_of(one).startswith("tensorflow")]
    wanted = extras.as_there((asked or ["tensorflow"])[0])
    anew = (f"{extras.install([wanted])} --force-reinstall",)
    begun = time.monotonic()
    try:
        line = command("keras_mnist.training.devices")
        done = subprocess.run(line, capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return Row("tensorflow", MISSING, f"does not load within {_PATIENCE} s", anew)
    if done.returncode:
        said = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        return Row("tensorflow", MISSING, f"does not load: {shown(said)}", anew)
    place = done.stdout.strip().splitlines()[-1]
    took = f"loads in {time.monotonic() - begun:.0f} s"
    found = f"{extras.version('tensorflow')}, {took}, trains on {place}"
    if gpus() and place == "CPU":
        return Row("tensorflow", NOTE, f"{found}: the GPU is not used", ("See docs/machines.md",))
    return Row("tensorflow", OK, found)


def cores() -> Row:
    """Return how many runs go side by side."""
    at_once = count(checked_jobs(None), "run")
    there = f"{usable_cores()}, GPUs {gpus()}"
    return Row("cores", OK, f"{there}: {at_once} at once, one thread each (--jobs)")


_GET = "the first command downloads it or, without a network, takes scikit-learn's digits"


def data() -> Row:
    """Return where MNIST lies, as far as it can be known without a network."""
    from keras_mnist.data.mnist import VARIABLE, lying, read_lying

    path, whence = lying()
    if path is None:
        todo = f"Without a network: set {VARIABLE} to an MNIST file"
        return Row("data", NOTE, f"no MNIST here yet; {_GET}", (todo,))
    try:
        dataset = read_lying(path, whence)
    except KerasMnistError as error:
        found = f"{error.requirement}: {error.received}"
        return Row("data", MISSING, found, (error.remedy or f"Set {VARIABLE} to an MNIST file",))
    kind = "MNIST" if dataset.canonical else f"{dataset.name}, not the canonical MNIST"
    return Row("data", OK if dataset.canonical else NOTE, f"{kind}, {path} ({whence})")


def store(runs: str) -> Row:
    """Return how many records a folder has, and whether more can be written there."""
    folder = Path(runs)
    if os.path.lexists(folder) and not folder.is_dir():
        return Row("store", MISSING, f"{runs} is no folder", ("Name a folder with --runs",))
    records = sum(1 for _ in folder.glob("*/seed-*.json"))
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    found = f"{runs}: {count(records, 'record')}" if records else f"{runs}: no records yet"
    if not os.access(there, os.W_OK | os.X_OK):
        todo = "Name a folder that can be written with --runs"
        return Row("store", MISSING, f"{found}, and none can be written", (todo,))
    free = shutil.disk_usage(there).free
    found += f", {free / 2**30:.1f} GiB free"
    if free < _ROOM:
        return Row("store", MISSING, found, ("Make room, or name another folder with --runs",))
    return Row("store", OK, found)


def rows(runs: str) -> Iterator[Row]:
    """Yield what there is, a thing at a time; what cannot be looked at is a row, too."""
    home = Path(keras_mnist.__file__).parent
    yield Row("keras-mnist", OK, f"{keras_mnist.__version__}, {home}")
    system = f"{platform.system()} {platform.machine()}"
    yield Row("python", OK, f"{platform.python_version()} on {system}, {sys.executable}")
    looks: dict[str, Callable[[], Row]] = {
        "packages": packages,
        "cores": cores,
        "data": data,
        "store": lambda: store(runs),
        "extras": optional,
        "tensorflow": device,  # which takes seconds
    }
    if not extras.installed("tensorflow"):
        del looks["tensorflow"]  # the row of packages says it
    for name, look in looks.items():
        try:
            yield look()
        except KerasMnistError as error:
            yield Row(name, MISSING, f"{error.requirement}: {error.received}", (error.remedy,))
        except (OSError, ImportError) as error:
            yield Row(name, MISSING, shown(error))


def main(arguments=None) -> int:
    """Print what there is and return the exit code: 1 if something needed is missing."""
    options = parser().parse_args(arguments)
    found = []
    for row in rows(options.runs):
        found.append(row)
        if not options.json:
            print(f"{row.state:8s} {row.name:12s} {row.found}", flush=True)
            for line in filter(None, row.todo):
                print(f"{'':21s} {line}", flush=True)
    bad = [row.name for row in found if row.state == MISSING]
    if options.json:
        print(json.dumps({"ok": not bad, "rows": [row._asdict() for row in found]}, indent=1))
    else:
        print(f"missing: {', '.join(bad)}" if bad else "everything needed is there")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(guarded(main))
