import math

import numpy as np
import pytest

from keras_mnist.analysis.intervals import (
    Interval,
    by_epoch,
    mean_interval,
    prediction_interval,
    quantile,
    sampling_sd,
    summarize,
)

# From a printed table of Student's t, 2.5 % above: the independent ground of what follows.
T = {1: 12.706205, 2: 4.302653, 3: 3.182446, 4: 2.776445, 9: 2.262157, 29: 2.045230}


def test_sampling_noise_of_a_share():
    assert sampling_sd(0.98, 10_000) == pytest.approx(0.0014)  # sqrt(0.98 * 0.02) / 100
    assert sampling_sd(1.0, 10_000) == 0


@pytest.mark.parametrize("degrees", T)
def test_quantile(degrees):
    assert quantile(degrees) == pytest.approx(T[degrees], abs=1e-6)


def test_summarize():
    # mean 15 / 5; squares 4 + 1 + 0 + 1 + 4 = 10, over n - 1 = 4: sd = sqrt(2.5)
    found = summarize([1, 2, 3, 4, 5])
    assert (found.mean, found.n) == (3, 5)
    assert found.sd == pytest.approx(1.5811388)


def test_curves_of_different_lengths_are_summarized_epoch_by_epoch():
    found = by_epoch([[1.0, 2.0, 6.0], [3.0], [5.0, 4.0]])
    np.testing.assert_allclose(found.mean, [3, 3, 6])
    np.testing.assert_allclose(found.sd, [2, math.sqrt(2), math.nan])
    np.testing.assert_array_equal(found.n, [3, 2, 1])


def test_curves_of_one_length_have_the_bits_of_mean_and_deviation():
    curves = np.random.default_rng(0).random((11, 7))
    found = by_epoch(list(curves))
    np.testing.assert_array_equal(found.mean, curves.mean(axis=0))
    np.testing.assert_array_equal(found.sd, curves.std(axis=0, ddof=1))
    alone = by_epoch([[1.0, math.nan]])
    np.testing.assert_array_equal(alone.mean, [1, math.nan])
    assert np.isnan(alone.sd).all() and not np.isnan(by_epoch([[1, 2], [1, 2]]).sd).any()


def test_summarize_few():
    assert summarize([]).n == 0
    assert math.isnan(summarize([]).mean)
    assert math.isnan(summarize([]).sd)
    assert (summarize([7]).mean, summarize([7]).n) == (7, 1)
    assert math.isnan(summarize([7]).sd)
    # squares 1 + 1 = 2, over n - 1 = 1
    assert summarize([1, 3]).sd == pytest.approx(math.sqrt(2))


def test_mean_interval_of_five():
    # error sqrt(2.5) / sqrt(5) = 0.7071068; half 2.776445 * 0.7071068 = 1.9632430
    found = mean_interval([1, 2, 3, 4, 5])
    assert (found.mean, found.n) == (3, 5)
    assert found.low == pytest.approx(3 - 1.9632430, abs=1e-6)
    assert found.high == pytest.approx(3 + 1.9632430, abs=1e-6)
    # t = 3 / 0.7071068, t^2 = 18; with 4 degrees
    # F(t) = 1/2 + 3/8 * t / sqrt(1 + t^2/4) * (1 - t^2 / (1 + t^2/4) / 12)
    #      = 1/2 + 0.375 * 1.8090681 * (1 - 0.2727273) = 0.9933822; p = 2 * (1 - F)
    assert found.p == pytest.approx(0.0132356, abs=1e-6)
    assert found.excludes_zero


def test_mean_interval_of_two():
    # sd sqrt(2), error sqrt(2) / sqrt(2) = 1, half 12.706205
    found = mean_interval([1, 3])
    assert (found.low, found.high) == pytest.approx((2 - 12.706205, 2 + 12.706205), abs=1e-5)
    # One degree is Cauchy's distribution: p = 1 - 2 * atan(2) / pi
    assert found.p == pytest.approx(0.2951672, abs=1e-6)
    assert not found.excludes_zero


def test_mean_interval_of_one_and_none():
    one, none = mean_interval([4]), mean_interval([])
    assert (one.mean, one.n, none.n) == (4, 1, 0)
    assert math.isnan(none.mean)
    for found in (one, none):
        assert all(math.isnan(x) for x in (found.low, found.high, found.p))
        assert not found.excludes_zero


def test_mean_interval_of_equal_values():
    assert mean_interval([0.5, 0.5, 0.5]) == Interval(0.5, 0.5, 0.5, 0.0, 3)
    assert mean_interval([0, 0]) == Interval(0, 0, 0, 1.0, 2)
    assert mean_interval([0.5, 0.5]).excludes_zero
    assert not mean_interval([0, 0]).excludes_zero
    tenths = mean_interval([0.1] * 3)  # whose float mean is not 0.1
    assert tenths.high - tenths.low < 1e-15
    assert tenths.p < 1e-12


def test_mean_interval_below_zero():
    up, down = mean_interval([1, 2, 3, 4, 5]), mean_interval([-1, -2, -3, -4, -5])
    assert (down.low, down.high, down.p) == pytest.approx((-up.high, -up.low, up.p))
    assert down.excludes_zero


def test_prediction_interval():
    # sd * sqrt(1 + 1/5) = sqrt(2.5 * 1.2) = sqrt(3); half 2.776445 * 1.7320508 = 4.8089438
    low, high = prediction_interval([1, 2, 3, 4, 5])
    assert (low, high) == pytest.approx((3 - 4.8089438, 3 + 4.8089438), abs=1e-5)
    # sqrt(2 * 1.5) = sqrt(3); half 12.706205 * 1.7320508 = 22.0077926
    low, high = prediction_interval([1, 3])
    assert (low, high) == pytest.approx((2 - 22.0077926, 2 + 22.0077926), abs=1e-4)
    assert prediction_interval([2, 2]) == (2, 2)


@pytest.mark.parametrize("values", [[], [1]])
def test_prediction_interval_of_too_few(values):
    assert all(math.isnan(bound) for bound in prediction_interval(values))


def within(rate, expected, trials):
    """Three standard deviations of a binomial rate; the draws below are fixed."""
    return abs(rate - expected) < 3 * math.sqrt(expected * (1 - expected) / trials)


@pytest.mark.parametrize("seeds", [2, 5])
def test_prediction_interval_covers_a_further_draw(seeds):
    trials = 6000
    draws = np.random.default_rng(10 + seeds).normal(0.98, 0.001, (trials, seeds + 1)).tolist()
    bounds = [prediction_interval(values) for *values, _ in draws]
    covered = np.mean(
        [low <= one[-1] <= high for one, (low, high) in zip(draws, bounds, strict=True)]
    )
    assert within(covered, 0.95, trials)
