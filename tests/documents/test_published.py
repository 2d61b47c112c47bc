import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

from keras_mnist import ablate
from keras_mnist import documents as package
from keras_mnist.base.errors import ExperimentError
from keras_mnist.documents import (
    Count,
    Document,
    Number,
    chosen,
    claim_named,
    document_named,
    documents,
    published,
    published_named,
)
from keras_mnist.documents.claims import Statement
from keras_mnist.documents.quantities import At, Part

BLOG, TANH = document_named("mlp_ablation"), document_named("tanh_report")

SIXTH = """
title = "A sixth document"
name = "sixth"
source = "999_sixth.txt"
networks = {wide_mlp = "wide"}
[baseline]
network = "mlp"
[experiments]
wide = {width = 999}
[[numbers]]
where = "page 1"
experiment = "wide"
unit = "%"
test_accuracy = 98.0
"""


@pytest.fixture
def added(tmp_path, monkeypatch):
    """A function that makes a file with this text one of the published documents."""

    def add(text):
        (tmp_path / "sixth.toml").write_text(text)
        monkeypatch.setattr(package, "FOLDERS", (*package.FOLDERS, tmp_path))
        documents.cache_clear()

    yield add
    monkeypatch.undo()
    documents.cache_clear()
    assert "sixth" not in [document.name for document in documents()]


def test_a_sixth_document_is_one_file_and_nothing_else(added):
    added(SIXTH)
    assert [document.name for document in documents()][-1] == "sixth"
    document, claim = claim_named("sixth/wide/test_accuracy")
    assert claim.value == 98.0
    assert published()["wide_mlp"] == (document, document.experiment("wide"))
    assert package.numbers_about(document.experiment("wide")) == [(document, claim)]


def test_two_documents_with_one_model_name_are_refused(added):
    """The later one once became the default baseline without a word."""
    added(SIXTH.replace("wide_mlp", "mlp"))
    told = "the network mlp must be of one document. Received: 001_.*txt and 999_sixth.txt. Rename"
    for asked in (published, lambda: published_named("lenet5"), lambda: ablate.main(["--no-relu"])):
        with pytest.raises(ExperimentError, match=told):
            asked()


def test_documents_stand_in_the_order_of_their_files():
    files = [document.file for document in documents()]
    assert files == sorted(files) and BLOG.file in files


def test_names_are_found_and_near_ones_told():
    assert document_named("001_2bef09a2c007b1dd.txt") is BLOG
    with pytest.raises(ExperimentError, match="Did you mean mlp_ablation"):
        document_named("mlp_ablatoin")
    with pytest.raises(ExperimentError, match="Did you mean mlp_ablation/sgd/test_accuracy"):
        claim_named("mlp_ablation/sgd/test_acuracy")
    with pytest.raises(ExperimentError, match="There are many; see reproduce --list"):
        claim_named("xyz")
    with pytest.raises(ExperimentError, match="Did you mean lenet5_reg"):
        package.published_named("lenet5_ref")


def test_what_is_chosen():
    assert list(chosen([], None)) == list(documents())
    assert chosen(["tanh_report"], None) == {TANH: None}
    names = ["mlp_ablation/sgd/test_accuracy", "mlp_ablation/no-relu/gap"]
    ((document, claims),) = chosen([], names).items()
    assert document is BLOG
    assert [BLOG.claim_id(claim) for claim in claims] == names
    with pytest.raises(ExperimentError, match="must not be given together"):
        chosen(["mlp_ablation"], names)
    assert chosen([], names[:1] * 2)[BLOG] == claims[:1]


def test_ids_are_unique_and_fit_for_a_command_line():
    ids = [document.claim_id(claim) for document in documents() for claim in document.claims]
    assert len(set(ids)) == len(ids) > 0
    assert not any(set(name) & set(" '\"\\*?") for name in ids)


def test_a_document_names_only_its_own_experiments():
    with pytest.raises(ExperimentError, match="must have every experiment it names"):
        Document("x", "x", "x", "x", BLOG.baseline, {}, (Count("gone", 1, "x"),))
    part = Part(At("gone", "test_loss"), 0.0)
    with pytest.raises(ExperimentError, match="must have every experiment it names"):
        Document("x", "x", "x", "x", BLOG.baseline, {}, (Statement("s", "s", "x", (part,)),))
    twice = (Count("a", 1, "x"), Count("a", 2, "x"))
    with pytest.raises(ExperimentError, match="must differ"):
        Document("x", "x", "x", "x", BLOG.baseline, {"a": {}}, twice)


def test_one_run_serves_every_document_that_needs_it():
    readme, early = document_named("mnist_readme"), document_named("mnist_readme_early")
    assert readme.experiment("LeNet5") == early.experiment("LeNet5")
    alone = readme.experiment("LeNet5_Reg, no augmentation")
    assert alone == early.experiment("CustomMLP, no augmentation")


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
    numbers = [claim for claim in BLOG.claims if isinstance(claim, Number)]
    gaps = {c.experiment: abs(c.value) for c in numbers if c.metric == "gap"}
    assert gaps == pytest.approx(printed)


def test_the_tanh_reports_losses_are_divided_by_images_a_batch():
    """At chance, ln 10: 60,000 images in 1,875 batches, 10,000 in 313."""
    by_name = {claim.name: claim for claim in TANH.claims}
    train, test = by_name["Custom/train_loss/1"], by_name["Custom/test_loss/1"]
    assert (train.value, test.value) == (0.0720, 0.0721)
    assert train.as_metric == pytest.approx(2.3026, abs=train.rounding)
    assert test.as_metric == pytest.approx(2.3026, abs=test.rounding)
    assert abs(test.value * 32 - 2.3026) > 0.00005 * 32, "a factor of 32 does not fit both"


def test_the_tanh_reports_validation_is_the_test_set():
    """0.1135 is the share of ones among the 10,000; among the last 12,000 there are 10.7 %."""
    first = next(c for c in TANH.claims if c.name == "Custom/test_accuracy/1")
    assert first.value * 10_000 == 1135


def test_the_files_of_the_documents_are_installed_with_the_package():
    """What setuptools is told to take along, as its own globs find it."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folder = Path(package.__file__).parent
    patterns = told["package-data"]["keras_mnist.documents"]
    taken = {path for pattern in patterns for path in folder.glob(pattern)}
    assert taken == set(folder.rglob("*.toml")) != set()
