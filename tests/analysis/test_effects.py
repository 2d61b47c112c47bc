import math

import numpy as np
import pytest

from keras_mnist.analysis.effects import (
    effect,
    holm,
    holm_steps,
    interaction,
    paired_differences,
)
from keras_mnist.analysis.intervals import (
    mean_interval,
)


def test_pairing_by_seed():
    variant = {7: 5.0, 1: 2.0, 3: 9.0, 8: 1.0}
    baseline = {3: 4.0, 2: 100.0, 1: 1.0, 7: 2.0}
    # seeds 1, 3, 7: 2 - 1, 9 - 4, 5 - 2
    assert paired_differences(variant, baseline).tolist() == [1, 5, 3]


def test_effect():
    # differences 1, 5, 3: mean 3, squares 4 + 4 + 0 = 8, over 2: sd 2, error 2 / sqrt(3) =
    # 1.1547005; half 4.302653 * 1.1547005 = 4.9682757
    found = effect({1: 2, 3: 9, 7: 5, 8: 1}, {1: 1, 2: 100, 3: 4, 7: 2})
    assert (found.mean, found.n) == (3, 3)
    assert (found.low, found.high) == pytest.approx((3 - 4.9682757, 3 + 4.9682757), abs=1e-5)


def test_pairing_takes_out_what_seeds_share():
    # Unpaired, 10 to 50 of spread would drown a difference of 1, 2, 1, 2: mean 1.5, squares
    # 4 * 0.25 = 1, over 3: error sqrt(1/3) / 2 = 0.2886751; half 3.182446 * 0.2886751 = 0.9186930
    baseline = {0: 10, 1: 20, 2: 40, 3: 50}
    found = effect({0: 11, 1: 22, 2: 41, 3: 52}, baseline)
    assert (found.low, found.high) == pytest.approx((1.5 - 0.9186930, 1.5 + 0.9186930), abs=1e-5)
    assert found.excludes_zero


def test_effect_without_common_seeds():
    assert effect({1: 1.0}, {2: 1.0}).n == 0
    assert effect({}, {}).n == 0
    assert effect({1: 3.0, 2: 1.0}, {1: 1.0}).mean == 2


def test_interaction():
    # seed 1: (10 - 1) - [(3 - 1) + (5 - 1)] = 3; seed 2: (12 - 2) - [(4 - 2) + (9 - 2)] = 1
    # seed 3 lacks a single, seed 4 the joint; mean 2 with the half of [1, 3]: 12.706205
    found = interaction(
        {1: 10, 2: 12, 3: 0},
        [{1: 3, 2: 4, 3: 0, 4: 0}, {1: 5, 2: 9, 4: 0}],
        {1: 1, 2: 2, 3: 0, 4: 0},
    )
    assert (found.mean, found.n) == (2, 2)
    assert (found.low, found.high) == pytest.approx((2 - 12.706205, 2 + 12.706205), abs=1e-5)


def test_interaction_of_three():
    # (20 - 1) - [(2 - 1) + (4 - 1) + (6 - 1)] = 10
    found = interaction({0: 20}, [{0: 2}, {0: 4}, {0: 6}], {0: 1})
    assert (found.mean, found.n) == (10, 1)
    assert interaction({0: 1}, [{0: 1}, {1: 1}], {0: 1}).n == 0


def test_holm():
    # ranked 0.01 * 4 = 0.04; 0.03 * 3 = 0.09; 0.04 * 2 = 0.08, not below 0.09; 0.5 * 1
    assert holm([0.04, 0.01, 0.5, 0.03]) == pytest.approx([0.09, 0.04, 0.5, 0.09])
    # 0.4 * 3 and 0.6 * 2 exceed 1
    assert holm([0.9, 0.4, 0.6]) == [1, 1, 1]
    assert holm([0.2]) == [0.2]
    assert holm([]) == []


def test_how_many_holm_allows_for():
    """0.01 allows for 4; it is told, so the next for 3; that is not, and no other after it."""
    found = holm_steps([0.04, 0.01, 0.5, 0.03])
    assert [step.p for step in found] == pytest.approx([0.09, 0.04, 0.5, 0.09])
    assert [step.times for step in found] == [3, 4, 3, 3]
    assert [step.told for step in found] == [False, True, False, False]
    assert found[1].level == pytest.approx(1 - 0.05 / 4)
    assert holm_steps([math.nan])[0].times == 1 and not holm_steps([math.nan])[0].told


def test_an_interval_of_holm_s_level_excludes_zero_just_where_p_tells():
    rng, told = np.random.default_rng(5), 0
    for _ in range(300):
        runs = rng.normal(rng.choice([0, 1.5], (6, 1)), 1, (6, 5))
        steps = holm_steps([mean_interval(values).p for values in runs])
        for values, step in zip(runs, steps, strict=True):
            assert mean_interval(values, step.level).excludes_zero == step.told
            told += step.told
    assert 0 < told < 1800


def test_holm_passes_over_nan():
    # Two tests, not three: 0.01 * 2, 0.04 * 1
    found = holm([0.04, math.nan, 0.01])
    assert math.isnan(found[1])
    assert [found[0], found[2]] == pytest.approx([0.04, 0.02])
    assert all(math.isnan(p) for p in holm([math.nan, math.nan]))


def within(rate, expected, trials):
    """Three standard deviations of a binomial rate; the draws below are fixed."""
    return abs(rate - expected) < 3 * math.sqrt(expected * (1 - expected) / trials)


@pytest.mark.parametrize("seeds", [2, 5])
def test_null_study(seeds):
    trials = 6000
    rng = np.random.default_rng(seeds)
    # Of very different spread from study to study; baseline and variant are alike in each.
    spread = rng.uniform(1e-4, 1e-2, (trials, 1))
    baseline = rng.normal(0.98, spread, (trials, seeds))
    variant = rng.normal(0.98, spread, (trials, seeds))
    found = [
        effect(dict(enumerate(v)), dict(enumerate(b)))
        for v, b in zip(variant.tolist(), baseline.tolist(), strict=True)
    ]
    assert within(np.mean([interval.excludes_zero for interval in found]), 0.05, trials)
    assert within(np.mean([interval.p < 0.05 for interval in found]), 0.05, trials)
    assert within(np.mean([interval.p < 0.5 for interval in found]), 0.5, trials)
    assert all((interval.p < 0.05) == interval.excludes_zero for interval in found)


def test_holm_keeps_the_family_s_error_at_five_percent():
    trials, variants = 1500, 8
    rng = np.random.default_rng(3)
    values = rng.normal(0.98, 0.001, (trials, variants + 1, 5))
    differences = values[:, 1:] - values[:, :1]  # one baseline for all, as in a study
    false = [
        min(holm([mean_interval(d).p for d in family])) < 0.05 for family in differences.tolist()
    ]
    # At most 5 %: variants that share a baseline are not independent.
    assert 0 < np.mean(false) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)
