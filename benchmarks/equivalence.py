"""Whether the contestants of `throughput.py` do the same: loss and gradients of one batch.

Each starts from the same weights, takes the same images, already augmented, and drops the same
activations. Gradients agree if they differ by at most 1e-5 of the greatest one. All compute in
double precision: in single precision batch normalization alone, summed another way, moves the
gradient of a first convolution by a hundredth.
"""

import contextlib
import importlib.util
from unittest import mock

import numpy as np
from contestants import EXPERIMENTS
from plain_models import PLAIN_MODELS

TOLERANCE = 1e-5
COUNT = 128


def problem(model: str, dataset) -> dict:
    """Return weights as Keras orders them, images as the network takes them, labels, masks."""
    from keras_mnist.training.build import build
    from keras_mnist.training.pixels import resized, to_inputs

    experiment = EXPERIMENTS[model]
    side, chance = experiment.pixels.side, np.random.default_rng(0)
    images = to_inputs(experiment.pixels, resized(dataset.x_train[:COUNT], side))
    dropped = [layer for layer in build(experiment, 0).layers if "dropout" in layer.name]
    keep = 1 - experiment.network.dropout if dropped else 1.0
    return {
        "weights": [v.numpy() for v in build(experiment, 0).trainable_variables],
        "images": images.numpy().astype(float),
        "labels": dataset.y_train[:COUNT].astype("int32"),
        "masks": [
            (chance.random((COUNT, layer.output.shape[-1])) < keep) / keep for layer in dropped
        ],
    }


def ours(model: str, weights, images, labels, masks) -> tuple:
    """Return loss and gradients of the package's pass."""
    from keras_mnist.training.build import build
    from keras_mnist.training.fast.forward import forward_pass
    from keras_mnist.training.losses import LOSSES

    experiment = EXPERIMENTS[model]
    network, rest = build(experiment, 0), iter(masks)
    forward = forward_pass(network, True)
    drawn = mock.patch("keras_mnist.training.build.dropout.scaled_mask", lambda *_: next(rest))
    loss = LOSSES[experiment.fit.loss]
    return _by_tape(network, weights, drawn, lambda: loss(labels, forward(images)))


def fit(model: str, weights, images, labels, masks) -> tuple:
    """Return loss and gradients of Keras's own layers, the augmentation's left out."""
    import keras

    network, rest = PLAIN_MODELS[model](), iter(masks)

    def forward():
        x = images
        for layer in network.layers:
            if not layer.name.startswith("random_"):
                x = layer(x, training=True)
        return keras.losses.sparse_categorical_crossentropy(labels, x)

    drawn = mock.patch.object(keras.layers.Dropout, "call", lambda self, x, **_: x * next(rest))
    return _by_tape(network, weights, drawn, forward)


def _by_tape(network, weights, drawn, forward) -> tuple:
    import tensorflow as tf

    for variable, value in zip(network.trainable_variables, weights, strict=True):
        variable.assign(value)
    values = [variable.value for variable in network.trainable_variables]
    with drawn, tf.GradientTape() as tape:
        loss = tf.reduce_mean(forward())
    return float(loss), [slope.numpy() for slope in tape.gradient(loss, values)]


def pytorch(model: str, weights, images, labels, masks) -> tuple:
    """Return loss and gradients of PyTorch's layers, laid out as Keras lays them out."""
    import torch
    from torch import nn
    from torch_turns import NETWORKS

    network = NETWORKS[model]()[0].double()
    parameters, rest = list(network.parameters()), iter(masks)
    # Keras flattens maps by pixel, PyTorch by channel.
    sizes = [m.out_channels for m in network if isinstance(m, nn.Conv2d)]
    channels = sizes[-1] if sizes else 0
    first_dense = next(i for i, w in enumerate(weights) if w.ndim == 2)

    def there(number, array):
        if array.ndim == 4:
            return array.transpose(3, 2, 0, 1)
        if channels and number == first_dense:
            array = array.reshape(-1, channels, array.shape[1]).swapaxes(0, 1)
            array = array.reshape(-1, array.shape[-1])
        return array.T

    def back(number, array):
        if array.ndim == 4:
            return array.transpose(2, 3, 1, 0)
        array = array.T
        if channels and number == first_dense:
            array = array.reshape(channels, -1, array.shape[1]).swapaxes(0, 1)
            array = array.reshape(-1, array.shape[-1])
        return array

    with torch.no_grad():
        for number, (parameter, value) in enumerate(zip(parameters, weights, strict=True)):
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(there(number, value))))
    drawn = mock.patch.object(nn.Dropout, "forward", lambda self, x: x * torch.tensor(next(rest)))
    with drawn:
        logits = network.train()(torch.from_numpy(images)[:, None])
    loss = nn.functional.cross_entropy(logits, torch.from_numpy(labels).long())
    loss.backward()
    slopes = [back(n, parameter.grad.numpy()) for n, parameter in enumerate(parameters)]
    return loss.item(), slopes


def jax(model: str, weights, images, labels, masks) -> tuple:
    """Return loss and gradients of the JAX functions."""
    import jax as library
    from jax_turns import loss_and_logits

    library.config.update("jax_enable_x64", True)
    compute = library.value_and_grad(loss_and_logits, has_aux=True)
    (loss, _), slopes = compute(list(weights), images.reshape(COUNT, -1), labels, masks)
    return float(loss), [np.asarray(slope) for slope in slopes]


def differences(model: str, dataset) -> dict[str, float]:
    """Return, for each peer, the greatest difference from the package, of loss or gradient.

    Run in a process of its own: it loads every framework there is.
    """
    import keras

    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    given = problem(model, dataset)
    peers = {"fit": fit}
    if importlib.util.find_spec("torch"):
        peers["PyTorch"] = pytorch
    if model == "mlp" and importlib.util.find_spec("jax"):
        peers["JAX"] = jax
    loss, slopes = ours(model, **given)
    largest = max(np.abs(slope).max() for slope in slopes)
    found = {}
    for name, peer in peers.items():
        their_loss, theirs = peer(model, **given)
        apart = [np.abs(a - b).max() / largest for a, b in zip(slopes, theirs, strict=True)]
        found[name] = float(max([abs(loss - their_loss) / abs(loss), *apart]))
    return found


def gate(model: str, dataset) -> str:
    """Return what the differences are, in a sentence.

    Raises:
        SystemExit: one is beyond the tolerance: the contestants do not do the same.
    """
    import multiprocessing

    with contextlib.closing(multiprocessing.get_context("spawn").Pool(1)) as pool:
        found = pool.apply(differences, (model, dataset))
    words = ", ".join(f"{name} {value:.1e}" for name, value in found.items())
    text = f"Loss and gradients of one batch, greatest relative difference from ours: {words}."
    if max(found.values()) > TOLERANCE:
        raise SystemExit(f"{text} It must be at most {TOLERANCE:g}.")
    return text
