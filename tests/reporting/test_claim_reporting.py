"""Tables, figures and data of claims: what a person reads."""

import csv
import dataclasses
import io
import json
import math
from pathlib import Path

import pytest
from made_up import (
    BASE,
    NUMBERS,
    RATE,
    SGD,
    accuracies,
    document,
    numbers,
    record,
    statement,
)
from matplotlib.figure import Figure

from keras_mnist.analysis.intervals import summarize
from keras_mnist.analysis.verdicts import EXPLAINED, FAILS, HOLDS
from keras_mnist.documents import (
    About,
    Claim,
    Contrast,
    Count,
    Finding,
    Number,
    Time,
    documents,
)
from keras_mnist.documents.claims import Sometimes
from keras_mnist.documents.judging import judge
from keras_mnist.documents.judging.judged import judged
from keras_mnist.documents.quantities import At, Excess, Jump, Part, Rise, Spread, values
from keras_mnist.reporting import wording
from keras_mnist.reporting.claim_chance import beside_chance
from keras_mnist.reporting.claim_columns import COLUMNS, ClaimColumn
from keras_mnist.reporting.claim_outputs import as_data, present_claims, print_claims
from keras_mnist.reporting.claim_plot import claim_plot, final_numbers
from keras_mnist.reporting.claim_tables import (
    claims_as_csv,
    claims_as_data,
    claims_as_latex,
    claims_as_markdown,
    in_words,
    legend,
    notes,
    summary,
)
from keras_mnist.reporting.document_curves import document_curves
from keras_mnist.reporting.grids import latex_table
from keras_mnist.runs import Store
from keras_mnist.site.answer import answer
from keras_mnist.site.claims import claim_rows
from keras_mnist.site.content import content
from keras_mnist.site.document import document as page_of
from keras_mnist.site.experiments import Experiments

DATA = {"name": "mnist", "digest": "x", "canonical": True}


def row(result):
    return {column.heading: column.cell(result) for column in COLUMNS}


def test_an_explained_number_shows_both_readings():
    results = numbers()
    shown = row(results[1])
    assert shown["ours"] == "91.00 ± 0.85 (15)\n98.00 ± 0.08 (15)"
    assert shown["published"] == "98.00"
    assert shown["claim"] == "test accuracy %"
    assert shown["reason"] == "with another rate"
    assert results[2].reason == "outside the prediction interval, nor with another rate"
    assert "another rate: it is not said." in notes(NUMBERS, results, [])


def test_the_sampling_noise_of_10000_images_stands_beside_the_seeds():
    # sqrt(0.98 * 0.02 / 10000) = 0.0014
    assert row(numbers()[0])["test-set noise"] == "± 0.14"
    assert row(numbers()[2])["test-set noise"] == "", "a loss has none"
    assert any("no part of a verdict" in line for line in legend(numbers()))


def test_what_was_divided_is_shown_with_its_factor():
    divided = document(Number("baseline", "train_loss", 0.0461, "nats", "table", 2, scale=32.0))
    shown = row(judge(divided, [])[0])
    assert shown["published"] == "1.4752 (0.0461 × 32)"
    assert shown["claim"] == "train loss, epoch 2"
    assert (shown["ours"], shown["interval"]) == ("– (0)", "–")


@pytest.mark.parametrize(
    "part, words",
    [
        (
            Part(At("sgd", "test_loss"), At("baseline", "test_loss", 5)),
            "sgd − baseline (epoch 5) > 0",
        ),
        (Part(0.001, At("sgd", "test_loss")), "0.001 − sgd > 0"),
        (Part(Jump("sgd", "test_loss"), 0.0), "greatest rise of sgd within an epoch > 0"),
        (Part(Rise("sgd", "test_loss", 3, 9), 0.0), "rise of sgd (epochs 3 to 9) > 0"),
        (
            Part(Excess("sgd"), Excess("sgd", 5)),
            "excess over training of sgd − excess over training of sgd (epoch 5) > 0",
        ),
        (Part(Spread("sgd", "test_loss"), 0.0), "spread of sgd (last 10 epochs) > 0"),
    ],
)
def test_a_statement_says_what_it_compares(part, words):
    result = judge(document(statement(part)), [])[0]
    assert row(result)["experiment"] == f"test loss: {words}"
    assert row(result)["claim"] == "it is so"
    assert row(result)["published"] == "stated"
    assert result.reason == "no runs yet"


