"""One step of training, done in two ways."""

import numpy as np
import tensorflow as tf


def step(network, run, inputs):
    """One pass from the network's first state: probabilities, gradients, moving statistics."""
    start = [variable.numpy() for variable in network.variables]
    weights = np.random.default_rng(1).normal(size=(len(inputs), *network.output_shape[1:]))
    with tf.GradientTape() as tape:
        probabilities = run(tf.constant(inputs, network.compute_dtype))
        value = tf.reduce_sum(probabilities * tf.constant(weights, probabilities.dtype))
    slopes = tape.gradient(value, [variable.value for variable in network.trainable_variables])
    moved = {v.path: v.numpy() for v in network.non_trainable_variables}
    for variable, value in zip(network.variables, start, strict=True):
        variable.assign(value)
    paths = [variable.path for variable in network.trainable_variables]
    gradients = {p: slope.numpy() for p, slope in zip(paths, slopes, strict=True)}
    return probabilities.numpy(), gradients, moved


def assert_same_step(network, ours, theirs, inputs, tolerance):
    ours, theirs = step(network, ours, inputs), step(network, theirs, inputs)
    np.testing.assert_allclose(ours[0], theirs[0], rtol=tolerance)
    # Of all: the biases before a batch normalization have no gradient but rounding.
    greatest = max(np.abs(slope).max() for slope in theirs[1].values())
    for path, slope in theirs[1].items():
        bound = tolerance * greatest
        np.testing.assert_allclose(ours[1][path], slope, rtol=0, atol=bound, err_msg=path)
    for path, moved in theirs[2].items():
        bound = tolerance * np.abs(moved).max()
        np.testing.assert_allclose(ours[2][path], moved, rtol=0, atol=bound, err_msg=path)
    return ours, theirs
