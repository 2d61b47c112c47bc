"""Who is to blame: the share of each choice in the change that all of them make together.

Shapley values: what a choice adds, averaged over every order in which the choices can be changed.
They add up to the whole change.

Source: Shapley, "A value for n-person games" (1953); of pairs, Grabisch and Roubens, "An axiomatic
approach to the concept of interaction among players in cooperative games" (1999).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, permutations
from typing import Any

from keras_mnist.analysis.effects import together
from keras_mnist.analysis.intervals import Interval, mean_interval

Cell = frozenset  # of the choices that are changed in it
_MOST = 8  # choices; beyond, the orders are too many to look at each


@dataclass(frozen=True)
class Shares:
    """Where the whole change comes from.

    Attributes:
        whole: the change of all choices together.
        single: by choice, its share; over the choices they add up to the whole.
        pairs: by two choices, how much more they do together, averaged over what else is changed.
        path: the cheapest order of changes: its costliest step is the smallest that can be.
        steps: the metric's mean along it, with its interval: the baseline first.
    """

    whole: Interval
    single: dict[Any, Interval]
    pairs: dict[tuple, Interval]
    path: tuple
    steps: list[Interval]


def shares(
    cells: Mapping[Cell, Mapping[int, float]], choices: Sequence, more_is_better: bool = True
) -> Shares | None:
    """Return the shares of `choices`, each with an interval over seeds, asked together.

    Args:
        cells: for every set of the choices, a metric's value by seed; only seeds that all have
            count.
        choices: at least two, at most eight.
        more_is_better: whether a larger value costs less, for the path.

    Returns:
        `None` where no seed has every cell.
    """
    sets = [Cell(s) for size in range(len(choices) + 1) for s in combinations(choices, size)]
    seeds = sorted(set.intersection(*(set(cells[cell]) for cell in sets)))
    if not seeds or len(choices) > _MOST:
        return None

    def over_seeds(weights: Mapping[Cell, float]) -> partial[Interval]:
        found = [sum(w * cells[c][s] for c, w in weights.items()) for s in seeds]
        return partial(mean_interval, found)

    whole, pairs = {Cell(choices): 1.0, Cell(): -1.0}, list(combinations(choices, 2))
    asked = [whole, *(_weights(some, choices) for some in [*((c,) for c in choices), *pairs])]
    (told, _), *others = together([over_seeds(weights) for weights in asked])
    parts = [interval for interval, _ in others]
    path = _cheapest({c: _mean(cells[c], seeds) for c in sets}, choices, more_is_better)
    along = [Cell(path[:step]) for step in range(len(path) + 1)]
    return Shares(
        told,
        dict(zip(choices, parts, strict=False)),
        dict(zip(pairs, parts[len(choices) :], strict=True)),
        path,
        [over_seeds({cell: 1.0})() for cell in along],
    )


def _weights(together: tuple, choices: Sequence) -> dict[Cell, float]:
    """Return by cell how much it counts in what some choices add, averaged over all orders."""
    others, k = [choice for choice in choices if choice not in together], len(together)
    found: dict[Cell, float] = {}
    for size in range(len(others) + 1):
        orders = math.factorial(size) * math.factorial(len(others) - size)
        weight = orders / math.factorial(len(others) + 1)
        for before in combinations(others, size):
            for count in range(k + 1):
                for some in combinations(together, count):
                    cell = Cell((*before, *some))
                    found[cell] = found.get(cell, 0.0) + (-1) ** (k - count) * weight
    return found


def _mean(values: Mapping[int, float], seeds: list[int]) -> float:
    return sum(values[seed] for seed in seeds) / len(seeds)


def _cheapest(means: Mapping[Cell, float], choices: Sequence, more_is_better: bool) -> tuple:
    """Return the order whose costliest step is smallest, then the next costliest, and so on."""
    sign = -1 if more_is_better else 1

    def costs(order: tuple) -> list[float]:
        along = [means[Cell(order[:step])] for step in range(len(order) + 1)]
        steps = zip(along[1:], along, strict=False)
        return sorted((sign * (after - before) for after, before in steps), reverse=True)

    return min(permutations(choices), key=costs)
