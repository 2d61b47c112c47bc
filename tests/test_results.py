"""The committed tables are what the committed records say."""

from pathlib import Path

from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.published import MLP_ABLATION
from keras_mnist.reporting.claim_tables import claims_as_csv, claims_as_markdown, summary
from keras_mnist.reporting.claims import judge
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.reporting.tables import as_markdown
from keras_mnist.results import Store
from keras_mnist.study import Study

ROOT = Path(__file__).parents[1]


def test_the_claim_table_is_that_of_the_stored_runs():
    results = judge(MLP_ABLATION, Store(ROOT / "results" / "runs").records())
    title = f"{MLP_ABLATION.document}: {MLP_ABLATION.title}"
    assert claims_as_markdown(title, results) == (ROOT / "docs" / "claims.md").read_text()
    assert claims_as_csv(results) == (ROOT / "docs" / "claims.csv").read_text()
    assert summary(results) in (ROOT / "README.md").read_text()


def test_the_readme_shows_the_table_of_the_stored_runs():
    store = Store(ROOT / "results" / "runs")
    study = Study(MLP_ABLATION.baseline, MLP_ABLATION.combinations)
    runs = [(v.experiment, seed) for v in study.variants for seed in study.seeds]
    records = {run: store.load(run[0], CANONICAL_MNIST, run[1]) for run in runs}
    assert not store.set_aside
    assert all(record and record.completed for record in records.values())
    data = {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True, "path": "", "note": ""}
    table = as_markdown(StudyResult(study, data, records))
    assert table == (ROOT / "results" / "ablation" / "table.md").read_text()
    assert table in (ROOT / "README.md").read_text()
