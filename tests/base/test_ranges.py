import pytest

from keras_mnist.base.ranges import Range, Values


def test_points_of_a_grid():
    assert Range(32, 300, log=True).points() == [32, 64, 128, 256]
    assert Range(0.0, 0.3, step=0.01).points() == [0.0, 0.1, 0.2, 0.3]
    assert Range(1, 3).points() == [1, 2, 3]
    assert Range(1e-3, 1e-2, log=True).points() == pytest.approx([1e-3, 3.1623e-3, 1e-2], rel=1e-3)
    assert Values((3, 1)).points() == [3, 1]
