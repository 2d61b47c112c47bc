import json
import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from keras_mnist.analysis.answers import Question
from keras_mnist.analysis.effects import effects
from keras_mnist.analysis.intervals import Interval, Summary
from keras_mnist.base.metrics import METRICS
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.study import Study
from keras_mnist.networks import MLP
from keras_mnist.reporting import wording
from keras_mnist.reporting.own_numbers import present_own_numbers
from keras_mnist.reporting.study_columns import effect_columns, effect_rows, result_columns
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.reporting.tables import as_html, as_markdown, print_tables
from keras_mnist.runs import RunRecord
from keras_mnist.runs.said import packed

NAN = math.nan
FACTORIAL = {"dropout": [0.0], "rescale": [False]}


def data(canonical=False, name="digits", note="not MNIST"):
    return {
        "name": name,
        "digest": "d" * 64,
        "canonical": canonical,
        "note": "" if canonical else note,
    }


def run(experiment, seed, accuracy, train_loss=0.05, val_loss=0.08, epochs=3):
    last = {
        "train_loss": train_loss,
        "train_accuracy": 0.99,
        "val_loss": val_loss,
        "val_accuracy": accuracy,
        "test_loss": 0.07,
        "test_accuracy": accuracy,
        "gap": None if val_loss is None else val_loss - train_loss,
    }
    last = {name: value for name, value in last.items() if value is not None}
    if val_loss is None:
        del last["val_accuracy"]
    steps = [1 + 0.5 * (epochs - epoch) for epoch in range(1, epochs + 1)]
    return RunRecord(
        experiment=experiment,
        seed=seed,
        data={k: v for k, v in data().items() if k in ("name", "digest", "canonical")},
        status="completed",
        metrics={
            **last,
            **{f"best_{name}": value for name, value in last.items()},
            **{"plain_train_loss": 0.04, "plain_train_accuracy": 0.995},
        },
        history={
            name: [value / step if "accuracy" in name else value * step for step in steps]
            for name, value in last.items()
            if name != "gap" and name.startswith("test") <= (val_loss is None)
        },
        weights_sha256="ab" * 32,
        seconds=1.25,
    )


def failed(experiment, seed, status="failed", reason="out of memory"):
    about = {"name": "digits", "digest": "d" * 64, "canonical": False}
    return RunRecord(experiment, seed, about, status, reason)


def result(study, accuracies, about=None, replaced=None, **options):
    """`accuracies`: by variant name, one a seed; `replaced`: records by (name, seed)."""
    records = {}
    for variant in study.variants:
        for seed, accuracy in zip(study.seeds, accuracies[variant.name], strict=True):
            key = (variant.experiment, seed)
            own = (replaced or {}).get((variant.name, seed))
            records[key] = own or run(variant.experiment, seed, accuracy, **options)
    paths = {key: f"/runs/{key[0].name}/seed-{key[1]}.json" for key in records}
    return StudyResult(study, about or data(), records, trained=1, paths=paths)


def factorial(**options):
    study = Study.of(Experiment(), FACTORIAL, seeds=(0, 1))
    accuracies = {
        "baseline": [0.90, 0.92],
        "no dropout": [0.91, 0.94],
        "no rescale": [0.80, 0.84],
        "no dropout + no rescale": [0.85, 0.83],
    }
    return result(study, accuracies, **options)


def one_failed(**options):
    study = Study.of(Experiment(), {"dropout": [0.0]}, seeds=(0, 1, 2))
    broken = failed(study.variants[1].experiment, 1)
    accuracies = {"baseline": [0.9, 0.91, 0.92], "no dropout": [0.88, 0, 0.91]}
    return result(study, accuracies, replaced={("no dropout", 1): broken}, **options)


# Words


