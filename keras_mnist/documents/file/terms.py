"""What stands in a comparison: quantities of a run, and numbers."""

from dataclasses import dataclass
from decimal import Decimal

from keras_mnist.base.metrics import quantity_of
from keras_mnist.documents.file.experiments import Experiments
from keras_mnist.documents.file.kinds import Number
from keras_mnist.documents.file.source import Node
from keras_mnist.documents.file.tokens import Tokens
from keras_mnist.documents.quantities import (
    At,
    Epochs,
    Excess,
    Jump,
    Mean,
    Quantity,
    Rise,
    Slope,
    Spread,
)

# By unit: what it is in the record's, of what, and whether of differences; `None`: of either.
UNITS = {
    "%": (Decimal("0.01"), "accuracy", False),
    "pp": (Decimal("0.01"), "accuracy", True),
    "nats": (Decimal(1), "loss", None),
}
_FUNCTIONS = {"mean": 1, "slope": 2, "spread": 2, "rise": 2, "greatest_rise": 0}  # fewest epochs


@dataclass(frozen=True)
class Amount:
    """A number, and its unit if one was written."""

    value: Decimal
    unit: str = ""


def term(tokens: Tokens, experiments: Experiments) -> Quantity | Amount:
    """Take a quantity or a number.

    Raises:
        DocumentError: there is none.
    """
    if tokens.kind == "number":
        value = tokens.number()
        if not Number().has(value):
            raise tokens.error("have numbers of an ordinary size", value)
        return Amount(value, tokens.have(*UNITS))
    word = tokens.have(*_FUNCTIONS)
    return _function(word, tokens, experiments) if word else _curve(tokens, experiments, True)


def excess(one: Quantity, other: Quantity) -> Excess | None:
    """Return one quantity less another as one, where both are of one run after one epoch."""
    if not (isinstance(one, At) and isinstance(other, At)):
        return None
    same = (one.experiment, one.epoch) == (other.experiment, other.epoch)
    if not same or quantity_of(one.metric) != quantity_of(other.metric):
        return None
    return Excess(one.experiment, one.epoch, one.metric, other.metric)


def _curve(tokens: Tokens, experiments: Experiments, at: bool = False) -> At:
    """Take a metric of an experiment; with `at`, after an epoch, or else one that has a curve."""
    metric = tokens.take("word", "a metric, a function or a number")
    tokens.sign("(")
    named = tokens.take("text", "the name of an experiment in quotes")[1:-1]
    node = tokens.node
    name = experiments.named(Node(named, node.path, node.source))
    epoch = tokens.whole() if at and tokens.have(",") else "last"
    tokens.sign(")")
    by_epoch = experiments.of(name).fit.epochs
    experiments.require_measured(node, name, metric, epoch if at else by_epoch)
    return At(name, metric, epoch)


def _function(word: str, tokens: Tokens, experiments: Experiments) -> Quantity:
    tokens.sign("(")
    curve, over = _curve(tokens, experiments), ""
    if tokens.have("-"):
        both = excess(curve, _curve(tokens, experiments))
        if both is None or word not in ("mean", "slope"):
            must = "have one metric there, or in mean and slope one less another of the same run"
            raise tokens.error(must, word)
        over = both.over
    if word == "greatest_rise":
        tokens.sign(")")
        return Jump(curve.experiment, curve.metric)
    tokens.sign(",")
    epochs = _window(tokens, experiments, curve.experiment, _FUNCTIONS[word])
    tokens.sign(")")
    about = curve.experiment, curve.metric
    if word == "rise":
        if isinstance(epochs, int):
            raise tokens.error("have two epochs of rise, such as 5:50", f"last {epochs}")
        return Rise(*about, *epochs)
    if word == "spread":
        return Spread(*about, epochs)
    return (Mean if word == "mean" else Slope)(*about, epochs, over)


def _window(tokens: Tokens, experiments: Experiments, name: str, fewest: int) -> Epochs:
    last = tokens.have("last")
    first = tokens.whole()
    experiments.require_epoch(tokens.node, name, first)
    if last:
        many, found = first, first
    else:
        tokens.sign(":")
        end = tokens.whole()
        experiments.require_epoch(tokens.node, name, end)
        many, found = end - first + 1, (first, end)
    if many < max(fewest, 1):
        raise tokens.error(f"have at least {max(fewest, 1)} epochs there", many)
    return found
