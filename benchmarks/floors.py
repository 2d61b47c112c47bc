"""What no training can go below on this machine, measured in the round that it is compared in.

Two floors of the seconds a run-epoch. The plain one counts the products of training alone, at
the rate at which TensorFlow multiplies large matrices. The tighter one takes each product at its
own shape, adds the test pass's at the large matrices' rate, and the bytes that the optimizer
moves at the rate at which NumPy adds vectors of the network's length.
"""

import statistics
import time
from collections import Counter

from cases import CASES
from plain_models import plain_network
from products import products

SIDE = 1024  # of the large matrices
SECONDS = 1.5  # of large products; each other measurement takes a tenth
LOOP, ENOUGH = 20, 1e9  # products in one measurement; fewer, where that many operations do
_SLOTS = {"sgd": 1, "rmsprop": 1, "adam": 2}


def floors(name: str, dataset, epochs: int):
    """Return a turn that measures rates; its value is they and the floors, seconds a core."""
    import numpy as np
    import tensorflow as tf

    experiment, network = CASES[name].experiment, plain_network(name)
    batch_size = experiment.value("batch_size")
    needed, steps = products(network, batch_size), len(dataset.x_train) / batch_size
    forward = sum(product.flop for product in needed if product.forward)
    parameters = sum(int(np.prod(v.shape)) for v in network.trainable_variables)
    large = tf.random.normal((SIDE, SIDE))
    vectors = [np.ones(parameters, "float32") for _ in range(3)]
    # A step reads weight and gradient and writes the weight; it reads and writes each slot.
    update_bytes = (12 + 8 * _SLOTS[experiment.value("optimizer")]) * parameters

    def often(groups, m, k, n):
        return max(1, min(LOOP, int(ENOUGH / (2 * groups * m * k * n))))

    def repeated(groups, m, k, n):
        """A product in a compiled loop, so that no call into TensorFlow counts."""
        extra = (groups,) if groups > 1 else ()
        a, b = (tf.Variable(tf.random.normal((*extra, *shape))) for shape in ((m, k), (k, n)))

        @tf.function(autograph=False)
        def run():
            def body(i, total):
                with tf.control_dependencies([total]):  # one after another
                    return i + 1, total + tf.reshape(tf.matmul(a, b), [-1])[0]

            return tf.while_loop(lambda i, _: i < often(groups, m, k, n), body, (0, 0.0))

        run()
        return run

    # Some library calls are quicker the other way about.
    times = Counter()
    for p in needed:
        times[p.groups, p.m, p.k, p.n] += p.times
    ways = {(g, m, k, n): (repeated(g, m, k, n), repeated(g, n, k, m)) for g, m, k, n in times}

    def turn(seed, gate):
        _seconds(lambda: tf.matmul(large, large), SECONDS / 10)
        gate(1)
        peak = 2 * SIDE**3 / _seconds(lambda: tf.matmul(large, large), SECONDS)
        at_shape = sum(
            count * min(_seconds(way, SECONDS / 10) for way in ways[shape]) / often(*shape)
            for shape, count in times.items()
        )
        add = _seconds(lambda: np.add(*vectors[:2], out=vectors[2]), SECONDS / 10)
        bandwidth = 12 * parameters / add
        test = forward * len(dataset.x_test) / batch_size / peak
        gate(epochs)
        return {
            "peak": peak,
            "bandwidth": bandwidth,
            "flop_a_step": sum(product.flop for product in needed),
            "floor": steps * sum(product.flop for product in needed) / peak,
            "tighter floor": steps * (at_shape + update_bytes / bandwidth) + test,
        }

    return turn


def _seconds(action, span: float) -> float:
    """Return the median seconds of an action repeated for `span` seconds."""
    times, end = [], time.perf_counter() + span
    while (begin := time.perf_counter()) < end:
        action()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)
