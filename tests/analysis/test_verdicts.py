import pytest

from keras_mnist.analysis.intervals import mean_interval, prediction_interval
from keras_mnist.analysis.verdicts import (
    falls_inside,
    judge_number,
    judge_statement,
    seeds_needed,
    seeds_to_tell,
)

# Mean 3, sd 1.5811, n 5: half a prediction interval is 2.7764 * 1.5811 * sqrt(1.2) = 4.8089.
FIVE = [1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.parametrize(
    "published, tolerance, verdict",
    [
        (3.0, 5.0, "reproduced"),
        (-1.8, 5.0, "reproduced"),
        (-1.82, 5.0, "not reproduced"),
        (7.82, 100.0, "not reproduced"),
        (7.8, 4.9, "reproduced"),
        (3.0, 4.8, "inconclusive"),
        (30.0, 4.8, "not reproduced"),
    ],
)
def test_a_number_is_judged_by_the_prediction_interval(published, tolerance, verdict):
    found = judge_number(published, FIVE, tolerance)
    assert found.verdict == verdict
    assert (found.low, found.high) == pytest.approx((3 - 4.8089, 3 + 4.8089), abs=1e-3)


def test_a_published_number_may_lie_outside_by_its_rounding():
    assert judge_number(7.85, FIVE, 5.0).verdict == "not reproduced"
    assert judge_number(7.85, FIVE, 5.0, rounding=0.05).verdict == "reproduced"
    assert judge_number(7.87, FIVE, 5.0, rounding=0.05).verdict == "not reproduced"
    assert judge_number(-1.85, FIVE, 5.0, rounding=0.05).verdict == "reproduced"


def test_a_study_and_a_verdict_ask_the_same_whether_a_number_falls_inside():
    for published in (-1.85, -1.8, 3.0, 7.82, 7.85, 7.87):
        for rounding in (0.0, 0.05):
            verdict = judge_number(published, FIVE, 5.0, rounding).verdict
            inside = falls_inside(published, *prediction_interval(FIVE), rounding)
            assert inside == (verdict == "reproduced")
    assert falls_inside(3.0, *prediction_interval([3.0])) is None


def test_too_few_runs_are_inconclusive():
    for values in ([], [1.0], [1.0, 1.0]):
        found = judge_number(1.0, values, 9.0)
        assert (found.verdict, found.seeds) == ("inconclusive", 3)


def test_how_many_seeds_would_tell():
    # n = 6: t(5) = 2.5706, times sqrt(7/6) = 2.7766; n = 5: 2.7764 * sqrt(1.2) = 3.0414.
    assert seeds_needed(1.0, 3.0) == 6
    assert seeds_needed(1.0, 3.05) == 5
    assert seeds_needed(1.0, 1.96) is None, "no number of runs narrows their own spread"
    assert judge_number(3.0, FIVE, 4.5).seeds == 6


CLEAR, UNCLEAR = mean_interval([1.0, 1.1, 0.9]), mean_interval([1.0, -1.0, 0.3])
AGAINST, FEW = mean_interval([-1.0, -1.1, -0.9]), mean_interval([1.0, 1.1])


@pytest.mark.parametrize(
    "parts, adjusted, verdict",
    [
        ([CLEAR], [0.01], "holds"),
        ([CLEAR], [0.051], "inconclusive"),
        ([CLEAR, CLEAR], [0.01, 0.02], "holds"),
        ([CLEAR, UNCLEAR], [0.01, 0.9], "inconclusive"),
        ([CLEAR, AGAINST], [0.01, 0.01], "fails"),
        ([UNCLEAR, AGAINST], [0.9, 0.01], "fails"),
        ([CLEAR, AGAINST], [0.01, 0.2], "inconclusive"),
        ([FEW], [0.001], "inconclusive"),
        ([FEW, AGAINST], [0.001, 0.001], "inconclusive"),
    ],
)
def test_a_statement_holds_if_all_its_parts_do(parts, adjusted, verdict):
    assert judge_statement(parts, adjusted) == verdict


def test_how_many_seeds_would_tell_a_difference():
    # Mean 1, sd 1: n = 7 gives 2.4469 / sqrt(7) = 0.925; n = 6: 2.5706 / sqrt(6) = 1.049.
    difference = mean_interval([0.0, 1.0, 2.0])
    assert seeds_to_tell(difference, difference.p) == 7
    # Holm took it tenfold: p below 0.005. t = sqrt(n): 3.497 needed at 11 degrees, 12 pairs give
    # 3.464; 3.428 at 12, and 13 pairs give 3.606.
    assert seeds_to_tell(difference, 10 * difference.p) == 13
    even = mean_interval([-1.0, 1.0, 0.0])
    assert seeds_to_tell(even, even.p) is None, "a mean of zero never is"
    assert seeds_to_tell(FEW, 1.0) == 3
