"""The compiled epoch: one graph that loops over the minibatches of uint8 images.

Keras's `fit` returns to Python at least once an epoch for every part of its work, and keeps
one order of the images in all epochs once a global seed is set; this takes the order as an
argument and returns sums, which Python divides exactly.
"""

from keras_mnist.base.backend import tf
from keras_mnist.experiment import Experiment
from keras_mnist.training.answers import answers_of
from keras_mnist.training.augment import augmented
from keras_mnist.training.fast.small import is_small
from keras_mnist.training.losses import balanced, loss_of
from keras_mnist.training.pixels import to_inputs
from keras_mnist.training.update import compile_update

EVALUATION_BATCH = 1000


def compile_epoch(experiment: Experiment, network, optimizer, images, labels):
    """Return a function of an order, int32 (n,), and what `draw` drew, that trains one epoch.

    Its third argument is `None`, or the learning rate of each step, float32 (steps,). It returns
    the sum of the images' losses (float64) and the number of right answers (int32) as they were in
    training: with dropout, smoothed labels and class weights, before each batch's update. The last,
    smaller batch is used.

    Args:
        experiment: says how.
        network: to be trained.
        optimizer: built for its variables.
        images: uint8 tensor (m, *shape), m at least n; the order indexes it.
        labels: int32 tensor (m,).
    """
    variables, forward = network.trainable_variables, answers_of(experiment, network, True)
    loss, counts = loss_of(experiment.fit), _class_weights(experiment, labels)
    # The update is XLA's; the products stay with oneDNN, which is faster at them.
    update = compile_update(experiment.fit, optimizer, variables)

    def step(indices, drawn, rate, sums):
        levels = augmented(tf.gather(images, indices), drawn)
        batch = to_inputs(experiment.pixels, levels, experiment.data.values)
        truth = tf.gather(labels, indices)
        with tf.GradientTape() as tape:
            probabilities = forward(batch)
            losses = loss(truth, probabilities)
            if counts is not None:
                losses *= tf.gather(counts, truth)
            # What layers add, such as regularization, is trained on and not reported.
            whole = tf.add_n([tf.reduce_mean(losses), *network.losses])
        update(tape.gradient(whole, [variable.value for variable in variables]), rate)
        return _add(sums, losses, probabilities, truth)

    one_program = tf.function(step, jit_compile=True, autograph=False)

    @tf.function(autograph=False)
    def epoch(order, drawn, rates=None):
        count = order.shape[0]
        size = min(experiment.fit.batch_size, count)
        full = count // size
        train = one_program if is_small(network, experiment.fit.batch_size, count) else step

        def batch(number, length, sums):
            start = number * size
            parts = {name: _part(values, start, length) for name, values in drawn.items()}
            rate = None if rates is None else rates[number]
            return train(_part(order, start, length), parts, rate, sums)

        _, *sums = _loop(full, lambda i, *sums: (i + 1, *batch(i, size, sums)))
        if count % size:
            with tf.control_dependencies(sums):
                sums = batch(full, count % size, sums)
        return sums

    return epoch


def compile_evaluation(experiment: Experiment, network):
    """Return a function of images, uint8 (n, *shape), and labels that measures the network.

    It returns the two sums that an epoch returns and what they were counted from, the images'
    probabilities, float32 (n, classes): what is said of a network and what it said are one
    computation.
    """
    forward, loss = answers_of(experiment, network, False), loss_of(experiment.fit)

    def measure(images, labels, start, length, sums):
        images, labels = _part(images, start, length), _part(labels, start, length)
        probabilities = forward(to_inputs(experiment.pixels, images, experiment.data.values))
        return _add(sums, loss(labels, probabilities), probabilities, labels), probabilities

    @tf.function(autograph=False)
    def evaluation(images, labels):
        count = images.shape[0]
        full, rest = divmod(count, EVALUATION_BATCH)

        def body(i, said, *sums):
            start = i * EVALUATION_BATCH
            sums, probabilities = measure(images, labels, start, EVALUATION_BATCH, sums)
            return i + 1, said.write(i, probabilities), *sums

        said = tf.TensorArray(tf.float32, full + (rest > 0), infer_shape=False)
        _, said, *sums = _loop(full, body, said)
        if rest:
            sums, last = measure(images, labels, full * EVALUATION_BATCH, rest, sums)
            said = said.write(full, last)
        return *sums, said.concat()

    return evaluation


def _class_weights(experiment: Experiment, labels):
    """Return what an example of each class counts in training, float32 (classes,), or `None`."""
    if experiment.fit.class_weights == "none":
        return None
    train, _ = experiment.data.split(len(labels))
    return tf.constant(balanced(labels[:train].numpy(), experiment.data.classes))


def _part(values, start, length: int):
    """Return `length` of values from `start` on, their number known when traced."""
    return tf.ensure_shape(values[start : start + length], [length, *values.shape[1:]])


def _loop(times: int, body, *others):
    start = (0, *others, tf.constant(0.0, tf.float64), tf.constant(0, tf.int32))
    # One iteration at a time: each step needs the weights that the one before it left.
    return tf.while_loop(lambda i, *_: i < times, body, start, parallel_iterations=1)


def _add(sums, losses, probabilities, labels):
    """Add a batch's losses and right answers to the running sums."""
    correct = tf.argmax(probabilities, axis=-1, output_type=tf.int32) == labels
    return (
        sums[0] + tf.cast(tf.reduce_sum(losses), tf.float64),
        sums[1] + tf.reduce_sum(tf.cast(correct, tf.int32)),
    )
