"""What happens in some runs: a share of ours, with its interval."""

import pytest
from made_up import BASE, RATE, SGD, document, record

from keras_mnist.documents import Sometimes
from keras_mnist.documents.judging import judge
from keras_mnist.documents.quantities import Jump, Part

JUMPS = Sometimes("jumps", "it jumps", "page 1", (Part(Jump("sgd", "test_accuracy"), 0.0, 0.1),))


def runs(jumping: int, of: int, experiment=SGD):
    curves = [[0.1, 0.9] if seed < jumping else [0.1, 0.2] for seed in range(of)]
    return [record(experiment, s, {"test_accuracy": c}) for s, c in enumerate(curves)]


def judged(records, **fields):
    (result,) = judge(document(JUMPS, **fields), records)
    return result


@pytest.mark.parametrize(
    "jumping, of, verdict, low, high, ours",
    [
        # Tables of Clopper and Pearson's interval.
        (4, 15, "holds", 0.0779, 0.5510, "in 4 of 15 runs"),
        (1, 1, "holds", 0.0250, 1.0, "in 1 of 1 run"),
        (0, 15, "inconclusive", 0.0, 0.2180, "in 0 of 15 runs"),
        (0, 72, "fails", 0.0, 0.0499, "in 0 of 72 runs"),
    ],
)
def test_some_is_once_seen_and_never_is_told_by_many(jumping, of, verdict, low, high, ours):
    result = judged(runs(jumping, of))
    assert result.verdict == verdict
    found = result.described
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    assert JUMPS.ours(found) == ours
    assert sum(JUMPS.evidence(_runs(of, jumping), found).values()) == jumping


def _runs(of, jumping):
    from keras_mnist.documents.judging import Runs

    return Runs(document(JUMPS), runs(jumping, of))


def test_without_a_run_nothing_is_said_and_more_runs_are_asked_for():
    result = judged([])
    assert (result.verdict, result.reason) == ("inconclusive", "no runs yet")
    assert "57 more seeds would tell" in judged(runs(0, 15)).reason


def test_a_reading_is_looked_at_too_and_one_that_is_not_about_it_is_not():
    other = SGD.change(learning_rate=0.1)
    result = judged([*runs(0, 3), *runs(2, 3, other)])
    assert result.read.verdict == "holds" and result.reading is RATE
    assert judged([*runs(0, 3), *runs(2, 3, other)], readings=(RATE.on("baseline"),)).read is None
    assert judged(runs(0, 3, BASE)).described.ours.n == 0
