"""Records against the claims of a made-up document, all numbers by hand."""

import dataclasses
import math

import pytest
from made_up import BASE, NUMBERS, RATE, SGD, accuracies, document, numbers, record, statement
from scipy import stats

from keras_mnist import Experiment
from keras_mnist.base.errors import ExperimentError
from keras_mnist.documents import Contrast, Count, Document, Number, Reading, Time
from keras_mnist.documents.claims import Sometimes
from keras_mnist.documents.judging import Runs, contrasts, counted, judge
from keras_mnist.documents.quantities import At, Excess, Jump, Part, Rise, Spread
from keras_mnist.networks import LeNet


def test_a_reading_explains_what_the_description_does_not_reproduce():
    results = numbers()
    assert [r.verdict for r in results] == ["reproduced", "explained", "not reproduced"]
    assert results[1].reading is results[2].reading is RATE
    assert results[2].read.verdict == "not reproduced"
    assert counted(results) == {"reproduced": 1, "explained": 1, "not reproduced": 1}


def test_what_reproduces_as_described_needs_no_reading():
    assert numbers(sgd=(0.979, 0.980, 0.981), read=(0.5, 0.6, 0.7))[1].verdict == "reproduced"


def test_a_reading_may_be_tried_on_some_experiments_only():
    limited = document(*NUMBERS.claims, readings=(dataclasses.replace(RATE, only=("baseline",)),))
    assert [r.verdict for r in judge(limited, accuracies(times=5))][1] == "not reproduced"
    assert list(limited.needed().values()) == [("sixth: baseline", 15), ("sixth: sgd", 15)]


def test_a_number_outside_a_few_runs_is_not_told_yet():
    """Nor is it explained: there is nothing to explain yet."""
    few, many = numbers(times=4), numbers(times=5)
    assert [r.verdict for r in few] == ["reproduced", "inconclusive", "inconclusive"]
    assert few[1].described.seeds == 15
    assert [r.verdict for r in many] == ["reproduced", "explained", "not reproduced"]
    long = [dataclasses.replace(r, seconds=60.0) for r in accuracies(times=3)]
    assert judge(NUMBERS, long)[1].verdict == "explained", "nine runs of a minute are enough"


def test_what_a_reading_makes_merely_possible_is_compatible_and_not_explained():
    """Of two numbers it reproduces one, so it serves; the other is inside a wide interval."""
    claims = document(
        Number("sgd", "test_accuracy", 98.0, "%", "table 1", decimals=2),
        Number("sgd", "val_loss", 0.5, "nats", "table 1"),
    )
    read = SGD.change(learning_rate=0.1)
    runs = [record(SGD, s, test_accuracy=0.9, val_loss=0.9 + s / 1e4) for s in range(15)]
    runs += [
        record(read, s, test_accuracy=0.98 + s / 1e5, val_loss=0.3 + s / 30) for s in range(15)
    ]
    explained, wide = judge(claims, runs)
    assert (explained.verdict, wide.verdict) == ("explained", "compatible")
    assert wide.reason == "with another rate, where our runs spread too widely to tell"
    assert wide.shown == [wide.described, wide.read]


def test_a_reading_may_be_of_another_metric():
    """As where the weights of the best epoch were tested: what else is said of a run stays."""
    best = Reading("best", {}, {}, "it says so", metrics=(("test_accuracy", "best_test_accuracy"),))
    claims = document(
        Number("sgd", "test_accuracy", 98.0, "%", "table 1", decimals=2),
        Number("sgd", "val_loss", 0.5, "nats", "table 1"),
        readings=(best,),
    )
    runs = [
        record(SGD, s, test_accuracy=0.9, best_test_accuracy=0.98 + s / 1e5, val_loss=0.9 + s / 1e4)
        for s in range(15)
    ]
    results = judge(claims, runs)
    assert [r.verdict for r in results] == ["explained", "not reproduced"]
    assert results[0].read.ours.mean == pytest.approx(0.98007)
    assert judge(claims, [record(SGD, s, test_accuracy=0.9) for s in range(15)])[0].verdict == (
        "not reproduced"
    )


