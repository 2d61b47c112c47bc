import math

import numpy as np
import pytest
from scipy import stats

from keras_mnist.analysis.intervals import Summary, mean_interval, prediction_interval
from keras_mnist.analysis.verdicts import (
    enough_runs,
    falls_inside,
    judge_number,
    judge_statement,
    seeds_needed,
    seeds_to_tell,
    statement_p,
)

# Mean 3, sd 1.5811, n 5: half a prediction interval is 2.7764 * 1.5811 * sqrt(1.2) = 4.8089.
FIVE, FIVE_SD = [1.0, 2.0, 3.0, 4.0, 5.0], math.sqrt(2.5)


@pytest.mark.parametrize(
    "published, tolerance, verdict",
    [
        (3.0, 5.0, "reproduced"),
        (-1.8, 5.0, "reproduced"),
        (-1.82, 5.0, "not reproduced"),
        (7.82, 100.0, "not reproduced"),
        (7.8, 4.9, "reproduced"),
        (3.0, 4.8, "compatible"),
        (30.0, 4.8, "not reproduced"),
    ],
)
def test_a_number_is_judged_by_the_prediction_interval(published, tolerance, verdict):
    found = judge_number(published, FIVE, tolerance, enough=5)
    assert found.verdict == verdict
    assert (found.low, found.high) == pytest.approx((3 - 4.8089, 3 + 4.8089), abs=1e-3)


def test_a_published_number_may_lie_outside_by_its_rounding():
    def verdict(published, rounding=0.0):
        return judge_number(published, FIVE, 5.0, rounding, enough=5).verdict

    assert verdict(7.85) == "not reproduced"
    assert verdict(7.85, rounding=0.05) == "reproduced"
    assert verdict(7.87, rounding=0.05) == "not reproduced"
    assert verdict(-1.85, rounding=0.05) == "reproduced"


def test_a_study_and_a_verdict_ask_the_same_whether_a_number_falls_inside():
    for published in (-1.85, -1.8, 3.0, 7.82, 7.85, 7.87):
        for rounding in (0.0, 0.05):
            verdict = judge_number(published, FIVE, 5.0, rounding, enough=5).verdict
            inside = falls_inside(published, *prediction_interval(FIVE), rounding)
            assert inside == (verdict == "reproduced")
    assert falls_inside(3.0, *prediction_interval([3.0])) is None


def test_few_runs_never_say_that_a_number_is_not_reproduced():
    """Fifteen do, or eight where a run takes a minute."""
    assert [enough_runs(seconds) for seconds in ([], [59.9], [1, 60, 60])] == [15, 15, 8]
    for n, long, verdict in ((14, 3, "inconclusive"), (15, 3, "not reproduced")):
        found = judge_number(
            3.0, [1.0, 1.1] * 7 + [1.2] * (n - 14), 5.0, enough=enough_runs([long])
        )
        assert (found.verdict, found.seeds) == (verdict, 15 if n == 14 else None)
    for n, verdict in ((7, "inconclusive"), (8, "not reproduced")):
        found = judge_number(3.0, ([1.0, 1.1] * 4)[:n], 5.0, enough=enough_runs([99]))
        assert found.verdict == verdict


def test_too_few_runs_are_inconclusive():
    for values in ([], [1.0], [1.0, 1.0]):
        found = judge_number(1.0, values, 9.0)
        assert (found.verdict, found.seeds) == ("inconclusive", 3)


@pytest.mark.parametrize("tolerance", [2.2, 3.0, 5.0])
def test_so_many_seeds_narrow_the_interval_in_four_cases_of_five(tolerance):
    """And one seed fewer does not."""
    n, chance = seeds_needed(1.0, tolerance), np.random.default_rng(1)

    def narrow(n):
        runs = chance.standard_normal((4000, n))
        half = stats.t.ppf(0.975, n - 1) * runs.std(-1, ddof=1) * math.sqrt(1 + 1 / n)
        return (half <= tolerance).mean()

    assert narrow(n) > 0.78 and (n == 3 or narrow(n - 1) < 0.82)


