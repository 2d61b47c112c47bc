"""The compiled update: from a batch's gradients to new weights, one program of XLA's."""

from keras_mnist.base.backend import tf
from keras_mnist.experiment.steps import Steps
from keras_mnist.training.roots import exact_roots


def compile_update(steps: Steps, optimizer, variables):
    """Return a function of gradients that moves the variables as `steps` says.

    XLA fuses the optimizer's arithmetic into one pass over the weights (benchmarks/NOTES.md).

    Args:
        steps: how.
        optimizer: built for the variables; it may be any of Keras's.
        variables: Keras's, in the gradients' order.
    """
    penalty = steps.penalty

    @tf.function(jit_compile=True, autograph=False)
    def update(gradients):
        if penalty:
            gradients = [g + penalty * v for g, v in zip(gradients, variables, strict=True)]
        with exact_roots():
            optimizer.apply(gradients, variables)

    return update
