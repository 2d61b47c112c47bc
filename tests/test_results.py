"""The committed tables are what the committed records say."""

import json
from dataclasses import replace
from itertools import takewhile

from conftest import ROOT

from keras_mnist import Experiment, Question
from keras_mnist.asking import AT_MOST
from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.documents import document_named, documents
from keras_mnist.documents.judging.judged import judged
from keras_mnist.documents.judging.stored import records_of
from keras_mnist.experiment.file import read_experiment
from keras_mnist.experiment.study import Study
from keras_mnist.reporting.claim_tables import (
    claims_as_csv,
    claims_as_latex,
    claims_as_markdown,
    summary,
)
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.reporting.tables import as_markdown
from keras_mnist.runs import Store
from keras_mnist.runs.workbench import _runs_of_look

SEARCHED = Store(ROOT / "results" / "search_runs")


def test_the_claim_tables_are_those_of_the_stored_runs():
    records, _, notes = records_of(ROOT / "results" / "runs", documents())
    assert not notes
    found = [judged(document, records) for document in documents()]
    assert claims_as_markdown(found) == (ROOT / "docs" / "claims.md").read_text()
    assert claims_as_csv(found) == (ROOT / "docs" / "claims.csv").read_text()
    assert claims_as_latex(found) == (ROOT / "docs" / "claims.tex").read_text()
    everything = summary([result for one in found for result in one.results])
    assert everything in (ROOT / "README.md").read_text()
    page = (ROOT / "docs" / "documents.md").read_text()
    assert everything in page
    for one in found:
        assert f"| `{one.document.name}` | {summary(one.results)} |" in page


def rows(text: str) -> list[str]:
    """The lines of a text's first table of effects."""
    lines = text[text.index("| change |") :].splitlines()
    return list(takewhile(lambda line: line.startswith("|"), lines))


def until_told() -> StudyResult:
    """The blog's study from the committed records alone: each look takes what it would train."""
    store = Store(ROOT / "results" / "runs")
    blog = document_named("mlp_ablation")
    question = replace(Question.until_told(AT_MOST, margin=0.002), step=1 / 10_000)
    study = Study(blog.baseline, blog.combinations, range(AT_MOST))
    data = {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True, "note": ""}
    records, result = {}, None
    for look in question.looks:
        runs = _runs_of_look(study, look, result)
        records |= {run: store.load(run[0], CANONICAL_MNIST, run[1]) for run in runs}
        assert all(record and record.completed for record in records.values())
        result = StudyResult(study, data, records, question=question)
    assert result and not store.set_aside
    return result


def test_the_pages_show_the_table_of_the_stored_runs():
    table = as_markdown(until_told())
    assert table == (ROOT / "results" / "ablation" / "table.md").read_text()
    assert table in (ROOT / "docs" / "asking.md").read_text()
    effects, shown = (rows(text) for text in (table, (ROOT / "README.md").read_text()))
    assert len(shown) > 2 and shown[:2] == effects[:2], "the heading, then some of its rows"
    places = [effects.index(row) for row in shown]
    assert places == sorted(set(places))


def test_the_page_says_what_the_search_found():
    found = json.loads((ROOT / "results" / "search" / "result.json").read_text())
    assert f'"{found["answer"]}"' in (ROOT / "docs" / "search.md").read_text()
    journal = (ROOT / "results" / "search" / "journal.jsonl").read_text().splitlines()
    begun = [event for event in map(json.loads, journal) if event["event"] == "created"]
    assert len(found["trials"]) == len(begun) and not [t for t in found["trials"] if t["reason"]]
    seeds = tuple(map(str, found["search"]["seeds"]))
    assert {tuple(trial["scores"]) for trial in found["trials"]} == {seeds}
    best = read_experiment(ROOT / "results" / "search" / "best.json")
    assert best == Experiment.from_dict(found["best"])
    assert best == Experiment.from_dict(found["trials"][0]["experiment"])
    for trial in found["trials"]:  # as the stored runs have it
        experiment = Experiment.from_dict(trial["experiment"])
        for seed, score in trial["scores"].items():
            record = SEARCHED.load(experiment, CANONICAL_MNIST, int(seed))
            assert record.metrics["val_accuracy"] == score
