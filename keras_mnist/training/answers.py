"""What a network answers, as probabilities, however it ends."""

from collections.abc import Callable

from keras_mnist.base.backend import keras, tf
from keras_mnist.experiment import Experiment
from keras_mnist.training.fast.chain import inputs_of
from keras_mnist.training.fast.forward import forward_pass


def answers_of(experiment: Experiment, network: keras.Model, training: bool) -> Callable:
    """Return a function of inputs, (n, *shape), to probabilities, float32 (n, classes).

    A network that ends in logits gets a softmax; Keras's cross-entropy, as ours, finds the logits
    behind it, so that it is trained as `from_logits=True` trains it.
    """
    forward = forward_pass(network, training)
    ranks = [len(one.shape) for one in inputs_of(network)]
    if ranks == [len(experiment.shape) + 2] and inputs_of(network)[0].shape[-1] == 1:
        # Images without channels for a network that wants one, which Keras's models add, too.
        inner = forward
        forward = lambda inputs: inner(inputs[..., tf.newaxis])  # noqa: E731
    if experiment.network.outputs(experiment.shape, experiment.data.classes) == "logits":
        return lambda inputs: tf.nn.softmax(_single(forward(inputs)))
    return lambda inputs: _single(forward(inputs))


def _single(values):
    """Return values as float32; those of a network that computes in less are cast."""
    return values if values.dtype == tf.float32 else tf.cast(values, tf.float32)
