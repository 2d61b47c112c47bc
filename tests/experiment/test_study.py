from types import SimpleNamespace

import numpy as np
import pytest

from keras_mnist.analysis.answers import Question
from keras_mnist.base.checks import LARGEST_SEED
from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.study import BASELINE, Study, name_of
from keras_mnist.runs.executors.local import checked_jobs

BASE = Experiment()


def names(study):
    return [variant.name for variant in study.variants]


def test_single_change():
    study = Study.of(BASE, {"activation": "linear"})
    assert names(study) == [BASELINE, "no relu"]
    baseline, variant = study.variants
    assert (baseline.changes, baseline.experiment) == ((), BASE)
    assert variant.changes == (("activation", "linear"),)
    assert variant.experiment == BASE.change(activation="linear")
    assert study.seeds == (0, 1, 2, 3, 4)
    assert (study.name, study.interactions) == ("no-relu", [])


def test_repeated_change():
    study = Study.of(BASE, {"width": [64, 128], "learning_rate": []}, seeds=[7])
    assert names(study) == [BASELINE, "width 64", "width 128"]
    assert (study.seeds, study.name) == ((7,), "width-64+width-128")


def test_joint_change():
    study = Study.of(BASE, {"rescale": [False], "dropout": [0.0], "width": [64, 128]})
    assert names(study) == [
        BASELINE,
        "no rescale",
        "no dropout",
        "width 64",
        "width 128",
        "no rescale + no dropout + width 64",
        "no rescale + no dropout + width 128",
    ]
    joint = study.variants[-1].experiment
    assert joint == BASE.change(rescale=False, dropout=0.0, width=128)


def test_factorial():
    changes = {"rescale": [False], "dropout": [0.0, 0.5], "width": [64, 128, 256]}
    study = Study.of(BASE, changes, factorial=True)
    # Every choice of "as it is" or a value: (1 + 1)(2 + 1)(3 + 1) = 24, the baseline among them
    assert len(study.variants) == 24
    assert len(set(names(study))) == 24
    assert "no rescale + dropout 0.5 + width 256" in names(study)
    assert "dropout 0.5 + width 64" in names(study)
    # 23 less the 6 single ones
    assert len(study.interactions) == 17


def test_interactions_name_their_single_changes():
    study = Study.of(BASE, {"rescale": [False], "width": [64, 128]})
    found = [(joint.name, [v.name for v in singles]) for joint, singles in study.interactions]
    assert found == [
        ("no rescale + width 64", ["no rescale", "width 64"]),
        ("no rescale + width 128", ["no rescale", "width 128"]),
    ]


def test_no_interaction_without_all_single_changes():
    joint = (("rescale", False), ("width", 64))
    assert Study(BASE, ((("rescale", False),), joint)).interactions == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ((("dropout", 0.0),), "no dropout"),
        ((("dropout", 0.1),), "dropout 0.1"),
        ((("activation", "tanh"),), "activation tanh"),
        ((("rescale", False), ("batch_size", 512)), "no rescale + batch size 512"),
        ((("learning_rate", 1e-05),), "learning rate 1e-05"),
        ((("schedule", "cosine"), ("warmup_epochs", 2)), "schedule cosine + warmup epochs 2"),
        ((("schedule", "constant"), ("warmup_epochs", 0)), "no schedule + no warmup"),
        ((("label_smoothing", 0.1),), "label smoothing 0.1"),
        ((("class_weights", "balanced"),), "class weights balanced"),
        ((("clip_norm", 0.0), ("clip_value", 0.5)), "no clip norm + clip value 0.5"),
        ((("momentum", 0.0), ("nesterov", True)), "no momentum + nesterov"),
    ],
)
def test_names_of_changes(changes, name):
    assert name_of(changes, BASE.change(**dict(changes))) == name


def test_long_studies_have_short_names():
    study = Study.of(BASE, {"width": list(range(1, 20))})
    assert study.name == "19-variants"


@pytest.mark.parametrize(
    ("changes", "received"),
    [
        ({"width": [64, 64]}, "width 64"),
        ({"dropout": [0.0, 0]}, "no dropout"),
        ({"width": [512]}, "the same experiment as baseline"),
        ({"dropout": [0.2]}, "the same experiment as baseline"),
        ({"learning_rate": [0.001]}, "the same experiment as baseline"),
        ({"optimizer": ["sgd"], "learning_rate": [0.01]}, "the same experiment"),
        ({"side": [28]}, "the same experiment as baseline"),
    ],
    ids=str,
)
def test_a_variant_that_changes_nothing_is_refused(changes, received):
    with pytest.raises(ExperimentError, match="must differ") as caught:
        Study.of(BASE, changes)
    assert received in str(caught.value)


