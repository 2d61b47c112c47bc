import math

import numpy as np
import pytest
from scipy import stats

from keras_mnist.analysis.answers import (
    HIGHER,
    LOWER,
    NOT_TOLD,
    SAME,
    Question,
    answer,
    tell,
)
from keras_mnist.base.errors import ExperimentError

FIVE = Question((3, 5))


def test_looks_end_where_they_are_told_to():
    assert Question.until_told(20).looks == (3, 5, 8, 12, 20)
    assert Question.until_told(10).looks == (3, 5, 8, 10)
    assert Question.until_told(3).looks == (3,)
    for bad in (2, 0, -1, 1001, 2.5, True):
        with pytest.raises(ExperimentError, match="--at-most"):
            Question.until_told(bad)


@pytest.mark.parametrize("variants", [1, 13])
def test_all_looks_and_variants_share_five_percent(variants):
    levels = Question.until_told(20).levels(variants)
    assert variants * sum(1 - level for level in levels) == pytest.approx(0.05)
    # An even share a seed: the first look, at 3 of 20, spends 3 / 20.
    assert 1 - levels[0] == pytest.approx(0.05 * 3 / 20 / variants)


def test_an_interval_is_student_s_at_its_look_s_level():
    values = [0.01, 0.03, 0.02, 0.05, 0.04]
    told = answer(values, Question((5,)), 2)
    low, high = stats.t.interval(0.975, 4, np.mean(values), stats.sem(values))
    assert (told.interval.low, told.interval.high) == pytest.approx((low, high))
    assert told.interval.p == pytest.approx(2 * stats.ttest_1samp(values, 0).pvalue)
    assert (told.word, told.seeds, told.interval.n) == (HIGHER, 5, 5)


def test_what_a_look_told_stands_whatever_comes_after():
    clear = [-0.30, -0.301, -0.302, 0.4, 0.5]
    first = answer(clear[:3], FIVE, 1)
    assert (first.word, first.seeds) == (LOWER, 3)
    assert answer(clear, FIVE, 1) == first
    late = [0.3, -0.3, 0.1, 0.2, 0.1]
    assert (answer(late, FIVE, 1).word, answer(late, FIVE, 1).seeds) == (NOT_TOLD, 5)
    assert answer(late[:4], FIVE, 1).seeds == 3  # no look yet at four
    assert answer(late[:2], FIVE, 1).seeds == 0


def test_within_the_margin_it_is_the_same():
    values = [0.001, -0.001, 0.002, 0.0, -0.001]
    assert answer(values, Question((5,)), 1).word == NOT_TOLD
    assert answer(values, Question((5,), margin=0.01), 1).word == SAME
    told = answer(values, Question((5,), margin=0.001), 1)
    assert told.word == NOT_TOLD  # the interval leaves the margin
    assert answer([0.5 + v for v in values], Question((5,), margin=0.01), 1).word == HIGHER


def test_runs_that_did_not_complete_are_no_pairs():
    told = answer([0.3, math.nan, 0.31, math.nan, 0.32], FIVE, 1)
    assert (told.word, told.interval.n, told.seeds) == (HIGHER, 3, 5)
    few = answer([0.3, math.nan, 0.31], FIVE, 1)
    assert few.word == NOT_TOLD and math.isnan(few.interval.low) and math.isnan(few.interval.p)


def test_equal_differences_of_a_coarse_metric_are_no_certainty():
    equal = [1 / 36] * 3  # one more of 36 test examples, three times
    assert answer(equal, Question((3,)), 1).word == HIGHER
    told = answer(equal, Question((3,), step=1 / 36), 1)
    rounding = math.sqrt(1 / 6) / 36  # of two uniform roundings
    half = stats.t.ppf(0.975, 2) * rounding / math.sqrt(3)
    assert told.interval.high - told.interval.mean == pytest.approx(half)
    coarse = Question(Question.until_told(20).looks, step=1 / 36)
    assert answer(equal, coarse, 13).word == NOT_TOLD


def test_bad_questions_are_refused():
    with pytest.raises(ExperimentError, match="at least 3 seeds"):
        Question((2,))
    for looks in ((), (5, 3), (3, 3)):
        with pytest.raises(ExperimentError, match="rising"):
            Question(looks)
    for margin in (0, -0.1, math.nan, math.inf, 1, 3):
        with pytest.raises(ExperimentError, match="margin"):
            Question((5,), margin=margin)


@pytest.mark.parametrize("margin", [None, 1.0])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_at_most_five_percent_of_studies_contain_a_wrong_answer(margin, shift):
    """Of 4,000, each of five variants with one baseline; the standard error is 0.35 %."""
    chance = np.random.default_rng(1)
    ours = chance.standard_normal((4000, 5, 20)) - chance.standard_normal((4000, 1, 20))
    told = tell(ours / math.sqrt(2) + shift, Question.until_told(20, "gap", margin), 5).word
    wrong = told == SAME if shift else np.isin(told, (HIGHER, LOWER))
    assert 0 < wrong.any(axis=-1).mean() < 0.05 or (shift and margin is None and not wrong.any())


def test_a_clear_difference_takes_few_seeds_and_none_takes_all():
    chance = np.random.default_rng(2)
    values = chance.standard_normal((3, 20)) + np.array([[0.0], [3.0], [30.0]])
    told = tell(values, Question.until_told(20), 3)
    assert list(told.seeds[[0, 2]]) == [20, 3] and 3 < told.seeds[1] < 20
    assert list(told.word) == [NOT_TOLD, HIGHER, HIGHER]


def test_what_is_not_told_says_at_how_many_seeds_it_would_be():
    rng = np.random.default_rng(0)
    question = Question.until_told(20)
    differences = 0.4 + rng.standard_normal(20)
    found = answer(differences, question, 4)
    assert found.word == NOT_TOLD and found.wanted and 20 < found.wanted < 300
    # In made-up studies of that many seeds, at the level of the last look, four of five tell it.
    mean, sd = differences.mean(), differences.std(ddof=1)
    again = mean + sd * rng.standard_normal((4000, found.wanted))
    level = question.levels(4)[-1]
    half = (
        stats.t.ppf((1 + level) / 2, found.wanted - 1)
        * again.std(axis=1, ddof=1)
        / found.wanted**0.5
    )
    assert np.mean(again.mean(axis=1) > half) == pytest.approx(0.8, abs=0.03)
    assert answer([0.0] * 20, question, 4).wanted is None
    assert answer(5 + 0.1 * differences, question, 4).wanted is None  # told
