import keras
import numpy as np
import tensorflow as tf

from keras_mnist.training.optimizers import RMSpropKeras2


def test_rmsprop_of_keras_2_adds_epsilon_to_the_root():
    """By hand: v = 0.1 g^2, and the step is 0.001 g / (sqrt(v) + 1e-7)."""
    optimizer = RMSpropKeras2(0.001)
    variable = keras.Variable([1.0, 1.0])
    optimizer.build([variable])
    gradient = np.array([1e-5, 2.0])
    for _ in range(2):
        optimizer.apply([tf.constant(gradient, tf.float32)], [variable])
    expected, velocity = np.ones(2), np.zeros(2)
    for _ in range(2):
        velocity = 0.9 * velocity + 0.1 * gradient**2
        expected -= 0.001 * gradient / (np.sqrt(velocity) + 1e-7)
    np.testing.assert_allclose(variable.numpy(), expected, rtol=1e-6)
    assert 1 - variable.numpy()[0] > 5e-3, "a small gradient takes a step of full length"