@pytest.mark.parametrize(
    ("baseline", "changes", "reason"),
    [
        (
            {"optimizer": "adam"},
            {"momentum": [0.9]},
            "momentum is of rmsprop, sgd, muon; adam takes beta_1, beta_2, epsilon, amsgrad",
        ),
        ({"optimizer": "sgd"}, {"rho": [0.8]}, "sgd takes momentum, nesterov"),
        ({"optimizer": "sgd"}, {"nesterov": [True]}, "nesterov needs a momentum above 0"),
        ({}, {"optimizer": ["adam"], "momentum": [0.9]}, "momentum is of rmsprop, sgd, muon"),
        ({"width": 64}, {"width": [64]}, "The baseline has width 64"),
        ({}, {"rho": [0.9]}, "The baseline has rho 0.9"),
    ],
    ids=str,
)
def test_why_a_change_decides_nothing_is_said(baseline, changes, reason):
    with pytest.raises(ExperimentError, match="must differ") as caught:
        Study.of(BASE.change(**baseline), changes)
    assert reason in str(caught.value)
    assert str(caught.value).endswith(" Leave it out.")


def test_a_value_is_held_against_this_baseline():
    study = Study.of(BASE.change(width=64), {"width": [512]})
    assert names(study) == [BASELINE, "width 512"]
    with pytest.raises(ExperimentError, match="the same experiment as baseline"):
        Study.of(BASE.change(width=64), {"width": [64]})


@pytest.mark.parametrize("changes", [{}, {"width": []}], ids=str)
def test_a_study_without_change_is_refused(changes):
    with pytest.raises(ExperimentError, match="at least one choice"):
        Study.of(BASE, changes)


@pytest.mark.parametrize("changes", [{"witdh": [3]}, {"width": [0]}, {"width": ["64"]}], ids=str)
def test_a_study_checks_its_changes(changes):
    with pytest.raises(ExperimentError, match="must be"):
        Study.of(BASE, changes)


@pytest.mark.parametrize(
    ("seeds", "received"),
    [
        ((), "none"),
        ((1, 2, 1), "1,2,1"),
        ((-1,), "-1"),
        ((LARGEST_SEED + 1,), "2147483648"),
        ((1.0,), "1.0"),
        ((True,), "True"),
        (("1",), "'1'"),
    ],
    ids=str,
)
def test_seeds(seeds, received):
    with pytest.raises(ExperimentError) as caught:
        Study.of(BASE, {"width": 64}, seeds=seeds)
    assert "seed" in str(caught.value)
    assert f"Received: {received}." in str(caught.value)


def test_numbers_of_numpy_are_numbers():
    changes = {"width": np.array([64, 32]), "hidden_layers": range(1, 2)}
    study = Study.of(BASE, changes, seeds=np.arange(2))
    assert study == Study.of(BASE, {"width": [64, 32], "hidden_layers": [1]}, seeds=(0, 1))
    kept = [value for variant in study.variants for _, value in variant.changes]
    assert {type(value) for value in (*kept, *study.seeds)} == {int}
    assert checked_jobs(np.int64(1)) == 1
    asked = Question(np.array([3, 5]), margin=np.float64(0.5))
    assert asked == Question((3, 5), margin=0.5)
    assert Question.until_told(np.int64(5)) == Question((3, 5))


@pytest.mark.parametrize("seeds", [3, np.int64(3)])
def test_how_many_seeds_is_no_list_of_them(seeds):
    with pytest.raises(ExperimentError, match=r"seeds must be listed.*3. range\(3\)"):
        Study.of(BASE, {"width": 64}, seeds=seeds)


def test_seeds_at_the_ends():
    assert Study.of(BASE, {"width": 64}, seeds=(LARGEST_SEED, 0)).seeds == (LARGEST_SEED, 0)


def test_on_another_data_set():
    study = Study.of(BASE, {"width": 64, "dropout": 0.0}, seeds=(3,))
    about = {"values": "levels", "mean": None, "deviation": None, "class_names": ()}
    labels = np.arange(40) % 4
    moved = study.on(SimpleNamespace(shape=(8, 8, 3), classes=4, y_train=labels, **about))
    assert names(moved) == names(study)
    assert moved.seeds == (3,)
    assert {v.experiment.shape for v in moved.variants} == {(8, 8, 3)}
    # 192 inputs, 64 or 512 units, 512 more, 4 classes
    assert moved.variants[1].experiment.parameters == 193 * 64 + 65 * 64 + 65 * 4
    for before, after in zip(study.variants, moved.variants, strict=True):
        assert before.experiment.key("x", 1) == after.experiment.key("x", 1)
