"""Choices of a baseline by name, from the command line."""

import pytest

from keras_mnist.ablate import parser_for, study_of
from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.named import with_named

BASE = Experiment()


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("normalize=true", {"normalize": True}),
        ("normalize", {"normalize": True}),
        ("rescale=no", {"rescale": False}),
        ("batch-size=64", {"batch_size": 64}),
        ("optimizer = adam", {"optimizer": "adam"}),
        ("dropout=0", {"dropout": 0.0}),
    ],
)
def test_a_choice_that_is_named(text, changes):
    assert with_named(BASE, [text], "--baseline") == BASE.change(**changes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("normalise=true", "Did you mean normalize"),
        (
            "normalize=maybe",
            "must be normalize=true or normalize=false. Received: 'normalize=maybe'",
        ),
        ("width", "must be width=VALUE"),
        ("width=wide", "must be width=VALUE"),
        ("width=0", "width must be a whole number"),
        ("shape=3", "must name a choice"),
        ("filters=8", "must name a choice"),
    ],
)
def test_what_names_no_choice_is_told(text, told):
    with pytest.raises(ExperimentError) as error:
        with_named(BASE, [text], "--baseline")
    assert told in str(error.value)


def test_a_baseline_is_changed_for_all_variants_alike():
    def asked(*words):
        return study_of(parser_for(list(words)).parse_args(words))

    study = asked("--baseline", "normalize=true", "--no-relu", "--no-normalize", "--epochs", "2")
    assert [v.experiment.pixels.normalize for v in study.variants] == [True, True, False, False]
    assert {v.experiment.fit.epochs for v in study.variants} == {2}
    every = asked("--baseline", "dropout=0", "--each")
    assert "no dropout" not in [v.name for v in every.variants], "it is off already"
    whole = asked("--all", "--baseline", "batch-size=64")
    assert whole.baseline.fit.batch_size == 64
