"""What people's own networks build to: asked of a worker, and kept beside the runs.

A network is built in a worker, as everything that needs TensorFlow; what came of it is kept by its
code, so that stored runs are found, and shown, without building anything again.
"""

import contextlib
import dataclasses
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from keras_mnist.base.errors import ExperimentError, StoreError, Unbuildable, stored_as
from keras_mnist.base.files import write_whole
from keras_mnist.base.reading import read_json
from keras_mnist.experiment import Experiment
from keras_mnist.networks.argument import Signature, as_kept
from keras_mnist.networks.built import Built
from keras_mnist.networks.code import Code, kind_of
from keras_mnist.networks.own import Origin, Own, recorded
from keras_mnist.runs.executors.worker import Worker

FOLDER = "networks"  # in the folder of runs
_LARGEST = 2**24  # bytes of a file
_KEPT = "what was built must be kept as it was written"
_AT_ONCE = 8  # networks that a worker builds between two looks at its memory


def learn_networks(experiments: Iterable[Experiment], runs: Path | str | None) -> None:
    """See to it that each own network among `experiments` knows what it builds.

    Args:
        experiments: on their data.
        runs: the folder of stored runs; `None`: nothing is kept.

    Raises:
        ExperimentError: one cannot be built; nothing has been trained by then.
        WorkerError: the process that builds them ended.
    """
    own = {
        (e.network, e.shape, e.data.classes): None
        for e in experiments
        if isinstance(e.network, Own)
    }
    unknown = [(n, shape, classes) for n, shape, classes in own if not n.known(shape, classes)]
    for origin in dict.fromkeys(network.origin for network, *_ in unknown):
        _recall(origin, runs)
    asked = [(n, shape, classes) for n, shape, classes in unknown if not n.known(shape, classes)]
    if not asked:
        return
    for (network, shape, classes), found in zip(asked, _ask(_describe, asked), strict=True):
        if not isinstance(found, Built):
            raise Unbuildable(f"{_named(network)}: {found[0]}", *found[1:])
        network.learn(shape, classes, found)
    for origin in dict.fromkeys(network.origin for network, _, _ in asked):
        _keep(origin, runs)


def require_code(experiments: Iterable[Experiment]) -> None:
    """Check that what is to be trained can be built.

    Raises:
        ExperimentError: a network of a person's own is known from records alone.
    """
    for experiment in experiments:
        if isinstance(experiment.network, Own):
            _ = experiment.network.code


def _named(network: Own) -> str:
    changed = [
        f"{one.name} {getattr(network, one.name)}"
        for one in network.origin.signature.arguments
        if getattr(network, one.name) != one.default
    ]
    return ", ".join([network.origin.name, *changed])


@cache  # a command asks for its flags, and again for its baseline
def signature_asked(code: Code) -> Signature:
    """Return the signature of a file's function that only running the file tells.

    Raises:
        ExperimentError: the file raises, or an argument cannot be a flag.
    """
    (found,) = _ask(_signatures, [code])
    if not isinstance(found, Signature):
        raise ExperimentError(*found)
    return found


def _ask(function, asked: list) -> list:
    """Return what a function says of each, in a worker; in another where that one has grown."""
    worker, said = Worker(_ready, ()), []
    try:
        for start in range(0, len(asked), _AT_ONCE):
            if not worker.usable:
                worker = Worker(_ready, ())
            part = asked[start : start + _AT_ONCE]
            said += worker.call(function, (part,), lambda event: None)
    finally:
        worker.kill()
    return said


def _ready(emit) -> None:
    from keras_mnist.training.run import use_one_thread

    use_one_thread()


def _describe(asked: list) -> list:
    from keras_mnist.training.build.described import described

    return described(asked)


def _signatures(codes: list) -> list:
    from keras_mnist.training.build.described import signatures

    return signatures(codes)


def _path(origin: Origin, runs: Path | str | None) -> Path | None:
    """Return where a file's networks are kept; of a function at hand nothing is."""
    if runs is None or origin.code is None or not origin.code.files:
        return None
    return Path(runs) / FOLDER / f"{kind_of(origin.name)}-{origin.code.digest[:16]}.json"


def _keep(origin: Origin, runs: Path | str | None) -> None:
    path = _path(origin, runs)
    if path is None:
        return
    built = [
        {"arguments": arguments, "shape": shape, "classes": classes, "built": built.to_dict()}
        for (arguments, shape, classes), built in origin.known.items()
    ]
    about = {"network": origin.name, "keras": version("keras")}
    signature = dataclasses.asdict(origin.signature)
    content = {**about, "signature": signature, "built": built}
    write_whole(path, json.dumps(content, indent=1, allow_nan=False) + "\n")


def _recall(origin: Origin, runs: Path | str | None) -> None:
    """Let an origin know what was built of it before, by the same code and the same Keras."""
    path = _path(origin, runs)
    content = _read(path) if path else None
    if content and content.get("keras") == version("keras"):
        with contextlib.suppress(StoreError), stored_as(_KEPT):  # else it is built again
            for one in content["built"]:
                values = tuple(map(as_kept, one["arguments"]))
                place = values, tuple(one["shape"]), one["classes"]
                origin.known.setdefault(place, Built.from_dict(one["built"]))


def _read(path: Path) -> dict | None:
    try:
        content = read_json(path, _LARGEST)
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def remembered(name: str, runs: Path | str) -> Own | None:
    """Return the network that was last built by this name, whose file may be gone.

    Its stored runs can be shown; none can be trained.
    """
    paths = Path(runs, FOLDER).glob("*.json")
    contents = [(path.stat().st_mtime, path, _read(path)) for path in paths]
    for _, _, content in sorted(contents, key=lambda one: one[0], reverse=True):
        if content and content.get("network") == name:
            with contextlib.suppress(StoreError), stored_as(_KEPT):
                return _remembered(content)
    return None


def _remembered(content: dict) -> Own:
    found: Own | None = None
    names = [one["name"] for one in content["signature"]["arguments"]]
    for one in content["built"]:
        arguments = dict(zip(names, one["arguments"], strict=True))
        told = {**content, "arguments": arguments, "built": one["built"]}
        network = recorded(told, tuple(one["shape"]), one["classes"])
        if found is None:
            found = type(network)()
        found.origin.known.update(network.origin.known)
    if found is None:
        raise ValueError("nothing was built")
    return found