def test_runs_that_did_not_complete_are_not_counted():
    results = judge(NUMBERS, [])
    assert {r.verdict for r in results} == {"inconclusive"}
    assert {r.read for r in results} == {None}, "a reading without runs was not tried"
    failed = dataclasses.replace(record(BASE, 0), status="failed", metrics={})
    assert judge(NUMBERS, [failed])[0].described.ours.n == 0


def test_a_number_of_an_epoch_is_held_against_that_epoch_in_the_documents_scale():
    claims = document(
        Number("baseline", "train_loss", 0.05, "nats", "table", 1, scale=32.0),
        Number("baseline", "train_loss", 0.05, "nats", "table", 2, scale=32.0),
        Number("baseline", "train_accuracy", 0.7, "share", "table", 2),
    )
    histories = [
        {"train_loss": [1.6 + i / 100, 3.0, 0.1], "train_accuracy": [0.1, 0.7 + i / 1e4, 0.9]}
        for i in range(15)
    ]
    results = judge(claims, [record(BASE, i, h) for i, h in enumerate(histories)])
    assert [r.verdict for r in results] == ["reproduced", "not reproduced", "reproduced"]
    assert results[0].claim.as_metric == pytest.approx(1.6)
    assert results[0].claim.rounding == pytest.approx(0.00005 * 32)


def one(claim, values, metric):
    """The verdict on one number, from three runs."""
    changes = {"baseline": {}, "double": {"loss": "softmax_twice"}}
    single = Document("s", "s", "s", "s", BASE, changes, (claim,))
    experiment = single.experiment(claim.experiment)
    records = [record(experiment, i, **{metric: v}) for i, v in enumerate(values)]
    return judge(single, records)[0].verdict


@pytest.mark.parametrize(
    "metric, unit, published, widest, experiment",
    [
        ("test_accuracy", "%", 90.0, 0.01, "baseline"),  # one point
        ("test_accuracy", "%", 99.4, 0.003, "baseline"),  # half of the 0.6 points of error
        ("val_loss", "nats", 0.4, 0.1, "baseline"),  # a quarter
        ("test_loss", "nats", 1.50122, 0.01, "double"),  # a quarter of what is above 1.46122
        ("test_loss", "nats", 2.3, 0.02, "double"),  # of which no more than 0.02 means something
    ],
)
def test_how_wide_an_interval_still_confirms(metric, unit, published, widest, experiment):
    """Of three runs at distance d, half the interval is 4.3027 * d * sqrt(4/3) = 4.9683 d."""
    claim = Number(experiment, metric, published, unit, "x")
    for factor, verdict in ((0.98, "reproduced"), (1.02, "compatible")):
        d = factor * widest / 4.9683
        values = [claim.as_metric + d * step for step in (-1, 0, 1)]
        assert one(claim, values, metric) == verdict


def test_a_gap_is_confirmed_only_with_its_sign():
    claims = document(
        Number("baseline", "val_loss", 0.4, "nats", "x"),
        Number("baseline", "gap", 0.05, "nats", "x"),
        readings=(),
    )
    for factor, verdict in ((0.98, "reproduced"), (1.02, "compatible")):
        d = factor * 0.05 / 4.9683
        records = [record(BASE, i, gap=0.05 + d * s) for i, s in enumerate((-1, 0, 1))]
        assert judge(claims, records)[1].verdict == verdict


def test_one_reading_serves_all_numbers_of_an_experiment():
    """The other suits one number of three, which it does not explain."""
    other = Reading("momentum", {"optimizer": "sgd"}, {"momentum": 0.9}, "nor is this")
    metrics = ("test_accuracy", "train_accuracy", "val_accuracy")
    claims = document(
        *(Number("sgd", metric, 90.0, "%", "x") for metric in metrics), readings=(other, RATE)
    )
    values = {
        SGD: (0.5, 0.5, 0.5),
        SGD.change(learning_rate=0.1): (0.9, 0.9, 0.6),
        SGD.change(momentum=0.9): (0.6, 0.6, 0.9),
    }
    records = [
        record(e, i, **{m: v + s / 1e4 for m, v in zip(metrics, its, strict=True)})
        for e, its in values.items()
        for i, s in enumerate((-1, 0, 1) * 5)
    ]
    results = judge(claims, records)
    assert [r.verdict for r in results] == ["explained", "explained", "not reproduced"]
    assert {r.reading for r in results} == {RATE}


