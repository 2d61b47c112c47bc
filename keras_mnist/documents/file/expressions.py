"""Statements as comparisons: `test_accuracy("LeNet5") > test_accuracy("CustomMLP") + 0.5 pp`.

A parser of a few words, which runs nothing. Of what is compared:

    test_loss("LeNet5")               after the last epoch
    test_loss("LeNet5", 5)            after the fifth
    mean(test_loss("LeNet5"), 46:50)  over epochs; `last 5` are the last five
    slope(..., 5:50)                  by epoch, of the line of least squares
    rise(..., 5:50)                   from the end of one epoch to that of another
    spread(..., last 10)              the standard deviation over epochs
    greatest_rise(...)                from one epoch to the next
    test_loss("LeNet5") - train_loss("LeNet5")

and of numbers: 98.5 % and 0.985 of accuracies, 0.5 pp of differences in them, 0.01 nats of losses.
"""

import itertools
from dataclasses import dataclass, replace
from decimal import Decimal

from keras_mnist.base.metrics import quantity_of
from keras_mnist.documents.file.experiments import Experiments
from keras_mnist.documents.file.source import Node
from keras_mnist.documents.file.terms import UNITS, Amount, excess, term
from keras_mnist.documents.file.tokens import Tokens
from keras_mnist.documents.quantities import Part, Quantity


@dataclass
class _Side:
    """What stands on one side of a comparison."""

    quantity: Quantity | None
    amounts: list[Amount]


def parts_of(node: Node, text: str, experiments: Experiments) -> list[Part]:
    """Return the comparisons of a text, one for each `>` or `<`.

    Args:
        node: the text's, for messages.
        text: the comparison.
        experiments: of the document.

    Raises:
        DocumentError: it is none.
    """
    tokens = Tokens(node, text)
    sides, signs = [_side(tokens, experiments)], []
    while sign := tokens.have("<", ">"):
        signs.append(sign)
        sides.append(_side(tokens, experiments))
    if tokens.kind:
        raise tokens.error("end there, or go on with > or <", repr(tokens.next))
    if len(set(signs)) != 1:
        raise tokens.error("have > or <, and not both")
    if signs[0] == "<":
        sides.reverse()
    return [_part(*pair, tokens) for pair in itertools.pairwise(sides)]


def _side(tokens: Tokens, experiments: Experiments) -> _Side:
    sign = tokens.have("+", "-") or "+"
    found = [(sign, term(tokens, experiments))]
    while sign := tokens.have("+", "-"):
        found.append((sign, term(tokens, experiments)))
    amounts, terms = [], []
    for sign, one in found:
        if isinstance(one, Amount):
            amounts.append(replace(one, value=-one.value) if sign == "-" else one)
        else:
            terms.append((sign, one))
    return _Side(_quantity(terms, tokens), amounts)


def _quantity(terms: list[tuple[str, Quantity]], tokens: Tokens) -> Quantity | None:
    """Return what is left of a side without its numbers: one quantity, or one less another."""
    match terms:
        case []:
            return None
        case [("+", quantity)]:
            return quantity
        case [("+", one), ("-", other)] if both := excess(one, other):
            return both
    raise tokens.error(
        "have one quantity on a side, or one metric less another of the same run and epoch"
    )


def _part(more: _Side, less: _Side, tokens: Tokens) -> Part:
    quantities = [side.quantity for side in (more, less) if side.quantity]
    kinds = {_kind(quantity) for quantity in quantities}
    if not quantities:
        raise tokens.error("be of a metric of an experiment")
    if len(kinds) > 1:
        raise tokens.error("be of two accuracies or of two losses")
    if more.quantity == less.quantity:
        raise tokens.error("be of two different quantities")
    (kind,) = kinds
    if more.quantity and less.quantity:
        by = _sum(less, kind, True, tokens) - _sum(more, kind, True, tokens)
        return Part(more.quantity, less.quantity, float(by))
    (quantity,), of = quantities, more if more.quantity else less
    if of.amounts:
        raise tokens.error("have its number on the other side of a metric")
    number = float(_sum(less if of is more else more, kind, quantity.difference, tokens))
    least, most = (-1, 1) if quantity.difference else (0, 1)
    if kind == "accuracy" and not least <= number <= most:
        raise tokens.error("be with an accuracy that there can be", f"{number * 100:g} %")
    if of is less:
        return Part(number, quantity)
    return Part(quantity, 0.0, number) if quantity.difference else Part(quantity, number)


def _kind(quantity: Quantity) -> str:
    kind = quantity_of(quantity.metric)
    return "loss" if kind == "gap" else kind


def _sum(side: _Side, kind: str, difference: bool, tokens: Tokens) -> Decimal:
    total = Decimal(0)
    for amount in side.amounts:
        factor, of, apart = UNITS[amount.unit] if amount.unit else (Decimal(1), kind, None)
        if of != kind or apart not in (None, difference):
            fit = [u for u, (_, k, d) in UNITS.items() if k == kind and d in (None, difference)]
            raise tokens.error(f"give its number in {fit[0]} there, or as records do", amount.unit)
        total += factor * amount.value
    return total
