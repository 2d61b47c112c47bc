"""The house is open: what is added in the one place that CONTRIBUTING.md names works everywhere."""

import numpy as np
import pytest
from convnet import Convnet

from keras_mnist import ablate, flags
from keras_mnist.data import find_data
from keras_mnist.data.sets import SETS
from keras_mnist.documents.judging.stored import MNIST
from keras_mnist.experiment import Experiment, Study
from keras_mnist.experiment.optimizers import OPTIMIZERS, Optimizer
from keras_mnist.networks import NETWORKS, LeNet
from keras_mnist.networks import layers as plain
from keras_mnist.reporting.study_result import StudyResult
from keras_mnist.runs import RunRecord, Store
from keras_mnist.runs.plan import make_plan
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.task import REFERENCE, train_and_write
from keras_mnist.site.content import content
from keras_mnist.site.document import document
from keras_mnist.site.networks import drawing
from keras_mnist.training.run import train_run
from tuner.space import space_of


@pytest.fixture
def added(monkeypatch):
    """A network, an optimizer and a data set, registered in one place each."""
    monkeypatch.setitem(NETWORKS, "convnet", Convnet)
    monkeypatch.setitem(OPTIMIZERS, "adamw", Optimizer("keras.optimizers.AdamW", 0.001))
    monkeypatch.setitem(SETS, "stripes", "convnet.stripes")
    flags.flags.cache_clear()
    yield
    flags.flags.cache_clear()


def test_added_choices_have_flags_phrases_checks_and_spaces(added, capsys):
    names = {flag.name: flag.field for flag in flags.flags()}
    assert names["--filters"] == "filters"
    assert names["--twice"] == names["--no-twice"] == "twice"
    with pytest.raises(SystemExit):
        ablate.parser().parse_args(["--help"])
    told = capsys.readouterr().out
    assert "adamw" in told and "stripes" in told and "of the first layer" in told
    base = Experiment(network=Convnet())
    study = Study.of(base, {"dropout": [0.0], "twice": [False], "optimizer": ["adamw"]})
    assert [v.name for v in study.variants[1:4]] == ["no dropout", "no twice", "optimizer adamw"]
    assert set(space_of(base, also=["optimizer"]).fields) == {"filters", "dropout", "optimizer"}
    assert Experiment.from_dict(base.to_dict()) == base
    assert base.name == "convnet"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A store of runs of such a study, the data set, the study."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(NETWORKS, "convnet", Convnet)
        patch.setitem(OPTIMIZERS, "adamw", Optimizer("keras.optimizers.AdamW", 0.001))
        patch.setitem(SETS, "stripes", "convnet.stripes")
        dataset, store = find_data("stripes"), Store(tmp_path_factory.mktemp("runs"))
        base = (
            Experiment(network=Convnet())
            .change(epochs=4, batch_size=16, validation_split=0.0, optimizer="adamw", shift=0.1)
            .change(learning_rate=0.01)
        )
        study = Study.of(base, {"twice": [False]}, seeds=(0, 1)).on(dataset)
        wanted = {e: (label, study.seeds) for e, label in study.labels.items()}
        plan = make_plan(wanted, dataset, store, jobs=1)
        assert plan.seconds > 0, "the forecast knows no network by name"
        for experiment, seed in plan.missing:
            store.save(train_run(experiment, seed, dataset, lambda epoch, values: None))
        yield store, dataset, study


def test_they_are_trained_stored_told_and_drawn(added, trained):
    store, dataset, study = trained
    plan = make_plan({e: ("", study.seeds) for e in study.labels}, dataset, store, jobs=1)
    assert not plan.missing and not store.set_aside
    for record in plan.stored.values():
        assert record.completed and record.metrics["test_accuracy"] > 0.5
        # 12 x 10 x 3 in; 3 x 3 kernels; 10 x 8 x 4 pooled to 5 x 4 x 4; 3 classes
        second = (9 * 4 + 1) * 4 if record.experiment.network.twice else 0
        trainable = (9 * 3 + 1) * 4 + 2 * 4 + second + 5 * 4 * 4 * 3 + 3
        assert record.experiment.parameters == trainable == record.parameters - 2 * 4
    result = StudyResult(study, {**dataset.identity, "note": dataset.note}, plan.stored)
    assert "no twice" in result.table(80) and "test loss" in result.table(80)
    assert len(result.draw()) == 2
    page = document(content(store.root))
    assert "1 study, 4 runs" in page and "convnet on stripes" in page
    boxes = drawing(study.baseline)["boxes"]
    assert [(b["name"], b["shape"]) for b in boxes] == [
        ("pixels", "12×10×3"),
        ("first", "10×8×4"),
        ("second", "10×8×4"),
        ("digit", "3"),
    ]


def test_they_leave_in_every_format_that_can_hold_them(added, trained, tmp_path):
    _, dataset, study = trained
    formats = ["saved_model", "keras", "litert", "onnx"]
    folder = tmp_path / "1"
    record = train_and_write(study.baseline, 0, dataset, lambda *_: None, folder, formats)
    assert record.completed
    reference = np.load(folder / REFERENCE)
    assert reference.shape == (30, 3)
    for name in formats:
        classifier = load_classifier(folder, name)
        assert classifier.shape == (12, 10, 3)
        np.testing.assert_allclose(classifier(dataset.x_test), reference, atol=1e-5)


def test_a_layer_put_into_a_network_is_trained_measured_exported_and_drawn(
    small, tmp_path, monkeypatch
):
    """Once the pass over blocks knew LeNet by name, and did not see it."""
    whole = LeNet.layers

    def with_another(network, classes):
        *before, digit = whole(network, classes)
        before.insert(before.index(plain.Flatten("flat")), plain.Activation("put_in", "tanh"))
        return [*before, plain.Dense("extra", 9, "relu"), digit]

    experiment = Experiment(network=LeNet()).change(epochs=1, batch_size=32)
    plainly = train_run(experiment, 0, small, lambda *_: None)
    c5 = experiment.sizes[2].weights
    monkeypatch.setattr(LeNet, "layers", with_another)
    changed = experiment.change(epochs=2)  # another experiment: a trainer is kept for the last one
    formats = ["saved_model", "keras", "numpy"]
    record = train_and_write(changed, 0, small, lambda *_: None, tmp_path / "1", formats)
    assert record.parameters == changed.parameters == plainly.parameters + 84 * 9 + 9 + 100 - 850
    assert record.history["train_loss"][0] != plainly.history["train_loss"][0]
    assert "extra" in [box["name"] for box in drawing(changed)["boxes"]]
    assert experiment.sizes[2].weights == c5
    reference = np.load(tmp_path / "1" / REFERENCE)
    right = (reference.argmax(1) == small.y_test).mean()
    assert record.metrics["test_accuracy"] == pytest.approx(right)
    for name in formats:
        said = load_classifier(tmp_path / "1", name)(small.x_test)
        np.testing.assert_allclose(said, reference, atol=1e-5)


def test_what_is_added_keeps_its_key_and_orphans_nothing(added):
    """A record of an added network is read while the network is there, and set aside else."""
    experiment = Experiment(network=Convnet(filters=8))
    data = MNIST | {"images": {"train": 60_000, "test": 10_000}}
    text = RunRecord(experiment, 0, data, "failed", "x").to_json()
    assert RunRecord.from_json(text).experiment == experiment