METRICS = ("test_accuracy", "train_accuracy", "val_accuracy")


@pytest.mark.parametrize(
    "described, verdicts",
    [
        ((0.5, 0.9, 0.9), ["not reproduced", "reproduced", "reproduced"]),  # serves two of three
        ((0.5, 0.5, 0.9), ["not reproduced", "not reproduced", "reproduced"]),  # one, as it does
        ((0.5, 0.5, 0.5), ["explained", "not reproduced", "not reproduced"]),  # none
    ],
)
def test_a_reading_that_fits_no_better_explains_nothing(described, verdicts):
    """The reading reproduces the first number alone."""
    claims = document(*(Number("sgd", metric, 90.0, "%", "x") for metric in METRICS))
    values = {SGD: described, SGD.change(learning_rate=0.1): (0.9, 0.5, 0.5)}
    records = [
        record(e, i, **{m: v + s / 1e4 for m, v in zip(METRICS, its, strict=True)})
        for e, its in values.items()
        for i, s in enumerate((-1, 0, 1) * 5)
    ]
    results = judge(claims, records)
    assert [r.verdict for r in results] == verdicts
    if verdicts[0] == "not reproduced":
        told = f"which serves 1 of 3 of its like, the description {verdicts.count('reproduced')}"
        assert results[0].reason.endswith(f"reproduced with another rate, {told}")


def test_a_rate_written_out_is_the_same_experiment():
    written = [
        dataclasses.replace(r, experiment=r.experiment.change(learning_rate=0.001))
        for r in accuracies()
        if r.experiment == BASE
    ]
    assert judge(NUMBERS, written)[0].described.ours.n == 3


def test_a_value_that_is_not_finite_is_none():
    records = [record(BASE, i, test_accuracy=v) for i, v in enumerate((0.98, math.inf, None))]
    assert judge(NUMBERS, records)[0].described.ours.n == 1


def test_a_reading_leaves_the_side_that_it_does_not_concern():
    """RMSprop under another reading, against SGD as it is."""
    slow = Reading("slow", {"optimizer": "rmsprop"}, {"learning_rate": 1e-5}, "who knows")
    records = accuracies() + [
        record(BASE.change(learning_rate=1e-5), i, test_accuracy=0.5 + i / 1e4) for i in range(3)
    ]
    result = judge(document(statement(ABOVE), readings=(slow,)), records)[0]
    assert (result.verdict, result.read.verdict) == ("holds", "fails")
    only = judge(
        document(statement(ABOVE), readings=(dataclasses.replace(slow, only=("baseline",)),)),
        records,
    )[0]
    assert only.read is None, "a reading tried on one of two experiments compares nothing"


ABOVE = Part(At("baseline", "test_accuracy"), At("sgd", "test_accuracy"))


@pytest.mark.parametrize(
    "part, verdict, mean",
    [
        (ABOVE, "holds", 0.07),
        (Part(ABOVE.less, ABOVE.more), "fails", -0.07),
        (dataclasses.replace(ABOVE, by=0.06), "holds", 0.07),
        (dataclasses.replace(ABOVE, by=0.07), "inconclusive", 0.07),
        (dataclasses.replace(ABOVE, by=0.08), "fails", 0.07),
        (Part(ABOVE.more, 0.9), "holds", 0.08),
        (Part(0.9, ABOVE.more), "fails", -0.08),
    ],
)
def test_a_statement_is_a_difference_paired_by_seed(part, verdict, mean):
    base, sgd = (0.979, 0.980, 0.981), (0.9091, 0.9100, 0.9109)
    result = judge(document(statement(part)), accuracies(base, sgd))[0]
    assert result.verdict == verdict
    assert result.described.ours.mean == pytest.approx(mean)
    assert result.described.low < mean < result.described.high


def test_a_statement_that_fails_is_explained_by_a_reading_under_which_it_holds():
    better = Part(At("sgd", "test_accuracy"), 0.95)
    failing = document(statement(better))
    explained = judge(failing, accuracies())[0]
    assert (explained.described.verdict, explained.read.verdict) == ("fails", "holds")
    assert (explained.verdict, explained.reason) == ("explained", "with another rate")
    in_vain = judge(failing, accuracies(read=(0.90, 0.91, 0.92)))[0]
    assert in_vain.verdict == "fails" and in_vain.reason.endswith("nor otherwise with another rate")