@pytest.mark.parametrize(
    ("metric", "interval", "words"),
    [
        (
            "test_accuracy",
            Interval(-0.0629, -0.0646, -0.0612, 1e-6, 5),
            "lower by 6.29 pp [6.12, 6.46]",
        ),
        (
            "test_accuracy",
            Interval(0.0012, 0.0004, 0.002, 0.01, 5),
            "higher by 0.12 pp [0.04, 0.20]",
        ),
        ("gap", Interval(0.5, 0.25, 0.75, 0.01, 5), "higher by 0.5000 [0.2500, 0.7500]"),
        ("val_loss", Interval(-0.5, -0.75, -0.25, 0.01, 5), "lower by 0.5000 [0.2500, 0.7500]"),
        (
            "test_accuracy",
            Interval(0.0002, -0.0005, 0.0009, 0.5, 5),
            "not told apart, +0.02 pp [-0.05, 0.09]",
        ),
        ("gap", Interval(-0.01, -0.03, 0.01, 0.2, 5), "not told apart, -0.0100 [-0.0300, 0.0100]"),
        # An end on zero still holds zero.
        ("gap", Interval(0.5, 0, 1, 0.05, 5), "not told apart, +0.5000 [0.0000, 1.0000]"),
        ("test_accuracy", Interval(-0.01, NAN, NAN, NAN, 1), "-1.00 pp, one pair: no interval"),
        ("gap", Interval(0.25, NAN, NAN, NAN, 1), "+0.2500, one pair: no interval"),
        ("gap", Interval(NAN, NAN, NAN, NAN, 0), "no pair of runs"),
        ("test_accuracy", Interval(0, 0, 0, 1, 3), "no difference at all"),
        # No accuracies differ by more, whatever two seeds would allow.
        (
            "test_accuracy",
            Interval(0.0302, -4.5994, 4.66, 0.9, 2),
            "not told apart, +3.02 pp [-100.00, 100.00]",
        ),
        ("gap", Interval(0.5, -40, 41, 0.9, 2), "not told apart, +0.5000 [-40.0000, 41.0000]"),
        (
            "test_loss",
            Interval(1.5e12, 1.25e12, 1.75e12, 1e-6, 5),
            "higher by 1.50e+12 [1.25e+12, 1.75e+12]",
        ),
    ],
)
def test_effect_in_words(metric, interval, words):
    assert wording.effect(metric, interval) == words


def test_metrics_in_words():
    assert wording.heading("test_accuracy") == "test accuracy %"
    assert wording.heading("val_loss") == "validation loss"
    assert wording.heading("best_val_accuracy") == "best validation accuracy %"
    assert wording.number("test_accuracy", 0.97974) == "97.97"
    assert wording.number("val_loss", 0.02734) == "0.0273"
    assert wording.number("val_loss", 1234567890123.4) == "1.23e+12"
    assert wording.number("val_loss", 123456.78) == "123456.7800"
    assert [wording.heading(metric) for metric in METRICS]


def test_spread_in_words():
    assert wording.spread("test_accuracy", Summary(0.9797, 0.0012, 5)) == "97.97 ± 0.12"
    assert wording.spread("gap", Summary(0.0702, NAN, 1)) == "0.0702"
    assert wording.spread("gap", Summary(NAN, NAN, 0)) == "–"


