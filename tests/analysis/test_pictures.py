import math

import numpy as np
import pytest

from keras_mnist.analysis.pictures import both_interval, changed, spread


def test_broken_and_mended_are_counted_pair_by_pair():
    base = {0: np.array([True, True, False, False]), 1: np.array([True, True, True, False])}
    ours = {0: np.array([False, True, True, False]), 1: np.array([False, False, True, False])}
    found = changed(ours, base)
    np.testing.assert_allclose(found.broken, [1, 0.5, 0, 0])
    np.testing.assert_allclose(found.mended, [0, 0, 0.5, 0])
    assert found.pairs == 2 and found.mean == pytest.approx((0.5 - 1.5) / 4)
    assert math.isnan(found.low)  # of two seeds
    third = changed({**ours, 2: ours[0]}, {**base, 2: base[0]})
    assert third.low < third.mean < third.high
    assert changed({5: ours[0]}, base) is None
    assert math.isnan(changed({0: ours[0]}, base).low)


@pytest.mark.parametrize(("seeds", "images"), [(3, 1.0), (5, 0.0), (20, 1.0)])
def test_the_interval_holds_for_new_seeds_and_images_together(seeds, images):
    """Of 1,000 made-up studies 95 % should hold zero; the standard error is 0.7 %."""
    chance = np.random.default_rng(3)
    hits = 0
    for _ in range(1000):
        values = 0.1 * chance.standard_normal((seeds, 1)) + chance.standard_normal((seeds, 300))
        low, high = both_interval(values + images * chance.standard_normal(300))
        hits += low <= 0 <= high
    assert hits / 1000 == pytest.approx(0.95, abs=0.022)


def test_seeds_that_break_other_images_each_are_no_certainty():
    values = np.zeros((5, 1000))
    for seed in range(5):
        values[seed, 4 * seed : 4 * seed + 4] = -1
    low, high = both_interval(values)
    assert low < -0.004 - 0.002 and high > -0.004 + 0.002


def test_spread_has_its_sources():
    right = {s: np.arange(100) < 90 + s for s in range(3)}
    found = spread(right)
    assert found.seeds == pytest.approx(0.01)
    assert found.images == pytest.approx(math.sqrt(0.91 * 0.09 / 100), rel=0.04)
    assert math.isnan(spread({0: right[0]}).seeds)
