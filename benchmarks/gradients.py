"""Loss and gradients of one batch, each framework's in double precision and in its own process.

A problem is a dictionary: weights as Keras orders and lays them out, images as the network takes
them, already augmented, labels, and masks: what dropouts multiply by. In single precision batch
normalization alone, summed another way, moves the gradient of a first convolution by a hundredth.
"""

import contextlib
from unittest import mock

import numpy as np
from cases import CASES
from plain_models import inputs_of, plain_network


def keras_layers(name: str, dataset) -> tuple[dict, float, list]:
    """Return a problem, and loss and gradients of Keras's own layers."""
    _double_precision()
    import keras

    experiment, chance = CASES[name].experiment, np.random.default_rng(0)
    network, count = plain_network(name), experiment.value("batch_size")
    dropped = [x for x in network.layers if isinstance(x, keras.layers.Dropout)]
    shapes = [(1 - layer.rate, (count, *layer.output.shape[1:])) for layer in dropped]
    problem = {
        "weights": [_stirred(v.numpy(), chance) for v in network.trainable_variables],
        "images": inputs_of(experiment, dataset.x_train[:count]).astype(float),
        "labels": dataset.y_train[:count].astype("int32"),
        "masks": [(chance.random(shape) < keep) / keep for keep, shape in shapes],
    }
    # The augmentation has been done.
    with contextlib.ExitStack() as stack:
        for kind in (keras.layers.RandomRotation, keras.layers.RandomTranslation):
            stack.enter_context(mock.patch.object(kind, "__call__", lambda _, x, **__: x))
        found = _by_tape(name, network, lambda x: network(x, training=True), **problem)
    return problem, *found


def _stirred(array, chance):
    """Return weights none of which is zero, as fresh biases are, so that each counts."""
    return array + 0.01 * chance.standard_normal(array.shape)


def ours(name: str, problem: dict) -> tuple[float, list]:
    """Return loss and gradients of the package's pass."""
    _double_precision()
    from tensorflow_turns import plainly_built

    from keras_mnist.training.build import build
    from keras_mnist.training.fast.forward import forward_pass

    case = CASES[name]
    network = (plainly_built(name) if case.ordinary else build)(case.experiment, 0)
    return _by_tape(name, network, forward_pass(network, True), **problem)


def _double_precision() -> None:
    from keras_mnist.base.backend import keras

    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")


def _by_tape(name: str, network, forward, weights, images, labels, masks) -> tuple[float, list]:
    import keras
    import tensorflow as tf

    from keras_mnist.training.losses import LOSSES

    rest = iter(masks)
    for variable, value in zip(network.trainable_variables, weights, strict=True):
        variable.assign(value)
    values = [variable.value for variable in network.trainable_variables]
    quick = "keras_mnist.training.build.dropout.scaled_mask"
    with (
        mock.patch(quick, lambda *_: next(rest)),
        mock.patch.object(keras.layers.Dropout, "call", lambda _, x, **__: x * next(rest)),
        tf.GradientTape() as tape,
    ):
        losses = LOSSES[CASES[name].experiment.value("loss")](labels, forward(images))
        loss = tf.reduce_mean(losses)
    return float(loss), [slope.numpy() for slope in tape.gradient(loss, values)]


def pytorch(name: str, problem: dict) -> tuple[float, list]:
    """Return loss and gradients of PyTorch's layers."""
    import torch
    from torch import nn
    from torch_networks import Layout, network_of, tensor_of
    from torch_turns import mean_loss

    case, network = CASES[name], network_of(name).double().train()
    layout = Layout(network)
    layout.fill(problem["weights"])
    rest = iter(layout.masks(problem["masks"]))
    drawn = mock.patch.object(nn.Dropout, "forward", lambda _, x: x * next(rest))
    with drawn:
        logits = network(tensor_of(case, problem["images"]))
    loss = mean_loss(case.experiment, logits, torch.from_numpy(problem["labels"]).long())
    loss.backward()
    return loss.item(), layout.gradients()


def jax(name: str, problem: dict) -> tuple[float, list]:
    """Return loss and gradients of the JAX functions."""
    import jax as library

    library.config.update("jax_enable_x64", True)
    library.config.update("jax_platforms", "cpu")
    from jax_network import layers_of, logits_of, mean_loss

    experiment = CASES[name].experiment

    def loss_of(weights):
        logits, _ = logits_of(layers_of(experiment), weights, problem["images"], problem["masks"])
        return mean_loss(experiment, logits, problem["labels"])

    loss, slopes = library.value_and_grad(loss_of)(problem["weights"])
    return float(loss), [np.asarray(slope) for slope in slopes]