def test_a_statement_is_explained_only_by_what_serves_more_statements_about_the_same():
    """One holds instead of the other; then both do."""
    above, below = Part(At("sgd", "test_accuracy"), 0.95), Part(0.95, At("sgd", "test_accuracy"))
    either = document(statement(above, name="a"), statement(below, name="b"))
    first, second = judge(either, accuracies())
    assert (first.verdict, second.verdict) == ("fails", "holds")
    assert first.reason.endswith(
        "holds with another rate, which serves 1 of 2 of its like, the description 1"
    )
    third = statement(Part(At("sgd", "test_accuracy"), 0.94), name="c")
    most = judge(document(*either.claims, third), accuracies(times=5))
    assert [r.verdict for r in most] == ["explained", "holds", "explained"]


def test_an_inconclusive_statement_says_what_readings_tell_and_is_not_explained():
    open_yet = Part(At("sgd", "test_accuracy"), 0.91)
    result = judge(document(statement(open_yet)), accuracies())[0]
    assert result.verdict == "inconclusive"
    assert result.reason == "not told apart, p 1; holds with another rate"


def test_p_under_a_reading_allows_for_the_number_of_readings():
    part = statement(Part(At("sgd", "test_accuracy"), 0.95))
    read = (0.9505, 0.9515, 0.9505, 0.9512)  # p 0.035, as two readings have it 0.07
    other = Reading("momentum", {"optimizer": "sgd"}, {"momentum": 0.9}, "nor is this")
    for readings, verdict in (((RATE,), "holds"), ((RATE, other), "inconclusive")):
        records = accuracies(sgd=(0.90, 0.91, 0.92, 0.91), read=read)
        result = judge(document(part, readings=readings), records)[0]
        assert result.read.verdict == verdict, result.read


def test_only_seeds_that_both_sides_have_are_paired():
    records = accuracies(sgd=(0.90, 0.91, 0.92, 0.93))
    assert judge(document(statement(ABOVE)), records)[0].described.ours.n == 3
    assert judge(document(statement(ABOVE)), records[:2])[0].verdict == "inconclusive"


def test_a_statement_hangs_on_the_part_that_speaks_most_against_it():
    parts = (Part(ABOVE.more, 0.5), Part(0.5, ABOVE.more), Part(ABOVE.more, 0.6))
    result = judge(document(statement(*parts)), accuracies())[0]
    assert (result.verdict, result.described.part) == ("fails", 1)


def test_p_values_are_adjusted_over_all_statements_of_the_document():
    """One p of 0.035 alone tells; among three it does not, whatever is asked for."""
    base, sgd = (0.9800, 0.9805, 0.9810, 0.9815), (0.9795, 0.9790, 0.9805, 0.9803)
    records, one = accuracies(base, sgd), statement(ABOVE)
    alone = judge(document(one, readings=()), records)[0]
    assert 0.03 < judge_p(alone) < 0.04
    assert alone.verdict == "holds"
    others = [statement(Part(ABOVE.more, 0.9805), name=f"other {i}") for i in range(2)]
    together = judge(document(one, *others, readings=()), records)
    assert together[0].verdict == "inconclusive"
    asked = judge(document(one, *others, readings=()), records, (one,))
    assert [r.verdict for r in asked] == ["inconclusive"]


def test_the_parts_of_a_statement_are_no_comparisons_of_their_own():
    """Three parts of p 0.035 hold; Holm over parts as over statements left it open."""
    base, sgd = (0.9800, 0.9805, 0.9810, 0.9815), (0.9795, 0.9790, 0.9805, 0.9803)
    parts = [ABOVE, *(Part(ABOVE.more, value) for value in (0.1, 0.2))]
    result = judge(document(statement(*parts), readings=()), accuracies(base, sgd))[0]
    assert (result.verdict, result.described.part) == ("holds", 0)
    assert 0.03 < result.described.p < 0.04
    against = [Part(part.less, part.more) for part in parts[:1]]
    result = judge(document(statement(*parts[1:], *against), readings=()), accuracies(base, sgd))[0]
    assert result.verdict == "inconclusive", "any of three may fail: three times 0.035"
    assert result.described.p == pytest.approx(3 * judge_p(result))
    assert result.described.low < 0 < result.described.high, "as the verdict says"