def test_thresholds_and_differences_of_accuracy_are_in_points():
    part = Part(At("baseline", "test_accuracy"), At("sgd", "test_accuracy"), by=0.05)
    result = judge(document(statement(part)), accuracies(sgd=(0.9081, 0.91, 0.9119)))[0]
    assert row(result)["experiment"] == "test accuracy: baseline − sgd > 5 pp"
    assert row(result)["ours"] == "7.00 ± 0.09 pp (3)"
    assert row(result)["reason"].startswith("p 0.0")
    high = Part(At("baseline", "test_accuracy"), 0.985)
    about = row(judge(document(statement(high)), accuracies())[0])["experiment"]
    assert about == "test accuracy: baseline − 98.5 % > 0"
    two = judge(document(statement(part)), [r for r in accuracies() if r.seed < 2])[0]
    assert two.reason == "at least 1 more seed needed"


def test_a_share_of_runs_in_words_and_on_the_page():
    part = Part(Jump("sgd", "test_accuracy"), 0.0, by=0.1)
    claims = document(Sometimes("jumps", "it jumps", "page 1", (part,)), readings=())
    curves = [[0.5, 0.7, 0.7], *3 * [[0.5, 0.5, 0.5]]]
    records = [record(SGD, s, {"test_accuracy": curve}) for s, curve in enumerate(curves)]
    one = judged(claims, records)
    shown = row(one.results[0])
    said = "in some runs: test accuracy: greatest rise of sgd within an epoch > 10 pp"
    assert (shown["experiment"], shown["ours"], shown["interval"]) == (said, "1 of 4", "[1, 81]")
    assert shown["verdict"] == "holds"
    assert "after 72 runs without it" in legend(one.results)[0]
    (shown,) = claim_rows([one], Experiments(records))
    assert shown["strip"]["rows"][0]["values"] == [[0, 100.0], [1, 0.0], [2, 0.0], [3, 0.0]]
    assert (shown["strip"]["interval"], shown["strip"]["mark"]) == (
        "share of all runs (95 %)",
        None,
    )
    data = claims_as_data(one.results, DATA)["claims"][0]
    assert (data["kind"], data["ours"]["mean"], data["ours"]["n"]) == ("sometimes", 0.25, 4)
    assert '"it jumps"' not in claims_as_csv([one]) and "it jumps" in claims_as_csv([one])


def test_an_interval_ends_where_no_value_can_lie():
    wide = [record(BASE, i, test_accuracy=v) for i, v in enumerate((0.5, 0.9, 0.98))]
    assert row(judge(NUMBERS, wide)[0])["interval"] == "[0.00, 100.00]"


def test_what_a_reading_breaks_is_said():
    results = numbers(sgd=(0.979, 0.980, 0.981), read=(0.5, 0.501, 0.502))
    line = "another rate: it is not said. Under it, these no longer reproduce: sgd, test accuracy."
    assert line in notes(NUMBERS, results, [])


@pytest.mark.parametrize(
    "epochs, words",
    [
        (["last"], ""),
        ([3], "epoch 3"),
        ([3, "last"], "epoch 3 and the last"),
        ([1, 2, 4, 5, 6, 9, "last"], "epochs 1, 2, 4 to 6, 9 and the last"),
    ],
)
def test_epochs_in_words(epochs, words):
    assert wording.epochs(epochs) == words


