"""The compiled epoch: one graph that loops over the minibatches of uint8 images.

Keras's `fit` returns to Python at least once an epoch for every part of its work, and keeps
one order of the images in all epochs once a global seed is set; this takes the order as an
argument and returns two sums, which Python divides exactly.
"""

import tensorflow as tf

from keras_mnist.parts import Preprocessing

EVALUATION_BATCH = 1000


def to_pixels(preprocessing: Preprocessing, images):
    """Return uint8 images (n, 28, 28) as the float32 that the network takes."""
    pixels = tf.cast(images, tf.float32)
    return pixels / 255 if preprocessing.rescale else pixels


def compile_epoch(network, optimizer, loss, preprocessing, batch_size, images, labels):
    """Return a function of an order, int32 (n,), that trains one epoch.

    It returns the sum of the images' losses (float64) and the number of correct digits (int32)
    as they were in training: with dropout, before each batch's update. The last, smaller batch
    is used.

    Args:
        images: uint8 tensor (m, 28, 28), m at least n; the order indexes it.
        labels: int32 tensor (m,).
    """
    variables = network.trainable_variables

    # XLA fuses the optimizer's arithmetic into one pass over the weights (benchmarks/NOTES.md);
    # the products stay with oneDNN, which is faster at them.
    @tf.function(jit_compile=True, autograph=False)
    def update(gradients):
        optimizer.apply(gradients, variables)

    def step(indices, sums):
        batch = to_pixels(preprocessing, tf.gather(images, indices))
        truth = tf.gather(labels, indices)
        with tf.GradientTape() as tape:
            probabilities = network(batch, training=True)
            losses = loss(truth, probabilities)
            mean = tf.reduce_mean(losses)
        update(tape.gradient(mean, [variable.value for variable in variables]))
        return _add(sums, losses, probabilities, truth)

    @tf.function(autograph=False)
    def epoch(order):
        count = order.shape[0]
        full = count // batch_size

        def body(i, *sums):
            indices = tf.ensure_shape(order[i * batch_size : (i + 1) * batch_size], [batch_size])
            return i + 1, *step(indices, sums)

        _, *sums = _loop(full, body)
        if count % batch_size:
            with tf.control_dependencies(sums):
                sums = step(order[full * batch_size :], sums)
        return sums

    return epoch


def compile_evaluation(network, loss, preprocessing):
    """Return a function of images, uint8 (n, 28, 28), and labels that returns the two sums."""

    def measure(images, labels, sums):
        probabilities = network(to_pixels(preprocessing, images), training=False)
        return _add(sums, loss(labels, probabilities), probabilities, labels)

    @tf.function(autograph=False)
    def evaluation(images, labels):
        count = images.shape[0]
        full = count // EVALUATION_BATCH

        def body(i, *sums):
            part = slice(i * EVALUATION_BATCH, (i + 1) * EVALUATION_BATCH)
            return i + 1, *measure(images[part], labels[part], sums)

        _, *sums = _loop(full, body)
        if count % EVALUATION_BATCH:
            rest = slice(full * EVALUATION_BATCH, None)
            sums = measure(images[rest], labels[rest], sums)
        return sums

    return evaluation


def _loop(times: int, body):
    start = (0, tf.constant(0.0, tf.float64), tf.constant(0, tf.int32))
    # One iteration at a time: each step needs the weights that the one before it left.
    return tf.while_loop(lambda i, *_: i < times, body, start, parallel_iterations=1)


def _add(sums, losses, probabilities, labels):
    """Add a batch's losses and correct digits to the running sums."""
    correct = tf.argmax(probabilities, axis=-1, output_type=tf.int32) == labels
    return (
        sums[0] + tf.cast(tf.reduce_sum(losses), tf.float64),
        sums[1] + tf.reduce_sum(tf.cast(correct, tf.int32)),
    )
