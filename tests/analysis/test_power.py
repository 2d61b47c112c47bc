import math

import numpy as np
import pytest
from scipy import stats

from keras_mnist.analysis.power import pooled_sd, told_difference


@pytest.mark.parametrize(("n", "level"), [(3, 0.95), (5, 0.99), (20, 1 - 0.05 / 13)])
def test_the_difference_is_told_as_often_as_is_said(n, level):
    """Simulated: of 20,000 samples with that mean, four in five are told; standard error 0.3 %."""
    sd = 0.4
    shift = told_difference(sd, n, level)
    samples = shift + sd * np.random.default_rng(0).standard_normal((20_000, n))
    t = samples.mean(-1) / samples.std(-1, ddof=1) * math.sqrt(n)
    assert (t > stats.t.ppf((1 + level) / 2, n - 1)).mean() == pytest.approx(0.8, abs=0.01)


def test_more_power_or_more_certainty_asks_for_a_larger_difference():
    usual = told_difference(1.0, 5, 0.95)
    assert told_difference(1.0, 5, 0.95, 0.9) > usual
    assert told_difference(1.0, 5, 0.99) > usual > told_difference(1.0, 8, 0.95)
    assert told_difference(2.0, 5, 0.95) == pytest.approx(2 * usual)


def test_spread_is_pooled_around_each_sample_s_own_mean():
    # squares: 2 around 1 and 8 around 12, over 1 + 1 degrees
    assert pooled_sd([[0, 2], [10, 14], [7]]) == pytest.approx(math.sqrt(5))
    assert math.isnan(pooled_sd([[1.0], []]))