def test_what_is_not_reproduced_of_a_curve_is_one_line_that_names_its_epochs():
    epochs = (1, 2, 3, "last")
    claims = document(
        *(Number("sgd", "test_accuracy", 98.0, "%", "x", epoch) for epoch in epochs),
        Number("sgd", "test_loss", 0.1, "nats", "x", 3),
    )
    curve = {"test_accuracy": [0.5, 0.98, 0.6], "test_loss": [0.1] * 3}
    at = {SGD: curve, SGD.change(learning_rate=0.1): {**curve, "test_accuracy": [0.98, 0.98, 0.98]}}
    records = [record(e, i, its) for e, its in at.items() for i in range(15)]
    results = judge(claims, records)
    line = [result for result in results if result.verdict == "reproduced"]
    assert in_words(line) == ["sgd, test accuracy, epoch 2 and the last", "sgd, test loss, epoch 3"]
    assert [r.verdict for r in results[:3]] == ["explained", "reproduced", "explained"]


def test_runs_without_a_result_are_named():
    lost = dataclasses.replace(record(SGD, 4), status="diverged", reason="in epoch 2")
    assert "sgd, seed 4: diverged: in epoch 2." in notes(NUMBERS, [], [lost])


def test_counts_and_times_in_words():
    claims = document(
        Count("baseline", 669_706, "x", times=2),
        Count("baseline", 1, "x", "weights", ("hidden_1",)),
        Count("sgd", 0, "x", beyond="baseline"),
        Time("sgd", 1279.52, "x"),
        Time("baseline", None, "y", "trains faster", beside="sgd"),
    )
    shown = [row(r) for r in judge(claims, [record(BASE, 0, seconds=3.0), record(SGD, 0)])]
    assert [s["claim"] for s in shown] == [
        "parameters, twice",
        "weights of hidden_1",
        "parameters beyond baseline",
        "seconds of training",
        "trains faster",
    ]
    assert [s["published"] for s in shown] == ["669,706", "1", "0", "1,279.52", "stated"]
    assert [s["ours"] for s in shown] == ["1,339,412", "401,408", "0", "2.0 (1)", "1.50 (1)"]
    assert shown[4]["reason"] == "at least 2 more seeds needed"


def test_the_machine_is_named_beside_times():
    timed = document(Time("sgd", 99.0, "x"))
    run = dataclasses.replace(record(SGD, 0), environment={"processor": "Z80", "threads": 1})
    assert "Times: ours on Z80, 1 thread." in notes(timed, judge(timed, [run]), [run, run])
    assert "Times: ours on no machine yet." in notes(timed, judge(timed, []), [])


def test_inconclusive_says_what_would_tell():
    wide = [record(BASE, i, test_accuracy=v) for i, v in enumerate((0.5, 0.9, 0.98))]
    assert judge(NUMBERS, wide)[0].reason == "our runs spread too widely to tell"
    some = [record(BASE, i, test_accuracy=v) for i, v in enumerate((0.977, 0.98, 0.983))]
    found = judge(NUMBERS, some)[0]
    assert found.verdict == "compatible"
    more = found.described.seeds - 3
    assert found.reason == f"our runs spread widely, about {more} more seeds would tell"
    off = [record(BASE, i, test_accuracy=v) for i, v in enumerate((0.9, 0.901, 0.902))]
    assert judge(NUMBERS, off)[0].reason == "outside so far, 12 more seeds needed to say so"
    zero = statement(Part(At("baseline", "test_accuracy"), 0.98))
    even = [record(BASE, i, test_accuracy=v) for i, v in enumerate((0.97, 0.98, 0.99))]
    assert judge(document(zero), even)[0].reason == "not told apart, p 1"


def test_a_document_s_html_is_no_html_in_markdown():
    claims = document(Number("sgd", "test_accuracy", 98.0, "%", "<img src=x>"), readings=())
    bad = dataclasses.replace(claims, title="<script>alert(1)</script>", assumptions=("<b>x</b>",))
    text = claims_as_markdown([judged(bad, [])])
    assert "<script>" not in text and "&lt;script>" in text and "&lt;b>x" in text


