"""The compiled update: from a batch's gradients to new weights, one program of XLA's."""

from keras_mnist.base.backend import tf
from keras_mnist.experiment.steps import Steps
from keras_mnist.training.roots import exact_roots, root


def compile_update(steps: Steps, optimizer, variables):
    """Return a function of gradients, and of a learning rate, that moves the variables.

    Where the rate is `None`, the optimizer's own is taken. XLA fuses its arithmetic into one pass
    over the weights (benchmarks/NOTES.md).

    Args:
        steps: how.
        optimizer: built for the variables; it may be any of Keras's.
        variables: Keras's, in the gradients' order.
    """
    penalty = steps.penalty

    @tf.function(jit_compile=True, autograph=False)
    def update(gradients, rate):
        gradients = clipped(steps, gradients)
        if rate is not None:
            optimizer.learning_rate.assign(rate)
        if penalty:
            of = zip(gradients, variables, strict=True)
            gradients = [g if g is None else g + penalty * v for g, v in of]
        with exact_roots():
            optimizer.apply(gradients, variables)

    return update


def clipped(steps: Steps, gradients: list) -> list:
    """Return gradients no longer, and their numbers no larger, than `steps` lets them be.

    Args:
        steps: says how long and how large.
        gradients: `None` where the loss does not depend on a variable.
    """
    norm, size = steps.clip_norm, steps.clip_value
    if norm:
        squares = tf.add_n([tf.reduce_sum(tf.square(g)) for g in gradients if g is not None])
        gradients, _ = tf.clip_by_global_norm(gradients, norm, use_norm=root(squares))
    if size:
        gradients = [g if g is None else tf.clip_by_value(g, -size, size) for g in gradients]
    return gradients