def judge_p(result):
    from scipy.stats import t

    error = result.described.ours.sd / math.sqrt(result.described.ours.n)
    return 2 * t.sf(abs(result.described.ours.mean) / error, result.described.ours.n - 1)


def test_quantities_of_a_run():
    run = record(BASE, 0, {"test_accuracy": [0.1, 0.5, 0.6]}, test_accuracy=0.6)
    assert At("x", "test_accuracy").of(run) == 0.6
    assert At("x", "test_accuracy", 1).of(run) == 0.1
    assert Rise("x", "test_accuracy", 2, 3).of(run) == pytest.approx(0.1)
    assert Jump("x", "test_accuracy").of(run) == pytest.approx(0.4)
    assert Spread("x", "test_accuracy", 2).of(run) == pytest.approx(0.1 / math.sqrt(2))
    losses = record(BASE, 0, {"test_loss": [0.5, 0.4], "train_loss": [0.6, 0.1]})
    assert Excess("x", 1).of(losses) == pytest.approx(-0.1)
    assert Excess("x", 2).of(losses) == pytest.approx(0.3)


JUMPS = Part(Jump("sgd", "test_accuracy"), 0.0, by=0.1)


def jumping(times, n, reading=None):
    """`n` runs of SGD, of which the first `times` jump."""
    experiment = SGD.change(learning_rate=0.1) if reading else SGD
    curves = [[0.5, 0.7, 0.7] if seed < times else [0.5, 0.55, 0.6] for seed in range(n)]
    return [record(experiment, s, {"test_accuracy": curve}) for s, curve in enumerate(curves)]


@pytest.mark.parametrize(
    "times, n, verdict, reason",
    [
        (4, 15, "holds", "seen in 4 of 15 runs"),
        (1, 1, "holds", "seen in 1 of 1 run"),
        (0, 15, "inconclusive", "in none of 15 runs so far, 57 more seeds without it would tell"),
        (0, 71, "inconclusive", "in none of 71 runs so far, 1 more seed without it would tell"),
        (0, 72, "fails", "in none of 72 runs, so in fewer than 5 % of all"),
        (0, 0, "inconclusive", "no runs yet"),
    ],
)
def test_what_happens_in_some_runs_is_a_share(times, n, verdict, reason):
    claim = Sometimes("jumps", "it jumps", "page 1", (JUMPS,))
    result = judge(document(claim, readings=()), jumping(times, n))[0]
    assert (result.verdict, result.reason) == (verdict, reason)
    if n:
        exact = stats.binomtest(times, n).proportion_ci(0.95, "exact")
        assert (result.described.low, result.described.high) == pytest.approx(tuple(exact))
        assert result.described.ours.mean == pytest.approx(times / n)
    runs = Runs(result.document, jumping(times, n))
    assert sum(result.evidence(result.described, runs).values()) == times


def test_all_that_must_happen_must_happen_in_one_run():
    """One run starts low, another jumps."""
    low = Part(0.2, At("sgd", "test_accuracy", 1))
    curves = [0.1, 0.15, 0.2], [0.5, 0.9, 0.9]
    records = [record(SGD, seed, {"test_accuracy": curve}) for seed, curve in enumerate(curves)]
    for parts, verdict in (((low,), "holds"), ((JUMPS,), "holds"), ((low, JUMPS), "inconclusive")):
        claim = Sometimes("s", "it is so", "x", parts)
        assert judge(document(claim, readings=()), records)[0].verdict == verdict
    with pytest.raises(ExperimentError, match="between 0 and 1"):
        Sometimes("s", "it is so", "x", (low,), least=0.0)


def test_a_reading_explains_what_is_in_no_run_as_described():
    claim = Sometimes("jumps", "it jumps", "page 1", (JUMPS,), least=0.3)
    records = [*jumping(0, 15), *jumping(4, 15, RATE)]
    result = judge(document(claim), records)[0]
    assert (result.described.verdict, result.verdict) == ("fails", "explained")
    few = judge(document(dataclasses.replace(claim, least=0.05)), records)[0]
    assert few.verdict == "inconclusive" and few.reason.endswith("holds with another rate")


