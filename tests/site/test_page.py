"""The page without a browser: what is on it, from which records, and that nothing else gets in."""

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import MNIST as MNIST_FILE
from conftest import ROOT, Command, needs_mnist

from keras_mnist import Experiment
from keras_mnist.base.errors import StoreError
from keras_mnist.command import guarded
from keras_mnist.data import find_data
from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.documents import document_named, documents
from keras_mnist.documents.judging.judged import judged
from keras_mnist.experiment.study import Study
from keras_mnist.networks import NETWORKS, Network
from keras_mnist.networks.choices import ACTIVATION, INIT
from keras_mnist.networks.layers import Dense, Flatten
from keras_mnist.page import main
from keras_mnist.reporting import wording
from keras_mnist.reporting.claim_tables import summary
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.runs import SCHEMA, RunRecord, Store
from keras_mnist.site.content import content
from keras_mnist.site.document import document

RUNS, SEARCH = ROOT / "results" / "runs", ROOT / "results" / "search"
MNIST = {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True}
HTML = "</script><img src=x onerror=\"alert('x')\"><b>bold</b>&amp;{{ 7 * 7 }}"


def record(experiment=None, seed=0, data=MNIST, **changes) -> RunRecord:
    """A completed run, unless `changes` say otherwise, of made-up numbers."""
    experiment = experiment or Experiment()
    epochs = experiment.fit.epochs
    losses = [1 / (epoch + 1 + seed / 10) for epoch in range(epochs)]
    held_out = "val" if experiment.data.validation_split else "test"
    history = {"train_loss": losses, f"{held_out}_loss": [loss + 0.05 for loss in losses]}
    shares = [round(2000 * (1 - loss / 5)) / 2000 for loss in losses]  # of any of MNIST's parts
    history |= {f"{split}_accuracy": shares for split in ("train", held_out)}
    metrics = {name: curve[-1] for name, curve in history.items()}
    if held_out == "val":
        gap = metrics["val_loss"] - metrics["train_loss"]
        metrics |= {"test_loss": 0.1, "test_accuracy": (970 + seed) / 1000, "gap": gap}
    environment = {"processor": "a processor", "threads": 1}
    made = RunRecord(
        experiment, seed, data, "completed", "", metrics, history, "00", 10, 2.5, environment
    )
    return replace(made, **changes)


def stored(folder: Path, records) -> Path:
    store = Store(folder)
    for each in records:
        path = store.path(each.experiment, each.data["digest"], each.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.to_json())  # many: without syncing each
    return folder


