import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score

from keras_mnist.analysis.classes import by_class, uneven


def test_measures_by_class_are_those_of_scikit_learn():
    chance = np.random.default_rng(5)
    labels = chance.choice(4, 500, p=[0.7, 0.2, 0.08, 0.02])
    said = np.where(chance.random(500) < 0.7, labels, chance.integers(0, 4, 500))
    found = by_class((said - labels) % 4, labels, 4)
    np.testing.assert_array_equal(found.confusion, confusion_matrix(labels, said))
    assert found.balanced_accuracy == pytest.approx(balanced_accuracy_score(labels, said))
    assert found.macro_f1 == pytest.approx(f1_score(labels, said, average="macro"))


def test_a_class_without_images_is_no_class():
    found = by_class([0, 0, 1], [0, 0, 1], 3)  # the last is said to be of class 2
    assert found.balanced_accuracy == 0.5 and found.macro_f1 == 0.5
    with pytest.raises(ValueError, match="3 answers are not about 2 images"):
        by_class([0, 0, 1], [0, 1], 3)


def test_classes_are_uneven_where_accuracy_hides_the_small_ones():
    assert uneven([0] * 15 + [1] * 10)
    assert not uneven([0] * 14 + [1] * 10)
    assert not uneven([0, 0, 0])
