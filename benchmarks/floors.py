"""What no training can go below on this machine, measured in the round that it is compared in.

Two floors of the seconds a run-epoch. The plain one counts the products of training alone, at
the rate at which TensorFlow multiplies large matrices. The tighter one takes each product at its
own shape, adds the test pass's at the large matrices' rate, and the bytes that the optimizer
moves at the rate at which NumPy adds vectors of the network's length.
"""

import statistics
import time

from contestants import EXPERIMENTS

SIDE = 1024  # of the large matrices
SECONDS = 1.5  # of large products; each other measurement takes a tenth
LOOP = 20  # products in one measurement
BYTES = 20  # a parameter and step: weight, slot and gradient read, weight and slot written


def products(model: str) -> list[tuple[int, int, int]]:
    """Return the products (m, k) by (k, n) of one step of 128: forward, by weights, by inputs."""
    experiment, shapes = EXPERIMENTS[model], []
    for number, layer in enumerate(experiment.sizes):
        # A convolution is the product of its patches with its kernel.
        rows = layer.multiply_adds // layer.weights * experiment.fit.batch_size
        fan_in, units = layer.fan_in, layer.outputs[-1]
        shapes += [(rows, fan_in, units), (fan_in, rows, units)]
        if number:  # nobody asks for the gradient by the images
            shapes.append((rows, units, fan_in))
    return shapes


def floors(model: str, dataset, epochs: int):
    """Return a turn that measures rates; its value is them and the tighter floor, by name."""
    import numpy as np
    import tensorflow as tf

    experiment = EXPERIMENTS[model]
    steps = len(dataset.x_train) / experiment.fit.batch_size
    large = tf.random.normal((SIDE, SIDE))
    vectors = [np.ones(experiment.parameters, "float32") for _ in range(3)]

    def repeated(m, k, n):
        """A product in a compiled loop, so that no call into TensorFlow counts."""
        a, b = (tf.Variable(tf.random.normal(shape)) for shape in ((m, k), (k, n)))

        @tf.function(autograph=False)
        def run():
            def body(i, total):
                with tf.control_dependencies([total]):  # one after another
                    return i + 1, total + tf.matmul(a, b)[0, 0]

            return tf.while_loop(lambda i, _: i < LOOP, body, (0, 0.0))

        run()
        return run

    # Some library calls are quicker the other way about.
    shapes = [(repeated(m, k, n), repeated(n, k, m)) for m, k, n in products(model)]

    def turn(seed, gate):
        _seconds(lambda: tf.matmul(large, large), SECONDS / 10)
        gate(1)
        peak = 2 * SIDE**3 / _seconds(lambda: tf.matmul(large, large), SECONDS)
        at_shape = sum(min(_seconds(way, SECONDS / 10) for way in ways) / LOOP for ways in shapes)
        moved = 12 * experiment.parameters
        bandwidth = moved / _seconds(lambda: np.add(*vectors[:2], out=vectors[2]), SECONDS / 10)
        test = 2 * experiment.multiply_adds * len(dataset.x_test) / peak
        update = BYTES * experiment.parameters / bandwidth
        gate(epochs)
        return {
            "peak": peak,
            "bandwidth": bandwidth,
            "tighter": steps * (at_shape + update) + test,
        }

    return turn


def _seconds(action, span: float) -> float:
    """Return the median seconds of an action repeated for `span` seconds."""
    times, end = [], time.perf_counter() + span
    while (begin := time.perf_counter()) < end:
        action()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)