class Text(HTMLParser):
    """The elements of a page and the text that a reader sees."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.attributes, self.text, self.data, self._within = [], [], "", "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        self._within = "data" if ("id", "data") in attrs else tag

    def handle_endtag(self, tag):
        self._within = ""

    def handle_data(self, data):
        if self._within == "data":
            self.data += data
        elif self._within not in ("script", "style"):
            self.text += data


def page_of(folder: Path, search=None) -> Text:
    return Text(document(content(folder, search)))


@pytest.fixture(scope="module")
def whole() -> str:
    return document(content(RUNS, SEARCH, dataset=find_data("mnist") if MNIST_FILE else None))


@needs_mnist
def test_the_committed_page_is_what_the_committed_records_say(whole):
    assert whole == (ROOT / "docs" / "page.html").read_text()


def test_the_page_says_what_the_report_says(whole):
    records = [r for r in Store(RUNS).records() if r.data["digest"] == CANONICAL_MNIST]
    found = [judged(document, records) for document in documents()]
    page = Text(whole)
    results = {result.id: result for one in found for result in one.results}
    rows = dict(re.findall(r'data-id="([^"]+)" data-source="[^"]+" data-verdict="([^"]+)"', whole))
    assert rows == {id: result.verdict for id, result in results.items()}
    for one in found:
        assert f"{one.document.short}: {summary(one.results)}" in [a[2] for a in page.attributes]
    claims = json.loads(page.data)["claims"]
    for id, result in results.items():
        strip = claims[id]["strip"]
        if result.claim.kind != "count":
            assert len(strip["rows"][0]["values"]) == result.described.ours.n, id
        assert claims[id]["command"].startswith("keras-mnist reproduce --only ")


def test_the_findings_are_told_with_the_numbers_of_the_documents_page(whole):
    told = " ".join((ROOT / "docs" / "documents.md").read_text().split())
    told = told[told.index("## What a reader will remember") : told.index("## Open questions")]
    page = " ".join(Text(whole).text.split())
    effects = re.findall(r"[\d.]+ pp \[[^]]+\]", told)
    assert len(effects) > 3
    for effect in effects:
        assert effect in page, effect
    for published in documents():
        for highlight in published.highlights:
            assert highlight.title in page


def test_the_studies_are_those_of_the_ablation(whole):
    studies = json.loads(Text(whole).data)["studies"]
    blog = next(s for s in studies if s["title"].startswith("blog: "))
    saved = json.loads((ROOT / "results" / "ablation" / "study.json").read_text())
    accuracy = next(m for m in blog["metrics"] if m["name"] == "test_accuracy")
    document = document_named("mlp_ablation")
    study = Study(document.baseline, document.combinations, range(20))
    keys = {v.experiment.key(CANONICAL_MNIST, SCHEMA): v.experiment for v in study.variants}
    stored = [r for r in Store(RUNS).records() if r.key in keys]
    result = StudyResult(study, MNIST, {(keys[r.key], r.seed): r for r in stored})
    plain = {name: i for name, (i, _) in result.effects["test_accuracy"].items()}
    names = [variant["name"] for variant in saved["variants"][1:]]  # of which it took fewer seeds
    assert len(accuracy["effects"]) == 13 and [v.name for v in study.variants[1:]] == names
    for ours, name in zip(accuracy["effects"], names, strict=True):
        assert ours["mean"] == pytest.approx(100 * plain[name].mean, rel=1e-4)
    words = [wording.effect("test_accuracy", plain[v.name]) for v in study.variants[1:]]
    assert [effect["words"] for effect in accuracy["effects"]] == words


def test_the_map_calls_the_baseline_of_any_search_the_baseline(whole):
    """A search may start from a network that no document describes."""
    drawn = whole[whole.index("function drawMap") : whole.index("function mapLegend") + 500]
    assert drawn.count('"baseline"') == 2 and "blog" not in drawn


def test_a_study_on_the_page_offers_what_it_measured(whole):
    offered = {
        study["title"].split(":")[0]: [metric["name"] for metric in study["metrics"]]
        for study in json.loads(Text(whole).data)["studies"]
    }
    assert offered["blog"] == ["test_accuracy", "gap", "test_loss"]
    assert offered["README"] == offered["1 x 1 report"] == ["test_accuracy", "test_loss"]


def test_nothing_is_loaded_from_anywhere(whole):
    page = Text(whole)
    policy = next(value for tag, name, value in page.attributes if name == "content")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "http" not in policy
    for tag, name, value in page.attributes:
        assert name != "style" and not name.startswith("on"), "the policy would forbid it"
        if name in ("src", "href"):
            assert value.startswith(("#", "data:")), (tag, value)
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
    ):
        assert word not in whole


def test_a_page_is_quick_and_small_and_made_without_tensorflow(tmp_path):
    line = (
        "import sys; from keras_mnist.page import main; "
        f"code = main(['--runs', {str(RUNS)!r}, '--search', {str(SEARCH)!r}, '--out', 'p.html']); "
        "print(sorted({'tensorflow', 'keras', 'keras_tuner'} & sys.modules.keys())); "
        "import time; assert time.process_time() < 10; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", line], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "p.html\n[]\n"), done.stderr
    assert (tmp_path / "p.html").stat().st_size < 3 * 2**20


def test_ten_thousand_records(tmp_path):
    experiments = [Experiment().change(width=width) for width in range(100, 2100)]
    stored(tmp_path / "runs", (record(e, seed) for e in experiments for seed in range(5)))
    start = time.process_time()  # not of the clock: other tests want the cores, too
    assert guarded(main, ["--runs", str(tmp_path / "runs"), "--out", str(tmp_path / "p.html")]) == 0
    assert time.process_time() - start < 10
    assert (tmp_path / "p.html").stat().st_size < 10 * 2**20
    page = Text((tmp_path / "p.html").read_text())
    studies = json.loads(page.data)["studies"]
    for study in studies:
        assert study["title"].startswith(("blog", "others like mlp"))
    shown = sum(len(study["variants"]) + study["more"] for study in studies)
    assert shown == 2000 + 1, "each once, the baseline twice"
    assert "10,000, of which 0 did not complete" in page.text


def test_curves_of_very_many_epochs_are_left_out(tmp_path):
    long = Experiment().change(epochs=30_000)
    page = page_of(stored(tmp_path / "runs", [record(), record(seed=1), record(long)]))
    shown = json.loads(page.data)["experiments"]
    curves = {e["experiment"]["training"]["epochs"]: e["curves"] for e in shown.values() if e["n"]}
    assert curves[30_000] == {} and len(curves[10]["val_loss"]["mean"]) == 10


def test_curves_of_different_lengths_say_of_how_many_runs_they_are(tmp_path):
    patient = Experiment().change(patience=1)
    whole = [record(patient, seed) for seed in range(3)]
    cut = {name: values[:4] for name, values in whole[0].history.items()}
    cut["val_loss"] = [*cut["val_loss"][:3], 9.0]
    last = whole[0].metrics | {name: values[-1] for name, values in cut.items()}
    last["gap"] = last["val_loss"] - last["train_loss"]
    runs = [replace(whole[0], history=cut, metrics=last), *whole[1:], record()]
    page = page_of(stored(tmp_path / "runs", runs))
    shown = next(e for e in json.loads(page.data)["experiments"].values() if e["n"] == 3)
    curve = shown["curves"]["train_loss"]
    assert curve["n"] == [3] * 4 + [2] * 6 and len(curve["mean"]) == 10
    both = [values["train_loss"][9] for values in (run.history for run in whole[1:])]
    assert curve["mean"][9] == pytest.approx(sum(both) / 2, rel=1e-4)
    plain = page_of(stored(tmp_path / "plain", [record(seed=s) for s in range(3)]))
    assert all(
        "n" not in curve
        for e in json.loads(plain.data)["experiments"].values()
        for curve in e["curves"].values()
    )


def test_html_in_every_text_of_a_record_is_shown_as_text(tmp_path):
    data = {"name": HTML, "digest": HTML, "canonical": HTML}
    hostile = {
        "reason": HTML,
        "weights_sha256": HTML,
        "environment": {HTML: HTML, "processor": HTML, "threads": HTML},
        "created": HTML,
    }
    odd = record(Experiment(), 1, data, **hostile)
    history = odd.history | {HTML: odd.history["val_loss"]}
    records = [
        replace(odd, history=history, metrics=odd.metrics | {HTML: 0.5}),
        record(Experiment().change(width=64), 1, data, **hostile),
        record(Experiment(), 2, data, status="failed", **hostile),
        record(seed=1, data=MNIST | {"name": HTML}, **hostile),
    ]
    plain = page_of(stored(tmp_path / "calm", [record(seed=1), record(seed=2)]))
    page = page_of(stored(tmp_path / "runs", records))
    assert "img" not in page.tags and "b" not in set(page.tags) - set(plain.tags)
    assert page.tags.count("script") == 2
    assert HTML in page.text
    assert "<" not in page.data and json.loads(page.data)


@pytest.mark.parametrize("kind", ["failed", "one seed"])
def test_poor_stores(kind, tmp_path):
    records = {
        "failed": [record(seed=s, status="failed", reason="out of memory") for s in range(3)],
        "one seed": [record(e) for e in document_named("mlp_ablation").needed()],
    }[kind]
    (tmp_path / "runs").mkdir()
    page = page_of(stored(tmp_path / "runs", records))
    told = " ".join(page.text.split())
    assert ("There are no completed runs" in told) == (kind != "one seed")
    assert ("out of memory" in told) == (kind == "failed")
    nothing_yet = "Nothing yet: the runs in this store do not bear out" in told
    assert nothing_yet, "a document is there once one of its runs is"
    verdicts = {value for _, name, value in page.attributes if name == "data-verdict"}
    assert verdicts <= {"inconclusive", "equal", "not equal", "no verdict"}
    assert "#search" not in [value for _, _, value in page.attributes]


def test_a_folder_without_records_is_refused_and_those_below_it_are_named(tmp_path):
    (tmp_path / "a" / "empty").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"must hold run records.*Name another folder"):
        page_of(tmp_path)
    stored(tmp_path / "a" / "runs", [record()])
    runs = re.escape(str(tmp_path / "a" / "runs"))
    for folder in (tmp_path, tmp_path / "a"):
        with pytest.raises(
            StoreError, match=f"must hold run records.*some in {runs}: --runs {runs}"
        ):
            page_of(folder)
    assert page_of(tmp_path / "a" / "runs").tags


def test_other_data_is_shown_apart_and_without_verdicts(tmp_path):
    data = {"name": "digits", "digest": "ab" * 32, "canonical": False}
    change = Experiment().change(activation="linear")
    records = [record(e, s, data) for e in (Experiment(), change) for s in range(3)]
    records.append(record(status="failed", reason="lost power"))  # so that a document is there
    page = page_of(stored(tmp_path / "runs", records))
    assert "6 runs on digits" in " ".join(page.text.split())
    drawn = json.loads(page.data)
    assert drawn["studies"] == [] and len(drawn["elsewhere"]) == 1
    assert all(
        e["published"] is None for m in drawn["elsewhere"][0]["metrics"] for e in m["effects"]
    )
    assert all(
        not row["values"]
        for c in drawn["claims"].values()
        if c["strip"]
        for row in c["strip"]["rows"]
    )


@dataclass(frozen=True)
class Straight(Network):
    """A network that no document is about."""

    activation: str = ACTIVATION.default("relu")
    init: str = INIT.default("keras")

    def layers(self, classes):
        return [Flatten("flat"), Dense("hidden", 8, self.activation), Dense("digit", classes)]


@pytest.mark.parametrize("base", [True, False])
def test_a_network_of_no_document_is_compared_with_its_own_defaults(base, tmp_path, monkeypatch):
    monkeypatch.setitem(NETWORKS, "straight", Straight)
    default = Experiment(network=Straight())
    tried = [default] * base + [default.change(activation=a) for a in ("tanh", "linear")]
    page = page_of(stored(tmp_path / "runs", [record(e, s) for e in tried for s in range(3)]))
    (study,) = json.loads(page.data)["studies"]
    assert study["title"] == "straight on mnist"
    named = ["baseline"] * base + ["activation tanh", "no relu"]
    assert sorted(variant["name"] for variant in study["variants"]) == sorted(named)
    assert not base or study["baseline"] == "baseline"


@pytest.mark.parametrize(
    "line, said",
    [
        (["--runs", "nowhere"], "must name a folder of run records"),
        (["--search", "."], "--search must name the folder of a finished search"),
        (["--out", "."], "--out must name a file"),
    ],
)
def test_bad_input_is_told(line, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    stored(Path("runs"), [record()])
    assert guarded(main, line) == 1
    assert said in capsys.readouterr().err


def test_a_torn_record_is_named_and_left_out(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    stored(Path("runs"), [record(), record(seed=1)])
    (torn,) = Path("runs").glob("*/seed-1.json")
    torn.write_text(torn.read_text()[:100])
    assert guarded(main, []) == 0
    assert "was set aside" in capsys.readouterr().err
    assert "was set aside" in Text(Path("page.html").read_text()).text


def test_a_damaged_search_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    stored(Path("runs"), [record()])
    Path("search").mkdir()
    for text in ("[]", "{}", "no JSON", '{"search": 1, "trials": [{}]}'):
        Path("search/result.json").write_text(text)
        assert guarded(main, []) == 1, text
        assert "must name the folder of a finished search" in capsys.readouterr().err


def test_the_page_is_shown_in_the_browser_on_request(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    stored(Path("runs"), [record()])
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert guarded(main, []) == 0 and opened == []
    assert guarded(main, ["--out", "new/p.html", "--open"]) == 0
    assert opened == [(tmp_path / "new" / "p.html").as_uri()]
    assert capsys.readouterr().out == "page.html\nnew/p.html\n"


def test_the_help_of_the_command(tmp_path, data_file):
    done = Command(tmp_path, data_file).run("page", "--help")
    assert done.returncode == 0 and "--search" in done.stdout