def test_the_noise_of_mnist_s_test_set_is_told_of_mnist_alone():
    claims = document(Number("baseline", "test_accuracy", 98.0, "%", "x"), readings=())
    runs = [record(BASE, s, test_accuracy=0.98 + s / 1e4) for s in range(3)]
    assert "test-set noise" in claims_as_markdown([judged(claims, runs)])
    other = dataclasses.replace(claims, data=About("digits"))
    assert "test-set noise" not in claims_as_markdown([judged(other, runs)])


def test_the_headline_says_what_chance_gives_and_counts_experiments():
    epochs = (
        Number("baseline", "test_accuracy", 98.0, "%", "x"),
        *(
            Number("sgd", "test_accuracy", value, "%", "x", epoch)
            for epoch, value in ((1, 50.0), (2, 98.0), (3, 99.0))
        ),
    )
    curve = {"test_accuracy": [0.5, 0.6, 0.7]}
    records = [record(e, i, curve) for e in (BASE, SGD) for i in range(3)]
    results = judge(document(*epochs, readings=()), records)
    assert [r.verdict for r in results] == ["reproduced", "reproduced", *2 * ["inconclusive"]]
    assert beside_chance(results) == (
        "Of 4 numbers, 2 lie outside the interval of one further run as described; if all were "
        "true, about 0.2 would by chance. Of 2 experiments with numbers, all of that is of one: "
        "6th, sgd."
    )
    both = judge(document(Number("baseline", "test_loss", 9.0, "nats", "x"), *epochs),
                 [record(r.experiment, r.seed, curve, test_loss=0.1) for r in records])  # fmt: skip
    assert beside_chance(both).endswith(
        "about 0.3 would by chance. They are of 2 of 2 experiments, 2 of one: 6th, sgd."
    )
    assert beside_chance(judge(document(*epochs), [])) == "", "no runs, no intervals"
    assert "They" not in beside_chance(results[:2])


@pytest.fixture
def one_more():
    """A column among the others: with how many runs a claim is held."""
    runs = ClaimColumn(
        "held",
        "held with",
        lambda result: f"Q{result.described.ours.n}",
        lambda result: result.described.ours.n,
        width=0.077,
    )
    COLUMNS.insert(3, runs)
    yield runs
    COLUMNS.remove(runs)


def test_a_column_more_is_one_object_and_stands_everywhere(found, one_more, tmp_path, capsys):
    cells = [f"Q{result.described.ours.n}" for result in found.results]
    assert set(cells) == {"Q0", "Q1", "Q3"}
    print_claims([found])
    printed = capsys.readouterr().out
    assert all(cell in printed for cell in cells) and "held" in printed
    markdown = claims_as_markdown([found])
    assert "| published | held with | ours |" in markdown
    assert markdown.count("| Q3 |") == cells.count("Q3")
    latex = claims_as_latex([found])
    assert r"p{0.077\linewidth}" in latex and "published & held with & ours" in latex
    assert latex.count("& Q3 &") == cells.count("Q3")
    lines = list(csv.DictReader(io.StringIO(claims_as_csv([found]))))
    assert [f"Q{line['held']}" for line in lines] == cells
    assert [f"Q{claim['held']}" for claim in as_data([found], DATA)["claims"]] == cells
    for published in documents():
        failed = {"status": "failed", "reason": "lost power", "metrics": {}}
        run = dataclasses.replace(record(published.baseline, 0), **failed)
        Store(tmp_path / "runs").save(run)
    page = content(tmp_path / "runs")
    assert {row["held"] for row in page.text["claims"]} == {"Q0", "Q1"}
    whole = page_of(page)
    assert '<button type="button" data-by="held">Held with</button>' in whole
    assert whole.count('<td role="cell" class="held">Q0</td>') == whole.count('data-held="Q0"') > 0


