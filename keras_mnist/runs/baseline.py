"""The experiment that a name stands for: a published network's, or a person's own."""

from pathlib import Path

from keras_mnist.base.choice import choices_of
from keras_mnist.base.errors import ExperimentError
from keras_mnist.documents import Document, published, published_named
from keras_mnist.experiment import Experiment
from keras_mnist.networks.argument import HP
from keras_mnist.networks.code import code_of_file
from keras_mnist.networks.own import Origin, Own, network_of
from keras_mnist.networks.saved import SUFFIX, code_of_saved
from keras_mnist.runs.described import learn_networks, remembered, signature_asked


def names_a_file(what: str) -> bool:
    """Return whether `what` names a file of the person's: `mine.py:other`, `mine.keras`."""
    return Path(_path(what)).suffix in (".py", SUFFIX)


def _path(what: str) -> str:
    return what.rpartition(":")[0] if ".py:" in what else what


def own_named(what: str, runs: Path | str) -> Own:
    """Return the network that a person's file builds, its arguments at their defaults.

    Of a file that is gone, what its stored runs tell.

    Raises:
        ExperimentError: there is no such file or function, or its arguments cannot be flags.
    """
    path = Path(_path(what))
    try:
        code, signature = code_of_saved(path) if path.suffix == SUFFIX else code_of_file(what)
    except ExperimentError:
        found = None if path.exists() else remembered(path.name + what[len(_path(what)) :], runs)
        if found is None:
            raise
        return found
    if signature is None or HP in signature.given:  # what only a run of the file tells
        signature = signature_asked(code)
    return network_of(Origin(code.name, signature, code))()


def baseline_named(what: str, runs: Path | str = "runs") -> tuple[Document | None, Experiment]:
    """Return the experiment that a network's name stands for, and its document if it has one.

    Args:
        what: a published network, or a person's file.
        runs: the folder of stored runs.

    Raises:
        ExperimentError: it is neither; or as in `own_named`.
    """
    if names_a_file(what):
        return None, Experiment(network=own_named(what, runs))
    if what not in published() and Path(what).exists():
        raise ExperimentError(
            f"{what} must be a published network or a file of Python code",
            "another file",
            "Own networks: mine.py, with a function network(shape, classes), or a saved mine.keras",
        )
    return published_named(what)


def with_code(recorded: Experiment, what: str, runs: Path | str | None = None) -> Experiment:
    """Return a record's experiment with the code that builds its network, which no record has.

    Args:
        recorded: an experiment as a record tells it; one on a built-in network is returned as it
            is.
        what: a person's file.
        runs: the folder of stored runs; `None`: nothing is kept of what is built.

    Raises:
        ExperimentError: the file builds another network.
    """
    told = recorded.network
    if not isinstance(told, Own):
        return recorded
    kind = type(own_named(what, runs or "."))
    have, asked = choices_of(kind), told.arguments
    if unknown := sorted(asked.keys() - have.keys()):
        raise _another(what, told, f"one without the argument {unknown[0]}")
    network = kind(**asked)
    found = recorded.change(network=network)
    learn_networks([found], runs)
    before = told.known(recorded.shape, recorded.data.classes)
    if before and network.built(found.shape, found.data.classes).digest != before.digest:
        raise _another(what, told, "one that builds otherwise")
    return found


def _another(what: str, told: Own, received: str) -> ExperimentError:
    return ExperimentError(
        f"{what} must build the network of the record, {told.origin.name}",
        received,
        "Name the file as it was then",
    )
