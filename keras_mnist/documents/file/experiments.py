"""A file's experiments: a baseline, and by name what each changes of it."""

from collections.abc import Callable

from keras_mnist.base.choice import Choice, choices_of
from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.base.metrics import BY_EPOCH, METRICS
from keras_mnist.documents.file.source import Node
from keras_mnist.documents.file.values import plain_value
from keras_mnist.experiment import Experiment
from keras_mnist.networks import NETWORKS, Network

OwnNetworks = Callable[[Node], Network]  # what a file that a document names builds
_PARTS = ("data", "pixels", "augmentation", "network", "fit")


class Experiments:
    """The experiments of a document's file.

    Args:
        top: the whole file.
        own: called where a network is a file of Python code.

    Attributes:
        baseline: the experiment that all others change.
        changes: by name, what of it each changes, as `Experiment.change` takes it.

    Raises:
        DocumentError: a choice or a value that there is not.
    """

    def __init__(self, top: Node, own: OwnNetworks):
        self._own, self._found = own, {}
        node = top["baseline"]
        given = dict(node.items())
        if "network" not in given:
            raise node.error(
                "the baseline must name its network",
                None,
                f"{', '.join(NETWORKS)}, or a file of yours: mine.py",
            )
        self.baseline = _made(node, Experiment(), self._changes(given, Experiment()))
        self.changes: dict[str, dict] = {}
        written: dict[str, dict[str, Node]] = {}
        for name, table in top["experiments"].items():
            given = dict(table.items())
            if like := given.pop("like", None):
                if like.value not in written:
                    known = nearest(like.value, written, "There is none: their order counts")
                    raise like.error("like must name an experiment above it", like.value, known)
                given = written[like.value] | given
            written[name] = given
            self.changes[name] = self._changes(given, self.baseline)
            self._found[name] = _made(table, self.baseline, self.changes[name])
        if not self.changes:
            raise top["experiments"].error(
                "a document must have an experiment", None, '"as described" = {} is the baseline'
            )

    def _changes(self, given: dict[str, Node], base: Experiment) -> dict:
        """Return what some choices, each as it was written, change of an experiment."""
        named = given.get("network")
        network = self._network(named) if named else base.network
        its = choices_of(type(network))
        known = its | {
            name: choice
            for name, choice in Experiment(network=network).choices.items()
            if choice.flag and name not in _PARTS
        }
        values = {n: _value(n, node, known) for n, node in given.items() if n != "network"}
        if named is None:
            return values
        of_it = {name: value for name, value in values.items() if name in its}
        try:
            whole = network.change(**of_it)
        except ExperimentError as error:
            raise named.placed(error) from None
        return {"network": whole} | {n: v for n, v in values.items() if n not in of_it}

    def _network(self, named: Node) -> Network:
        what = named.value
        if what in NETWORKS:
            return NETWORKS[what]()
        if ".py" in what:
            return self._own(named)
        raise named.error(
            "network must be a built-in one or a file of Python code, such as mine.py",
            what,
            nearest(what, NETWORKS),
        )

    def of(self, name: str) -> Experiment:
        """Return the experiment of that name."""
        return self._found[name]

    def named(self, node: Node) -> str:
        """Return the name of an experiment that stands in the file.

        Raises:
            DocumentError: there is none of that name; near names are told.
        """
        if node.value not in self.changes:
            raise node.error(
                "it must name an experiment of the document",
                repr(node.value),
                nearest(str(node.value), self.changes),
            )
        return node.value

    def require_measured(self, node: Node, name: str, metric: str, epoch: str | int) -> None:
        """Raise `DocumentError` unless a run of an experiment has a metric after an epoch."""
        if metric not in METRICS:
            raise node.error(f"{metric!r} must be a metric", None, nearest(metric, METRICS))
        experiment = self.of(name)
        held_out, epochs = experiment.data.validation_split, experiment.fit.epochs
        if not metric.startswith(("train_", "test_", "plain_")) and not held_out:
            raise node.error(
                f"{metric} of {name} must have images held out",
                "validation_split 0",
                "Without any, test_loss and test_accuracy are measured after each epoch",
            )
        if epoch == "last":
            return
        self.require_epoch(node, name, epoch)
        by_epoch = [m for m in BY_EPOCH if m.startswith(("train_", experiment.data.watched))]
        if metric not in by_epoch:
            raise node.error(
                f"{metric} of {name} must be measured after each of its {epochs} epochs",
                "test images that are looked at once, as there are others for validation"
                if held_out
                else None,
                f"There are {', '.join(by_epoch)}",
            )

    def require_epoch(self, node: Node, name: str, epoch: str | int) -> None:
        """Raise `DocumentError` unless an experiment has an epoch of that number."""
        epochs = self.of(name).fit.epochs
        if type(epoch) is not int or not 1 <= epoch <= epochs:
            raise node.error(f"an epoch of {name} must be from 1 to {epochs}", epoch)


def _value(name: str, node: Node, known: dict[str, Choice]):
    if name not in known:
        raise node.error(f"{name} must be a choice of the experiment", None, nearest(name, known))
    value = plain_value(node.value)
    try:
        checked = known[name].check(name, value)
    except ExperimentError as error:
        raise node.placed(error) from None
    return checked


def _made(node: Node, base: Experiment, changes: dict) -> Experiment:
    try:
        return base.change(**changes)
    except ExperimentError as error:
        raise node.placed(error) from None