@dataclasses.dataclass(frozen=True)
class Floor(Claim):
    """A kind of claim that the package does not have: no run of ours is worse than this."""

    experiment: str
    metric: str
    least: float
    where: str

    kind = "floor"
    legend = ("A floor holds where every run of ours is above it.",)
    name = property(lambda self: f"{self.experiment}/{self.metric}/floor")
    plural = property(lambda self: "floors")
    about = property(lambda self: [self.experiment])
    claimed = property(lambda self: f"never below {self.least:g}")
    as_metric = property(lambda self: self.least)

    def finding(self, runs, reading=None, adjusted=()):
        ours = list(self.evidence(runs, None, reading).values())
        holds = all(value >= self.least for value in ours)
        return Finding(HOLDS if holds else FAILS, self.metric, summarize(ours))

    def evidence(self, runs, found, reading=None):
        return values(At(self.experiment, self.metric), runs.of(self.experiment, reading))

    def why(self, found):
        return f"in all {found.ours.n} runs" if found.verdict == HOLDS else "not in every run"


def test_a_kind_of_claim_more_is_one_class_and_stands_everywhere():
    """Judged, under a reading too, and shown, by what knows nothing of it."""
    floors = Floor("sgd", "test_accuracy", 0.95, "page 9"), Floor("baseline", "test_loss", 9.0, "x")
    claimed = document(*NUMBERS.claims, *floors)
    one = judged(claimed, accuracies())
    result = one.results[3]
    assert (result.described.verdict, result.read.verdict) == (FAILS, HOLDS)
    assert (result.verdict, result.reason) == (EXPLAINED, f"with {RATE.name}")
    shown = row(result)
    assert (shown["experiment"], shown["claim"]) == ("sgd", "never below 0.95")
    assert (shown["ours"], shown["interval"]) == ("91.00 ± 1.00 (3)\n98.00 ± 0.10 (3)", "–\n–")
    assert legend(one.results)[-1].startswith("A floor holds")
    for form in (claims_as_markdown, claims_as_latex, claims_as_csv):
        assert "never below 0.95" in form([one])
    line = list(csv.DictReader(io.StringIO(claims_as_csv([one]))))[3]
    assert (line["kind"], line["published"], line["n"]) == ("floor", "95", "3")
    data = claims_as_data(one.results, DATA)["claims"][3]
    assert (data["kind"], data["published"], data["verdict"]) == (
        "floor",
        "never below 0.95",
        EXPLAINED,
    )
    shown = claim_rows([one], Experiments(one.records))[3]
    assert shown["what"] == "sgd: never below 0.95"
    assert shown["strip"]["mark"] == 95.0 and len(shown["strip"]["rows"][1]["values"]) == 3
    (card,) = answer([one])["cards"]
    assert ("floors", "2 claims: 1 explained, 1 holds") in card["lines"]
    assert any("sgd" in key for key, _ in claimed.needed(floors[:1]).values())


CLAIMS = document(
    *NUMBERS.claims,
    statement(Part(At("baseline", "test_accuracy"), At("sgd", "test_accuracy"))),
    Count("baseline", 669_706, "table 2"),
    Time("sgd", 10.0, "table 3"),
    contrasts=(Contrast("what SGD does", "sgd", "baseline"),),
    figures=(("baseline",), ("baseline", "sgd")),
    assumptions=("the width",),
)


@pytest.fixture
def found():
    series = {f"{s}_{q}": [0.5, 0.7, 0.9] for s in ("train", "val") for q in ("loss", "accuracy")}
    records = [record(r.experiment, r.seed, series, **r.metrics) for r in accuracies()]
    return judged(CLAIMS, records)