@pytest.mark.parametrize(
    ("p", "words"),
    [(NAN, "–"), (0.0, "<0.0001"), (0.00009, "<0.0001"), (0.0123, "0.012"), (1.0, "1")],
)
def test_p_in_words(p, words):
    assert wording.p_value(p) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (599, "9 min 59 s"),
        (600, "10 min"),
        (3569, "59 min"),
        (3570, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_duration_in_words(seconds, words):
    assert wording.duration(seconds) == words


def test_count_in_words():
    assert [wording.count(n, "run") for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]


# Tables


def test_table_with_a_failed_run():
    text = one_failed().table(width=250)
    lines = [line for line in text.splitlines() if "no dropout" in line]
    # n, then test accuracy: mean of 88 and 91, sd 3 / sqrt(2) = 2.12
    assert "2 of 3" in lines[0]
    assert "89.50 ± 2.12" in lines[0]
    # 88 - 90 = -2 and 91 - 92 = -1: mean -1.5, error 0.5. Of two metrics, each at 97.5 %:
    # half 25.451700 * 0.5 = 12.73
    assert "not told apart, -1.50 pp [-14.23, 11.23]" in lines[1]
    assert "91.00 ± 1.00" in text  # the baseline: 90, 91, 92
    assert "seeds 0, 1, 2" in text
    assert "mlp_dropout-0, seed 1: failed: out of memory" in text
    assert "Data: digits: not MNIST." in text
    assert str(one_failed()) == one_failed().table() == repr(one_failed())


def test_table_of_failures_only():
    study = Study.of(Experiment(), {"dropout": [0.0]}, seeds=(0,))
    broken = failed(study.variants[1].experiment, 0, "diverged", "[bold]not[/bold] finite [/]")
    found = result(
        study, {"baseline": [0.9], "no dropout": [0]}, replaced={("no dropout", 0): broken}
    )
    text = found.table(width=250)
    assert "0 of 1" in text
    assert "no pair of runs" in text
    assert "diverged: [bold]not[/bold] finite [/]" in text


def markdown_tables(text):
    """Data rows of each table, cells stripped."""
    tables = re.findall(r"(?:^\|.*\n?)+", text, re.M)
    return [
        [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]
        for table in map(str.strip, tables)
    ]


def test_markdown():
    text = as_markdown(factorial())
    results, effects, shares = markdown_tables(text)
    assert [row[0] for row in shares] == [
        "all together",
        "no dropout",
        "no rescale",
        "no dropout with no rescale",
    ]
    assert [row[0] for row in results] == [v.name for v in factorial().study.variants]
    assert [row[0] for row in effects] == [
        "no dropout",
        "no rescale",
        "no dropout + no rescale",
        "interaction: no dropout + no rescale",
    ]
    assert {len(row) for row in results} == {6}
    assert {len(row) for row in effects} == {5}
    assert "### Results (data: digits)" in text
    assert "Interaction: the joint effect minus" in text
    assert "Interaction: " not in as_markdown(one_failed())


def claimed(canonical):
    """Baseline runs around the blog's 97.97 % and far from its losses."""
    study = Study.of(Experiment(), {"activation": "linear"}, seeds=(0, 1, 2))
    accuracies = {"baseline": [0.979, 0.980, 0.981], "no relu": [0.915, 0.916, 0.917]}
    about = data(canonical, "mnist" if canonical else "digits")
    return result(study, accuracies, about=about, train_loss=0.5, val_loss=0.6)


def test_published_figures_beside_canonical_data():
    found = claimed(canonical=True)
    baseline, no_relu = markdown_tables(as_markdown(found))[0]
    # mean 98, sd 0.1: 98 +- 4.302653 * 0.1 * sqrt(4/3) = 98 +- 0.497
    assert baseline[5] == "98.00 ± 0.10<br>blog 97.97, inside"
    assert baseline[2] == "0.5000 ± 0.0000<br>blog 0.0273, outside"
    assert no_relu[5] == "91.60 ± 0.10<br>blog 91.56, inside"
    assert "blog: the figure published in 001_2bef09a2c007b1dd.txt" in as_markdown(found)
    assert "data:" not in as_markdown(found)
    by_metric = {c.claim.metric: c for c in found.comparisons(found.study.variants[0])}
    accuracy = by_metric["test_accuracy"]
    assert (accuracy.low, accuracy.high) == pytest.approx((0.97503, 0.98497), abs=1e-5)
    assert by_metric["gap"].claim.value == 0.0702
    assert [c.inside for c in by_metric.values()] == [False, False, False, True]


def test_no_published_figure_beside_other_data():
    found = claimed(canonical=False)
    assert all(found.comparisons(variant) == [] for variant in found.study.variants)
    for text in (as_markdown(found), found.table(), as_html(found)):
        assert "blog" not in text
        assert "inside" not in text
        assert "outside" not in text
    assert all(variant["published"] == [] for variant in found.to_dict()["variants"])


def test_too_few_runs_for_a_published_figure():
    study = Study.of(Experiment(), {"activation": "linear"}, seeds=(0,))
    accuracies = {"baseline": [0.98], "no relu": [0.91]}
    found = result(study, accuracies, about=data(True, "mnist"))
    assert "blog 97.97, too few runs" in as_markdown(found)
    published = found.to_dict()["variants"][0]["published"]
    assert {claim["inside"] for claim in published} == {None}


def test_html_escapes():
    evil = "<script>alert('x')</script>"
    study = Study.of(Experiment(), {"dropout": [0.0]}, seeds=(0,))
    broken = failed(study.variants[1].experiment, 0, reason=f"3 < 4 & {evil}")
    found = result(
        study,
        {"baseline": [0.9], "no dropout": [0]},
        about=data(name=f"{evil}.npz", note=f"from {evil}"),
        replaced={("no dropout", 0): broken},
    )
    found.data["note"] += " [x](javascript:1)"
    written = as_markdown(found)
    assert "<script" not in written and "](" not in written
    page = found._repr_html_()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 5  # two titles, the data's name and note, the reason
    assert "3 &lt; 4 &amp; " in page
    assert page.count("<table>") == 2


def test_html_rows():
    page = as_html(factorial())
    # headings and: 4 variants; 3 variants and 1 interaction; the whole, 2 shares and 1 pair
    assert page.count("<tr>") == page.count("</tr>") == 5 + 5 + 5


WORDS = re.compile(r"(higher|lower) by")


def test_null_studies_show_no_word_in_95_percent():
    """2,000 studies of 13 variants, five seeds, where nothing differs, on two metrics.

    By intervals of 95 % each, 38 % of them showed such a word on one metric alone.
    """
    studies, chance = 2000, np.random.default_rng(0)
    accuracy = chance.normal(0.98, 0.001, (studies, 14, 5))
    gap = chance.normal(0.1, 0.01, (studies, 14, 5)) + accuracy  # which hangs together
    shown = alone = 0
    for both in zip(accuracy, gap, strict=True):
        values = {
            metric: {str(place): dict(enumerate(runs)) for place, runs in enumerate(of.tolist())}
            for metric, of in zip(("test_accuracy", "gap"), both, strict=True)
        }
        told = effects(values, ["test_accuracy", "gap"])
        words = [wording.effect(m, i) for m, by_name in told.items() for i, _ in by_name.values()]
        shown += any(map(WORDS.search, words))
        alone += any(i.p < 0.05 for i, _ in told["test_accuracy"].values())
    assert 0 < shown / studies < 0.05 + 3 * math.sqrt(0.05 * 0.95 / studies)
    assert 0.33 < alone / studies < 0.43


# Data for further use


def test_frame_has_a_row_a_run():
    frame = one_failed().frame()
    assert len(frame) == 6
    assert list(frame["seed"]) == [0, 1, 2] * 2
    assert list(frame["variant"]) == ["baseline"] * 3 + ["no dropout"] * 3
    assert list(frame["status"]) == ["completed"] * 4 + ["failed", "completed"]
    assert frame["dropout"].tolist() == [0.2] * 3 + [0.0] * 3
    assert frame["test_accuracy"].isna().tolist() == [False] * 4 + [True, False]
    assert set(METRICS) <= set(frame.columns)


def test_a_long_frame_has_a_row_an_epoch():
    frame = one_failed().frame(long=True)
    assert list(frame["epoch"]) == [1, 2, 3] * 5, "one run has no curves"
    assert list(frame["variant"]) == ["baseline"] * 9 + ["no dropout"] * 6
    record = one_failed().runs(one_failed().study.variants[0])[0]
    assert frame["val_loss"].tolist()[:3] == record.history["val_loss"]
    assert frame["dropout"].tolist()[-1] == 0.0


def test_interactions():
    found = factorial()
    interval, adjusted = found.interactions["test_accuracy"]["no dropout + no rescale"]
    # Seed 0: (85 - 90) - [(91 - 90) + (80 - 90)] = 4 pp
    # Seed 1: (83 - 92) - [(94 - 92) + (84 - 92)] = -3 pp
    # mean 0.5, error 7 / 2 = 3.5; of two metrics, each at 97.5 %: half 25.451700 * 3.5 = 89.08095
    assert interval.n == 2
    assert interval.mean == pytest.approx(0.005)
    assert interval.low == pytest.approx(0.005 - 0.8908095, abs=1e-6)
    assert interval.high == pytest.approx(0.005 + 0.8908095, abs=1e-6)
    assert adjusted == min(1, 2 * interval.p)


def test_effects_are_adjusted_within_what_a_table_shows():
    """Six: three variants on test accuracy and on the gap. Any other metric is by itself."""
    found = factorial()
    effects = found.effects["test_accuracy"]
    raw = sorted(interval.p for interval, _ in effects.values())
    adjusted = sorted(p for _, p in effects.values())
    assert adjusted[0] == pytest.approx(min(1, 6 * raw[0]))
    other = sorted(p for _, p in found.effects["train_accuracy"].values())
    assert other[0] == min(1, 3 * min(i.p for i, _ in found.effects["train_accuracy"].values()))
    assert all(after >= before for before, after in zip(raw, adjusted, strict=True))
    # 91 - 90 and 94 - 92: mean 1.5 pp
    assert effects["no dropout"][0].mean == pytest.approx(0.015)


def test_to_dict():
    found = factorial().to_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert {"study", "data", "variants", "interactions", "trained", "cached", "failed"} <= set(
        found
    )
    assert {"name", "canonical", "digest"} <= set(found["data"])
    assert (found["trained"], found["cached"], found["failed"]) == (1, 7, 0)
    assert found["study"]["seeds"] == [0, 1]
    assert Experiment.from_dict(found["study"]["baseline"]) == Experiment()
    assert [v["name"] for v in found["variants"]] == [v.name for v in factorial().study.variants]

    baseline, no_dropout, *_, joint = found["variants"]
    assert baseline["changes"] == {}
    assert baseline["effects"] == {}
    assert no_dropout["changes"] == {"dropout": 0.0}
    assert joint["changes"] == {"dropout": 0.0, "rescale": False}
    assert [r["seed"] for r in no_dropout["runs"]] == [0, 1]
    first = no_dropout["runs"][0]
    assert {"seed", "status", "metrics", "history", "weights_sha256", "record"} <= set(first)
    assert (first["status"], first["weights_sha256"]) == ("completed", "ab" * 32)
    assert first["metrics"]["test_accuracy"] == 0.91
    assert len(first["history"]["val_loss"]) == 3
    assert re.fullmatch(r"mlp_dropout-0-[0-9a-f]{10}/seed-0\.json", first["record"])
    assert set(no_dropout["summary"]) == set(METRICS)
    summary = no_dropout["summary"]["test_accuracy"]
    assert set(summary) == {"mean", "sd", "n"}
    # 91 and 94: mean 92.5, sd 3 / sqrt(2)
    assert (summary["mean"], summary["n"]) == (pytest.approx(0.925), 2)
    assert summary["sd"] == pytest.approx(0.0212132)
    effect = no_dropout["effects"]["test_accuracy"]
    assert {"mean", "low", "high", "p", "p_holm"} <= set(effect)
    assert effect["mean"] == pytest.approx(0.015)

    (interaction,) = found["interactions"]
    assert interaction["name"] == "no dropout + no rescale"
    assert interaction["metrics"]["test_accuracy"]["mean"] == pytest.approx(0.005)


def test_to_dict_of_runs_that_failed():
    found = one_failed().to_dict()
    json.dumps(found, allow_nan=False)
    assert (found["failed"], found["trained"], found["cached"]) == (1, 1, 5)
    broken = found["variants"][1]["runs"][1]
    assert (broken["status"], broken["metrics"]) == ("failed", {})
    assert found["variants"][1]["summary"]["test_accuracy"]["n"] == 2


def test_to_dict_of_one_seed():
    study = Study.of(Experiment(), FACTORIAL, seeds=(4,))
    found = result(
        study, {variant.name: [0.9] for variant in study.variants}, about=data(True, "mnist")
    ).to_dict()
    json.dumps(found, allow_nan=False)
    assert found["variants"][0]["summary"]["gap"]["sd"] is None
    effect = found["variants"][1]["effects"]["test_accuracy"]
    assert effect["mean"] == 0
    assert effect["low"] is effect["high"] is effect["p"] is effect["p_holm"] is None


def test_metrics_that_were_not_finite_are_left_out():
    study = Study.of(Experiment(), {"dropout": [0.0]}, seeds=(0, 1))
    nulls = run(study.variants[1].experiment, 0, 0.9)
    nulls.metrics["val_loss"] = nulls.metrics["gap"] = None
    accuracies = {"baseline": [0.9, 0.9], "no dropout": [0.9, 0.9]}
    found = result(study, accuracies, replaced={("no dropout", 0): nulls})
    variant = found.study.variants[1]
    assert found.summary(variant, "val_loss").n == 1
    assert found.summary(variant, "test_accuracy").n == 2
    assert found.effects["gap"]["no dropout"][0].n == 1
    json.dumps(found.to_dict(), allow_nan=False)
    assert "one pair: no interval" in found.table(width=250)


def test_runs_that_were_not_done():
    study = Study.of(Experiment(), {"dropout": [0.0]}, seeds=(0, 1))
    only = {(study.variants[0].experiment, 1): run(study.variants[0].experiment, 1, 0.9)}
    found = StudyResult(study, data(), only)
    assert "1 of 2" in found.table(width=250)
    assert (found.cached, len(found.frame()), found.failed) == (1, 1, [])
    json.dumps(found.to_dict(), allow_nan=False)


# What was measured


def without_validation():
    study = Study.of(Experiment().change(validation_split=0), {"dropout": [0.0]}, seeds=(0, 1))
    accuracies = {"baseline": [0.9, 0.92], "no dropout": [0.91, 0.95]}
    return result(study, accuracies, val_loss=None)


def words(figure):
    import matplotlib.text

    return " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


def mixed():
    """A baseline that holds images out, a variant that does not, and one that does."""
    study = Study.of(Experiment(), {"validation_split": [0.0], "dropout": [0.0]}, seeds=(0, 1))
    study = Study(study.baseline, study.combinations[:2], study.seeds)
    without = study.variants[1]
    replaced = {
        (without.name, seed): run(without.experiment, seed, 0.9 + seed / 100, val_loss=None)
        for seed in study.seeds
    }
    return result(study, {v.name: [0.9, 0.92] for v in study.variants}, replaced=replaced)


@pytest.mark.parametrize(
    ("made", "results", "effects"),
    [
        (
            factorial,
            ["train loss", "validation loss", "gap", "test accuracy %"],
            ["test accuracy", "gap"],
        ),
        (
            without_validation,
            ["train loss", "test loss", "test accuracy %"],
            ["test accuracy", "test loss"],
        ),
        (
            mixed,
            ["train loss", "validation loss", "gap", "test loss", "test accuracy %"],
            ["test accuracy", "gap", "test loss"],
        ),
    ],
)
def test_a_study_shows_what_it_measured(made, results, effects):
    found = made()
    lines = [line for line in as_markdown(found).splitlines() if line.startswith("| ")]
    heads = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert heads[0] == ["variant", "n", *results]
    joined = [f"effect on {metric}" for metric in effects]
    assert next(head for head in heads if head[0] == "change")[1::2] == joined
    curves, forest, *_ = found.draw()
    assert all(f"{metric} (" in words(forest) for metric in joined)
    assert "validation" in words(curves) or results[1] == "test loss"
    # Every column has something to show, of ours or of a pair of runs.
    for table in markdown_tables(as_markdown(found))[:2]:
        for column in zip(*table, strict=True):
            assert set(column) - {"–", "no pair of runs"}


def test_curves_of_what_held_nothing_out_are_those_of_the_test_images():
    curves, _ = without_validation().draw()
    assert " test training" in words(curves) and "validation" not in words(curves)
    solid = [line for line in curves.axes[0].lines if line.get_linestyle() == "-"]
    assert [len(line.get_xdata()) for line in solid] == [3, 3]  # the baseline's and the variant's
    assert "test (validation where there is some)" in words(mixed().draw()[0])


def test_a_gap_is_only_told_where_images_were_held_out():
    results, effects = markdown_tables(as_markdown(mixed()))
    baseline, without, dropout = results
    assert without[3:5] == ["–", "–"] and "–" not in baseline and "–" not in dropout
    assert effects[0][3] == "no pair of runs" and effects[1][3] != "no pair of runs"


def test_terminal_markdown_html_and_data_show_the_same_columns():
    found = factorial()
    shown = found.to_dict()["tables"]
    for kind, columns in (("results", result_columns(found)), ("effects", effect_columns(found))):
        for column in columns:
            for text in (as_markdown(found), as_html(found), found.table(width=250)):
                assert column.heading in text
            assert all(column.name in row for row in shown[kind])
    assert shown["results"][1]["variant"] == "no dropout"
    assert shown["results"][1]["test_accuracy"] == pytest.approx(0.925)
    assert shown["effects"][0]["effect_test_accuracy"] == pytest.approx(0.015)


def test_no_word_is_broken_at_eighty_columns_and_what_has_no_room_is_named():
    found = factorial()
    terminal = Console(width=80, force_terminal=True, color_system=None)
    with terminal.capture() as capture:
        print_tables(found, terminal)
    text = capture.get()
    assert max(map(len, text.splitlines())) <= 80
    left_out = re.findall(r"Too narrow for: (.+?)\. A wider", text)
    gone = {heading for line in left_out for heading in line.split(", ")}
    everything = [*result_columns(found), *effect_columns(found)]
    assert gone and gone <= {column.heading for column in everything if column.spare}
    rows = [*((c, found.study.variants) for c in result_columns(found))]
    rows += [(c, effect_rows(found)) for c in effect_columns(found)]
    cells = [(c, word) for c, of in rows for row in of for word in c.cell(row).split()]
    assert {word for c, word in cells if c.heading not in gone} <= set(text.split())
    # A text has them all.
    text = found.table(width=80)
    assert max(map(len, text.splitlines())) <= 80 and "Too narrow" not in text
    assert {word for _, word in cells if word != "–"} <= set(text.split())


def test_our_own_numbers_are_those_that_were_measured(tmp_path, capsys):
    without = Experiment().change(validation_split=0)
    plan = SimpleNamespace(
        labels={without: "ours"}, dataset=SimpleNamespace(name="mine", identity=data(name="mine"))
    )
    records = [run(without, seed, 0.9 + seed / 50, val_loss=None) for seed in (0, 1)]
    present_own_numbers(plan, records, tmp_path, tmp_path / "own.json")
    text = (tmp_path / "own.md").read_text()
    assert "| experiment | n | train loss | test loss | test accuracy % |" in text
    assert markdown_tables(text)[0] == [
        ["ours", "2", "0.0500 ± 0.0000", "0.0700 ± 0.0000", "91.00 ± 1.41"]
    ]
    own = json.loads((tmp_path / "own.json").read_text())["own"]["ours"]
    assert own["test_accuracy"]["mean"] == pytest.approx(0.91) and "val_loss" not in own
    assert "test loss" in capsys.readouterr().out


def test_variants_that_are_called_alike_are_told_apart():
    """Effects go by name: two other networks once both had the effect of the second."""
    combinations = tuple((("network", MLP(width=width)),) for width in (64, 128))
    study = Study(Experiment(), combinations, (0, 1))
    names = [variant.name for variant in study.variants]
    assert names == ["baseline", "another network", "another network (2)"]
    found = result(study, dict(zip(names, ([0.9, 0.9], [0.8, 0.8], [0.7, 0.7]), strict=True)))
    assert [row[1] for row in markdown_tables(as_markdown(found))[1]] == [
        "lower by 10.00 pp [10.00, 10.00]",
        "lower by 20.00 pp [20.00, 20.00]",
    ]


# Figures


def one_variant(seeds, **options):
    study = Study.of(Experiment(), {"dropout": [0.0]}, seeds=tuple(range(seeds)))
    return result(study, {v.name: [0.9 + s / 100 for s in study.seeds] for v in study.variants})


def all_failed():
    study = Study.of(Experiment(), {"dropout": [0.0], "width": [64]}, seeds=(0, 1))
    name, experiment = "no dropout", study.variants[1].experiment
    broken = {(name, seed): failed(experiment, seed) for seed in study.seeds}
    accuracies = {variant.name: [0.9, 0.92] for variant in study.variants}
    return result(study, accuracies, replaced=broken)


def one_epoch():
    study = Study.of(Experiment().change(epochs=1), {"dropout": [0.0]}, seeds=(0, 1))
    accuracies = {"baseline": [0.9, 0.92], "no dropout": [0.91, 0.95]}
    return result(study, accuracies, epochs=1)


@pytest.mark.parametrize(
    "made",
    [
        lambda: claimed(canonical=True),
        lambda: one_variant(seeds=1),
        one_epoch,
        without_validation,
        all_failed,
    ],
    ids=["published", "one seed", "one epoch", "no validation", "all failed"],
)
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draw(tmp_path, made):
    paths = made().draw(tmp_path / "figures")
    assert sorted(path.name for path in paths) == [
        "curves.png",
        "curves.svg",
        "forest.png",
        "forest.svg",
    ]
    for path in paths:
        content = path.read_bytes()
        start = b"\x89PNG" if path.suffix == ".png" else b"<?xml"
        assert content.startswith(start)
        assert len(content) > 5000


def test_figures_say_what_they_show():
    curves, forest = claimed(canonical=True).draw()
    for figure in (curves, forest):
        assert "3 seeds a variant; data: mnist" in words(figure)
        assert "no relu" in words(figure)
        assert "published" in words(figure)
    for figure in claimed(canonical=False).draw():
        assert "digits (not the canonical MNIST)" in words(figure)
        assert "published" not in words(figure)


def test_no_interval_is_drawn_beyond_what_is_possible():
    from keras_mnist.reporting.forest import forest

    study = Study.of(Experiment(), {"dropout": [0.0]}, seeds=(0, 1))
    wild = result(study, {"baseline": [0.1, 0.9], "no dropout": [0.9, 0.1]})
    lines = forest(wild).axes[0].get_lines()
    assert max(max(map(abs, line.get_xdata())) for line in lines) == 100


def test_equal_results_give_equal_figures(tmp_path):
    from keras_mnist.reporting.files import save
    from keras_mnist.reporting.forest import forest

    for folder in ("a", "b"):
        save({"forest": forest(one_variant(seeds=2))}, tmp_path / folder)
    for kind in ("png", "svg"):
        first, second = (tmp_path / folder / f"forest.{kind}" for folder in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()


# Runs that patience ended


def patient():
    """A baseline of three runs that ended after 2, 4 and 3 epochs, a variant of 3 each."""
    base = Experiment().change(patience=1)
    study = Study.of(base, {"patience": [0]}, seeds=(0, 1, 2))
    lengths = {("baseline", seed): n for seed, n in enumerate((2, 4, 3))}
    replaced = {key: run(base, key[1], 0.9, epochs=n) for key, n in lengths.items()}
    accuracies = {"baseline": [0.9] * 3, "no patience": [0.91, 0.92, 0.93]}
    return result(study, accuracies, replaced=replaced)


def test_epochs_are_a_column_where_patience_may_end_them():
    column = next(c for c in result_columns(patient()) if c.name == "epochs")
    baseline, variant = patient().study.variants
    assert (column.cell(baseline), column.value(baseline)) == ("3.0 ± 1.0", 3)
    assert column.cell(variant) == "3.0 ± 0.0"
    assert "epochs" not in [column.name for column in result_columns(factorial())]


def test_curves_of_different_lengths_are_drawn_to_their_ends():
    figure = patient().draw()[0]
    axes = figure.axes[0]
    drawn = {tuple(line.get_xdata()) for line in axes.lines}
    assert (1, 2, 3, 4) in drawn, "the mean of those that are left"
    assert (2, 4, 3) in drawn, "each end is marked"
    assert "a run's end" in words(figure)
    assert "a run's end" not in words(factorial().draw()[0])


def shown_images(sizes, small_wrong=True, shape=(4, 4)):
    """Return a study of three seeds whose variant is wrong on the last class throughout."""
    labels = np.repeat(np.arange(len(sizes)), sizes)
    study = Study(Experiment(), ((("dropout", 0.0),),), (0, 1, 2))
    base, variant = study.variants
    records = {}
    for seed in study.seeds:
        right = np.zeros(len(labels), int)
        wrong = np.where(labels == len(sizes) - 1, 1, 0) if small_wrong else right
        for of, beyond in ((base, right), (variant, wrong)):
            found = run(of.experiment, seed, float((beyond == 0).mean()))
            records[of.experiment, seed] = replace(found, said=packed(labels + beyond, labels, 10))
    images = np.zeros((len(labels), *shape), np.uint8)
    images[:, 1, 2] = 200
    return StudyResult(study, data(), records, test=(images, labels))


@pytest.mark.parametrize(
    ("shape", "drawn"), [((4, 4), 1.0), ((6, 5, 1), 1.0), ((6, 5, 2), 1.0), ((6, 5, 3), 0.0)]
)
def test_broken_images_of_any_kind_are_one_picture(shape, drawn):
    """Where nothing is bright, grey levels are white paper, colours black."""
    figure = shown_images((40, 20), shape=shape).figure("images")
    (axes,) = figure.axes
    (sheet,) = axes.images
    high, wide = shape[:2]
    top, left = round(0.72 * high), 0
    found = sheet.get_array()[top : top + high, left : left + wide]
    assert found[0, 0].tolist() == [drawn] * 3 and found[1, 2, 0] == pytest.approx(
        200 / 255 if drawn == 0 else 0
    )
    assert "1, said 2\n100%" in [text.get_text() for text in axes.texts]
    assert "no dropout: breaks (left), mends (right)" in [text.get_text() for text in axes.texts]


def test_the_margin_that_was_asked_for_is_told():
    study = Study(Experiment(), ((("dropout", 0.0),),), (0, 1, 2))
    records = {
        (v.experiment, s): run(v.experiment, s, 0.9) for v in study.variants for s in range(3)
    }
    asked = Question((3,), margin=0.002)
    told = " ".join(as_markdown(StudyResult(study, data(), records, question=asked)).split())
    assert "A difference below 0.20 pp is taken for none that matters." in told


def test_classes_of_uneven_sizes_have_a_table_of_their_own():
    result = shown_images((40, 20))
    text = " ".join(as_markdown(result).split())
    assert "| no dropout | 50.00 ± 0.00 |" in text and "| 1, said 2: 100.0% |" in text
    assert "The classes are of uneven sizes" in text
    assert "Balanced accuracy" not in as_markdown(shown_images((25, 20)))


def test_data_hold_mcnemar_s_counts_and_the_confusion():
    _, variant = shown_images((40, 20)).to_dict()["variants"]
    counts = [{"seed": seed, "broken": 20, "mended": 0} for seed in range(3)]
    assert variant["images"]["mcnemar"] == counts
    assert variant["images"]["most_broken"][0] == {"image": 40, "share": 1.0}
    assert variant["images"]["most_mended"] == []
    confusion = np.array(variant["classes"]["confusion"])
    assert confusion.shape == (10, 10) and confusion[1, 2] == 20 and confusion[1, 1] == 0
    assert variant["classes"]["by_seed"][0]["balanced_accuracy"] == 0.5
