import math

import pytest

from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.stopping import best_of, end_of


@pytest.mark.parametrize(
    ("losses", "best"),
    [([3, 2, 2, 4], 1), ([1], 0), ([math.nan, 5, 4], 2), ([None, 5], 1), ([None, math.nan], 0)],
)
def test_the_best_epoch_is_the_first_of_the_least_loss(losses, best):
    assert best_of(losses) == best


@pytest.mark.parametrize(
    ("losses", "ends"),  # after that many epochs with a patience of 1, 2, 3
    [
        ([5, 4, 3, 2, 1], [None, None, None]),
        ([5, 4, 4, 3, 3, 3], [3, 6, None]),
        ([1, 2, 3, 0, 1, 2, 3], [2, 3, 7]),
        ([2, None, 1, math.nan], [2, None, None]),
    ],
)
def test_patience_runs_out_after_epochs_without_a_lower_loss(losses, ends):
    for patience, end in enumerate(ends, 1):
        assert end_of(patience, losses) == end
        assert end is None or end_of(patience, losses[: end - 1]) is None
    assert end_of(0, losses) is None


def test_patience_wants_images_held_out():
    patient = Experiment().change(patience=3)
    for change in ({"validation_split": 0}, {"validation_split": 0, "epochs": 3}):
        with pytest.raises(ExperimentError, match="the test set decides nothing") as caught:
            patient.change(**change)
        assert "--validation-split" in str(caught.value)
    none = Experiment().change(validation_split=0)
    with pytest.raises(ExperimentError, match="patience 2 with validation_split 0"):
        none.change(patience=2)
    assert none.change(patience=2, validation_split=0.5).fit.patience == 2, "both at once"
    assert patient.change(patience=0, validation_split=0) == none