def test_every_form_has_a_line_a_claim(found):
    lines = list(csv.DictReader(io.StringIO(claims_as_csv([found]))))
    assert [line["id"] for line in lines] == [r.id for r in found.results]
    assert [line["verdict"] for line in lines] == [r.verdict for r in found.results]
    assert float(lines[1]["mean"]) == pytest.approx(91.0)
    assert float(lines[1]["test_set_noise"]) == pytest.approx(100 * math.sqrt(0.91 * 0.09 / 1e4))
    assert lines[4]["mean"] == lines[4]["published"] == "669706"
    assert (lines[1]["as_printed"], lines[1]["published"]) == ("98.00", "98")
    assert lines[2]["test_set_noise"] == lines[4]["sd"] == ""
    markdown = claims_as_markdown([found])
    assert markdown.startswith(f"**{summary(found.results)}.**")
    assert "They rest on 9 runs, 18 s of training, each on one thread." in markdown
    assert all(f"| {r.verdict} |" in markdown for r in found.results)
    assert "what SGD does: sgd − baseline" in markdown
    assert "Assumed: the width." in markdown
    latex = claims_as_latex([found])
    assert latex.count(r"\\") == len(found.results) + 2 + 3, "a caption and headings each"
    assert "no part of a verdict" in latex
    assert r"669,706" in latex


def test_latex_keeps_its_special_characters():
    text = latex_table("a_b", ["50 %", "x"], [["A & B", "± {1} − \\^~\n$#"]])
    assert r"a\_b" in text
    assert r"50 \% & x \\" in text
    assert r"A \& B & $\pm$ \{1\} $-$ \textbackslash{}\textasciicircum{}" in text
    assert r"\textasciitilde{}\newline \$\# \\" in text
    assert text.count("p{0.450\\linewidth}") == 2


def test_claims_as_data(found):
    content = as_data([found], DATA)
    json.dumps(content, allow_nan=False)
    by_kind = {claim["kind"]: claim for claim in content["claims"]}
    assert set(by_kind) == {"number", "statement", "count", "time"}
    number = content["claims"][1]
    assert number["id"] == "sixth/sgd/test_accuracy"
    assert (number["published"], number["unit"], number["where"]) == (98.0, "%", "table 1")
    assert number["ours"]["n"] == 3
    assert number["ours"]["mean"] == pytest.approx(91.0), "in the unit of what was published"
    assert number["ours"].keys() >= {"mean", "sd", "n", "low", "high", "noise"}
    assert number["experiment"]["training"]["optimizer"] == "sgd"
    assert number["verdict_under_reading"] == "reproduced"
    assert by_kind["statement"]["published"] == "it is so"
    assert list(by_kind["statement"]["experiments"]) == ["baseline", "sgd"]
    assert by_kind["time"]["published"] == 10.0
    assert sum(content["counts"].values()) == len(content["claims"])
    assert content["contrasts"][0]["mean"] == pytest.approx(-0.07)
    assert content["data"] == DATA
    json.dumps(claims_as_data(judge(CLAIMS, []), {}), allow_nan=False)


def test_figures_are_drawn_from_the_records(found):
    assert isinstance(claim_plot(final_numbers(found.results)), Figure)
    figure = document_curves(CLAIMS, found.records)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in shown[:2]] == ["baseline", ""]
    alone, against = shown[:2]
    assert list(alone.lines[0].get_ydata()) == pytest.approx([50, 70, 90])
    assert len(alone.lines) == 2, "training and held-out"
    assert [text.get_text() for text in against.get_legend().get_texts()] == ["baseline", "sgd"]
    assert isinstance(document_curves(CLAIMS, []), Figure), "without any run"


def test_everything_is_printed_and_written(found, tmp_path, capsys):
    print_claims([found, found])
    out = capsys.readouterr().out
    assert "what SGD does" in out
    assert f"all documents: {summary(found.results * 2)}" in out
    chance = beside_chance(found.results * 2)
    assert chance in " ".join(out.split()) and "by chance" in chance
    assert beside_chance(found.results) in claims_as_markdown([found])
    present_claims([found], DATA, tmp_path / "out", tmp_path / "c.json")
    printed = capsys.readouterr().out
    assert printed.startswith(out.split("\n")[0]), "the table, before the paths"
    paths = printed.splitlines()[-8:]
    names = {"claims.md", "claims.csv", "claims.tex", "c.json"}
    names |= {f"{n}.{kind}" for n in ("published", "sixth_curves") for kind in ("png", "svg")}
    assert {Path(path).name for path in paths} == names and len(names) == len(paths)