def test_how_many_seeds_narrow_the_interval():
    assert seeds_needed(1.0, 3.0) < seeds_needed(1.0, 2.5) < seeds_needed(1.0, 2.2)
    assert seeds_needed(1.0, 3.0, 40) == 41, "more than there are"
    assert seeds_needed(1.0, 1.96) is None, "no number of runs narrows their own spread"
    assert judge_number(3.0, FIVE, 4.5).seeds == seeds_needed(FIVE_SD, 4.5)


CLEAR, UNCLEAR = mean_interval([1.0, 1.1, 0.9]), mean_interval([1.0, -1.0, 0.3])
AGAINST, FEW = mean_interval([-1.0, -1.1, -0.9]), mean_interval([1.0, 1.1])


@pytest.mark.parametrize(
    "parts, adjusted, verdict",
    [
        ([CLEAR], 0.01, "holds"),
        ([CLEAR], 0.051, "inconclusive"),
        ([CLEAR], math.nan, "inconclusive"),
        ([CLEAR, CLEAR], 0.02, "holds"),
        ([CLEAR, UNCLEAR], 0.9, "inconclusive"),
        ([CLEAR, AGAINST], 0.01, "fails"),
        ([UNCLEAR, AGAINST], 0.01, "fails"),
        ([CLEAR, AGAINST], 0.2, "inconclusive"),
        ([FEW], 0.001, "inconclusive"),
        ([FEW, AGAINST], 0.001, "inconclusive"),
    ],
)
def test_a_statement_holds_if_all_its_parts_do(parts, adjusted, verdict):
    assert judge_statement(parts, adjusted) == verdict


def test_each_part_is_tested_by_itself_and_any_may_fail():
    assert statement_p([CLEAR]) == (CLEAR.p, 1.0)
    assert statement_p([CLEAR, UNCLEAR, CLEAR]) == (UNCLEAR.p, 1.0), "the largest, not three times"
    assert statement_p([CLEAR, UNCLEAR, AGAINST]) == (1.0, 3 * AGAINST.p)
    assert statement_p([AGAINST]) == (1.0, AGAINST.p)
    assert statement_p([CLEAR, mean_interval([])]) == (1.0, 1.0), "a part without runs"


@pytest.mark.parametrize(
    "means, wrong, most",
    [
        ((0.0, 9.0, 9.0), "holds", 0.025),  # one part is not so, the others surely are
        ((0.0, 0.0, 0.0), "fails", 0.025),  # none falls short of zero
        ((0.0, 0.0, 0.0), "holds", 0.025),
    ],
)
def test_a_conjunction_is_wrong_in_as_few_cases_as_one_comparison(means, wrong, most):
    """In one direction, so 2.5 %; parts share what seeds have in common."""
    trials, chance, found = 1500, np.random.default_rng(2), []
    for _ in range(trials):
        runs = chance.standard_normal((len(means), 5)) + chance.standard_normal(5)
        parts = [mean_interval(mean + part) for mean, part in zip(means, runs, strict=True)]
        found.append(judge_statement(parts, min(statement_p(parts))))
    share = found.count(wrong) / trials
    assert share < most + 3 * math.sqrt(most * (1 - most) / trials)
    assert share > 0 or means == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("shift, times", [(0.5, 1), (1.0, 1), (1.0, 20), (3.0, 5)])
def test_so_many_pairs_tell_a_difference_in_four_cases_of_five(shift, times):
    n, chance = seeds_to_tell(Summary(-shift, 1.0, 3), times), np.random.default_rng(3)

    def told(n):
        runs = shift + chance.standard_normal((4000, n))
        t = runs.mean(-1) / runs.std(-1, ddof=1) * math.sqrt(n)
        return (t > stats.t.ppf(1 - 0.025 / times, n - 1)).mean()

    assert told(n) > 0.78 and told(n - 1) < 0.82


def test_how_many_seeds_would_tell_a_difference():
    assert seeds_to_tell(Summary(1.0, 1.0, 40)) == 41, "more than there are"
    assert seeds_to_tell(Summary(0.0, 1.0, 5)) is None, "a mean of zero never is"
    assert seeds_to_tell(Summary(1.0, 0.0, 5)) is None, "what does not vary is told, or never is"
    assert seeds_to_tell(Summary(1.0, 1.0, 2)) == 3
