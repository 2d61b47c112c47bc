import math

import pytest
from scipy import stats

from keras_mnist.analysis.comparison import compare
from keras_mnist.analysis.intervals import welch_interval
from keras_mnist.base.errors import ExperimentError

BASE = {0: 0.90, 1: 0.92, 2: 0.94, 3: 0.91}
OTHER = {0: 0.93, 1: 0.94, 2: 0.97, 3: 0.95}


def test_runs_of_one_seed_are_paired():
    (found,) = compare({"a": BASE, "b": OTHER}, "a")
    test = stats.ttest_rel(list(OTHER.values()), list(BASE.values()))
    ends = test.confidence_interval()
    assert found.paired and found.variant == "b" and found.left_out == 0
    assert (found.interval.low, found.interval.high) == pytest.approx((ends.low, ends.high))
    assert found.p_holm == pytest.approx(test.pvalue)


def test_runs_without_common_seeds_are_compared_as_welch_did():
    ours = {seed + 10: value for seed, value in OTHER.items()}
    (found,) = compare({"a": BASE, "b": ours}, "a")
    test = stats.ttest_ind(list(OTHER.values()), list(BASE.values()), equal_var=False)
    ends = test.confidence_interval()
    assert not found.paired
    assert (found.interval.low, found.interval.high) == pytest.approx((ends.low, ends.high))
    assert found.interval.p == pytest.approx(test.pvalue)


def test_partners_that_are_missing_or_without_number_are_left_out():
    ours = {**OTHER, 3: math.nan, 9: 0.99}
    (found,) = compare({"a": BASE, "b": ours}, "a")
    assert found.paired and (found.interval.n, found.left_out) == (3, 2)


def test_intervals_allow_for_all_variants():
    """By Holm, for those that are told later for those only that are not told before them."""
    values = {"a": BASE, "b": OTHER, "c": {s: v + 0.001 * s for s, v in BASE.items()}}
    first, second = compare(values, "a")
    test = stats.ttest_rel(list(OTHER.values()), list(BASE.values()))
    ends = test.confidence_interval(0.975)
    assert first.p_holm == pytest.approx(2 * test.pvalue) and first.p_holm < 0.05
    assert (first.interval.low, first.interval.high) == pytest.approx((ends.low, ends.high))
    alone = compare({"a": BASE, "c": values["c"]}, "a")[0].interval
    assert second.interval == alone, "the other is told"
    wide = compare(values, "a", 0.05)[1].interval
    assert wide.low < alone.low < alone.high < wide.high, "with a margin, for all alike"


def test_an_interval_excludes_zero_just_where_p_tells():
    """One p of 0.04 among two is not told, so its interval holds zero."""
    values = {"a": BASE, "b": {0: 0.91, 1: 0.94, 2: 0.96, 3: 0.91}, "c": {**BASE, 3: 0.92}}
    found = compare(values, "a")
    assert stats.ttest_rel(list(values["b"].values()), list(BASE.values())).pvalue < 0.1
    for contrast in found:
        assert contrast.interval.excludes_zero == (contrast.p_holm < 0.05)


def test_one_run_tells_nothing():
    (found,) = compare({"a": {0: 1.0}, "b": {0: 2.0}}, "a")
    assert not found.paired and math.isnan(found.interval.low) and math.isnan(found.p_holm)
    # Two equal differences, by rounding: no certainty either.
    (found,) = compare({"a": {0: 90.1, 1: 91.0}, "b": {0: 90.3, 1: 91.2}}, "a", margin=0.5)
    assert math.isnan(found.interval.low) and math.isnan(found.p_holm)
    assert welch_interval([1.0, 1.0], [2.0, 2.0]).mean == -1


@pytest.mark.parametrize(
    ("values", "baseline", "margin", "words"),
    [
        ({"a": BASE, "bee": OTHER}, "be", None, "Did you mean bee"),
        ({"a": BASE}, "a", None, "beside the baseline"),
        ({"a": BASE, "b": OTHER}, "a", 0, "--margin"),
    ],
)
def test_bad_questions(values, baseline, margin, words):
    with pytest.raises(ExperimentError, match=words):
        compare(values, baseline, margin)