def test_a_count_is_equal_or_not_and_needs_no_runs():
    # 784 * 512 weights and 512 biases in the first layer; 669,706 in all.
    results = judge(
        document(
            Count("baseline", 669_706, "x"),
            Count("baseline", 669_705, "x", times=2),
            Count("baseline", 401_408, "x", "weights", ("hidden_1",)),
            Count("baseline", 401_920, "x", layers=("hidden_1",)),
            Count("sgd", 0, "x", beyond="baseline"),
        ),
        [],
    )
    assert [r.verdict for r in results] == ["equal", "not equal", "equal", "equal", "equal"]
    assert results[1].described.ours.mean == 2 * 669_706


def test_a_layer_is_counted_without_what_normalizes_it():
    """Of 25 weights and a bias each are LeNet-5's six maps; 12 scales and shifts follow them."""
    base = Experiment(network=LeNet(batchnorm=True))
    claims = (Count("x", 156, "p", layers=("c1",)), Count("x", 62_158, "p"))
    whole = Document("d", "d", "d", "d", base, {"x": {}}, claims)
    assert [result.verdict for result in judge(whole, [])] == ["equal", "equal"]
    assert base.sizes[0].norm == 12


TIMES = document(
    Time("sgd", 99.0, "x"), Time("baseline", None, "y", "faster", beside="sgd"), readings=()
)


@pytest.mark.parametrize(
    "seconds, verdict, reason",
    [
        ((2.0, 2.1, 2.2), "holds", "ours, as a multiple of the time of sgd on one machine, p 0.0"),
        ((8.0, 8.1, 8.2), "fails", "ours, as a multiple of the time of sgd on one machine, p 0.0"),
        ((3.0, 3.4, 4.1), "inconclusive", "about "),
        ((2.0, 2.1), "inconclusive", "at least 1 more seed needed"),
    ],
)
def test_which_of_two_takes_less_time_is_told_of_our_machine(seconds, verdict, reason):
    records = [record(BASE, s, seconds=v) for s, v in enumerate(seconds)]
    records += [record(SGD, s, seconds=4.0 + s / 10) for s in range(3)]
    of_seconds, of_two = judge(TIMES, records)
    assert of_seconds.verdict == "no verdict"
    assert of_seconds.described.ours.mean == pytest.approx(4.1)
    assert of_two.verdict == verdict and of_two.reason.startswith(reason)
    found = of_two.described
    ratios = [mine / (4.0 + s / 10) for s, mine in enumerate(seconds)]
    assert found.ours.mean == pytest.approx(sum(ratios) / len(ratios))
    assert (found.low < found.ours.mean < found.high) and found.metric == "ratio"
    if len(seconds) > 2:
        assert (found.high < 1 or found.low > 1) == (verdict != "inconclusive")


def test_times_of_two_machines_or_versions_are_not_compared():
    here, there = {"processor": "Z80"}, {"processor": "6502"}
    records = [
        dataclasses.replace(record(e, s, seconds=4.0), environment=machine)
        for e, machine in ((BASE, here), (SGD, there))
        for s in range(3)
    ]
    result = judge(TIMES, records)[1]
    assert (result.described.ours.n, result.reason) == (0, "no runs yet")


def test_a_time_is_one_of_the_documents_comparisons():
    """Its p, and those of statements beside it, allow for one another."""
    records = accuracies((0.9800, 0.9805, 0.9810, 0.9815), (0.9795, 0.9790, 0.9805, 0.9803))
    one = statement(ABOVE)
    assert judge(document(one, readings=()), records)[0].verdict == "holds"
    beside = judge(document(one, TIMES.claims[1], readings=()), records)
    assert [r.verdict for r in beside] == ["inconclusive", "inconclusive"], "equal times: p 1"


def test_contrasts_are_effects_between_experiments():
    explained = document(contrasts=(Contrast("what the optimizer does", "sgd", "baseline"),))
    ((_, interval, adjusted),) = contrasts(explained, accuracies())
    assert interval.mean == pytest.approx(-0.07)
    assert adjusted == interval.p
    assert contrasts(explained, [])[0][1].n == 0
