import csv
import dataclasses
import io
import json

import pytest

from keras_mnist import Experiment
from keras_mnist.analysis.verdicts import judge_number, seeds_needed
from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.errors import ExperimentError
from keras_mnist.published import MLP_ABLATION, SOURCES, source_named
from keras_mnist.published.source import Claim, Reading, Source
from keras_mnist.reporting.claim_tables import claim_rows, claims_as_csv, claims_as_data, notes
from keras_mnist.reporting.claims import counted, experiments_of, judge
from keras_mnist.results import RunRecord

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


def record(experiment, seed, **metrics):
    return RunRecord(
        experiment,
        seed,
        {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True},
        "completed",
        metrics={"test_accuracy": 0.98, **metrics},
    )


OTHER = Reading("another rate", {"optimizer": "sgd"}, {"learning_rate": 0.1}, "it is not said")
SOURCE = Source(
    name="sixth",
    document="sixth.txt",
    title="A sixth document",
    baseline=Experiment(),
    changes={"baseline": {}, "sgd": {"optimizer": "sgd"}},
    claims=(
        Claim("baseline", "test_accuracy", 98.0, "%", "table 1"),
        Claim("sgd", "test_accuracy", 98.0, "%", "table 1"),
        Claim("sgd", "val_loss", 0.5, "nats", "table 1"),
    ),
    readings=(OTHER,),
)


def judged(sgd=(0.90, 0.91, 0.92), read=(0.979, 0.980, 0.981), val_loss=0.9):
    base, plain = Experiment(), Experiment().change(optimizer="sgd")
    under = plain.change(learning_rate=0.1)
    runs = {base: (0.979, 0.980, 0.981), plain: sgd, under: read}
    records = [
        record(e, i, test_accuracy=v, val_loss=val_loss + i / 1e4)
        for e, a in runs.items()
        for i, v in enumerate(a)
    ]
    return judge(SOURCE, records)


def test_a_reading_explains_what_the_description_does_not_reproduce():
    results = judged()
    assert [r.verdict for r in results] == ["reproduced", "explained", "not reproduced"]
    assert results[1].reason == "with another rate"
    assert "another rate: it is not said." in notes(results)
    assert results[2].reason == "outside the prediction interval, nor with another rate"
    assert counted(results) == {
        "reproduced": 1,
        "explained": 1,
        "not reproduced": 1,
        "inconclusive": 0,
    }
    row = claim_rows(results)[1]
    assert row[3] == "91.00 ± 1.00 (3)\n98.00 ± 0.10 (3)", "both are shown"


def test_what_reproduces_as_described_needs_no_reading():
    assert judged(sgd=(0.979, 0.980, 0.981), read=(0.5, 0.6, 0.7))[1].verdict == "reproduced"


def test_runs_that_did_not_complete_are_not_counted():
    results = judge(SOURCE, [])
    assert {r.verdict for r in results} == {"inconclusive"}
    failed = dataclasses.replace(record(Experiment(), 0), status="failed", metrics={})
    assert judge(SOURCE, [failed])[0].described.ours.n == 0


def test_claims_as_data_and_csv():
    results = judged()
    content = claims_as_data(results, {"name": "mnist"})
    json.dumps(content, allow_nan=False)
    assert content["claims"][1]["id"] == "sixth/sgd/test_accuracy"
    assert content["claims"][1]["ours"]["n"] == 3
    assert content["claims"][1]["published"] == 98.0
    json.dumps(claims_as_data(judge(SOURCE, []), {}), allow_nan=False)
    rows = list(csv.DictReader(io.StringIO(claims_as_csv(results))))
    assert [row["verdict"] for row in rows] == [r.verdict for r in results]
    assert float(rows[1]["mean"]) == pytest.approx(91.0)


def test_a_source_names_what_it_needs():
    assert list(experiments_of(SOURCE).values()) == [
        "sixth: baseline",
        "sixth: sgd",
        "sixth: sgd, another rate",
    ]


def test_an_unknown_source_names_the_near_ones():
    assert source_named("mlp_ablation") is MLP_ABLATION
    with pytest.raises(ExperimentError, match="Did you mean mlp_ablation"):
        source_named("mlp_ablatoin")


def test_ids_are_unique():
    for source in SOURCES:
        ids = [result.id for result in judge(source, [])]
        assert len(set(ids)) == len(ids)


def test_the_blogs_gaps_are_its_own():
    """Printed there as absolute differences of its losses."""
    printed = {
        "baseline": 0.0702,
        "width 64": 0.0154,
        "width 2048": 0.0982,
        "4 hidden layers": 0.0834,
        "0 hidden layers": 0.0025,
        "no dropout": 0.1378,
        "no relu": 0.0221,
    }
    gaps = {c.experiment: abs(c.value) for c in MLP_ABLATION.claims if c.metric == "gap"}
    assert gaps == pytest.approx(printed)
