from itertools import permutations

import numpy as np
import pytest

from keras_mnist.analysis.shares import shares


def cells(values):
    """By the letters that are changed, one seed's value each."""
    return {frozenset(name): {0: value, 1: value + 1} for name, value in values.items()}


# The glove game: a has a left glove, b and c a right one each; a pair is worth 1.
# By hand: 2/3, 1/6, 1/6.
GLOVES = {"": 0, "a": 0, "b": 0, "c": 0, "ab": 1, "ac": 1, "bc": 0, "abc": 1}


def test_the_glove_game():
    found = shares(cells(GLOVES), "abc")
    assert [found.single[x].mean for x in "abc"] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    # a and b: alone worth 1 more together; beside c, a already has its pair.
    assert found.pairs["a", "b"].mean == pytest.approx((1 + 0) / 2)
    assert found.pairs["b", "c"].mean == pytest.approx((0 + -1) / 2)
    assert found.whole.mean == 1 and found.whole.n == 2


def test_they_are_what_every_order_adds_on_average():
    random = np.random.default_rng(0)
    names = ["", *"abcd", "ab", "ac", "ad", "bc", "bd", "cd", "abc", "abd", "acd", "bcd", "abcd"]
    table = {frozenset(name): dict(enumerate(random.normal(size=6))) for name in names}
    found = shares(table, "abcd")
    orders = list(permutations("abcd"))
    for choice in "abcd":
        added = [
            table[frozenset((*order[: order.index(choice)], choice))][seed]
            - table[frozenset(order[: order.index(choice)])][seed]
            for order in orders
            for seed in range(6)
        ]
        assert found.single[choice].mean == pytest.approx(np.mean(added))
    assert sum(s.mean for s in found.single.values()) == pytest.approx(found.whole.mean)


def test_of_two_choices_a_share_is_its_effect_and_half_the_interaction():
    values = {"": 0.9, "a": 0.8, "b": 0.85, "ab": 0.5}
    found = shares(cells(values), "ab")
    assert found.pairs["a", "b"].mean == pytest.approx(-0.25)
    assert found.single["a"].mean == pytest.approx(-0.1 - 0.125)


def test_the_cheapest_path_spreads_its_cost():
    values = {"": 0.9, "a": 0.4, "b": 0.85, "ab": 0.5}
    found = shares(cells(values), "ab")
    assert found.path == ("b", "a") and [s.mean - 0.5 for s in found.steps] == pytest.approx(
        [0.9, 0.85, 0.5]
    )
    assert shares(cells(values), "ab", more_is_better=False).path == ("b", "a")


def test_seeds_that_lack_a_cell_do_not_count():
    table = cells(GLOVES)
    del table[frozenset("ab")][1]
    assert shares(table, "abc").whole.n == 1
    table[frozenset("ab")].clear()
    assert shares(table, "abc") is None


# Accuracies made up for four choices; the shares and pairs that shapiq 1.4.1 gives for them
# (ExactComputer, "SV" and "SII" of order 2).
FOUR = {
    **{"": 0.9827, "a": 0.9721, "b": 0.9703, "c": 0.9652, "d": 0.9800},
    **{"ab": 0.9244, "ac": 0.9180, "ad": 0.9500, "bc": 0.9655, "bd": 0.9650, "cd": 0.9301},
    **{"abc": 0.8120, "abd": 0.9011, "acd": 0.8570, "bcd": 0.9333, "abcd": 0.7405},
}
SINGLE = {"a": -0.0853166667, "b": -0.0500666667, "c": -0.07335, "d": -0.0334666667}
PAIRS = {
    **{"ab": -0.0750333333, "ac": -0.0802833333, "ad": -0.0268833333},
    **{"bc": -0.0249833333, "bd": -0.0040833333, "cd": -0.0378333333},
}


def test_shares_and_pairs_are_those_of_another_package():
    found = shares(cells(FOUR), "abcd")
    assert {c: share.mean for c, share in found.single.items()} == pytest.approx(SINGLE)
    pairs = {"".join(pair): both.mean for pair, both in found.pairs.items()}
    assert pairs == pytest.approx(PAIRS)
