"""The package's networks in JAX: a walk along their lists of layers."""

import jax
from cases import as_written
from jax import lax
from jax import numpy as jnp

from keras_mnist.networks import layers as plain

_ACTIVATIONS = {
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "linear": lambda x: x,
    "softmax": lambda x: x,
}


def layers_of(experiment) -> list[plain.Plain]:
    """Return the layers of a network of the package, in the order that one writes them."""
    return as_written(experiment.layers)


def dropouts_of(layers, shape: plain.Shape) -> list[tuple[plain.Shape, float]]:
    """Return the shape and the rate of each dropout, for examples of `shape`."""
    found = []
    for layer in layers:
        if isinstance(layer, plain.Dropout):
            found.append((shape, layer.rate))
        shape = layer.outputs(shape)
    return found


def first_weights(experiment, chance) -> tuple[list, list]:
    """Return fresh weights, uniform by fan-in, biases zero, and batch normalization's moments.

    Args:
        experiment: of the package.
        chance: a NumPy generator.
    """
    weights, moving, shape = [], [], experiment.shape
    for layer in experiment.layers:
        if entries := layer.weights(shape):
            channels, units = shape[-1], layer.outputs(shape)[-1]
            sides = (layer.kernel, layer.kernel) if isinstance(layer, plain.Conv) else ()
            limit = (units / entries) ** 0.5
            kernel = chance.uniform(-limit, limit, (*sides, channels, units))
            weights += [jnp.asarray(kernel, "float32"), jnp.zeros(units)]
        elif isinstance(layer, plain.BatchNorm):
            weights += [jnp.ones(shape[-1]), jnp.zeros(shape[-1])]
            moving.append((jnp.zeros(shape[-1]), jnp.ones(shape[-1])))
        shape = layer.outputs(shape)
    return weights, moving


def logits_of(layers, weights, images, masks, moving=None):
    """Return logits (n, classes) and the moments that batch normalization took.

    Args:
        layers: of the network.
        weights: of each layer in turn, as Keras orders and lays them out.
        images: float (n, height, width).
        masks: of each dropout, what its inputs are multiplied by.
        moving: outside training, the moments (mean, variance) to take; nothing is dropped then.
    """
    weights, x, moments = iter(weights), images, []
    training, masks, given = moving is None, iter(masks), iter(moving or ())
    for layer in layers:
        match layer:
            case plain.Channels():
                x = x[..., None]
            case plain.Flatten():
                x = x.reshape(len(x), -1)
            case plain.Dense():
                x = _ACTIVATIONS[layer.activation](x @ next(weights) + next(weights))
            case plain.Conv():
                order = ("NHWC", "HWIO", "NHWC")
                kernel, padding = next(weights), layer.padding.upper()
                x = lax.conv_general_dilated(x, kernel, (1, 1), padding, dimension_numbers=order)
                x = x + next(weights)
            case plain.BatchNorm():
                scale, shift = next(weights), next(weights)
                axes = tuple(range(x.ndim - 1))
                mean, variance = (x.mean(axes), x.var(axes)) if training else next(given)
                moments.append((mean, variance))
                x = (x - mean) * (lax.rsqrt(variance + 1e-5) * scale) + shift
            case plain.Pool():
                x = _halved(x, jnp.max if layer.kind == "max" else jnp.mean)
            case plain.Activation():
                x = _ACTIVATIONS[layer.kind](x)
            case plain.Dropout():
                x = x * next(masks) if training else x
            case _:
                raise TypeError(f"{layer} is not known here")
    return x, moments


def _halved(x, kind):
    """Return maps (n, h, w, f) pooled by 2; XLA is slow at the gradient of a reduced window."""
    count, height, width, filters = x.shape
    x = x[:, : height // 2 * 2, : width // 2 * 2]
    return kind(x.reshape(count, height // 2, 2, width // 2, 2, filters), (2, 4))


def mean_loss(experiment, logits, labels):
    """Return the mean of the loss that the experiment asks for."""
    if experiment.value("loss") == "softmax_twice":
        logits = jax.nn.softmax(logits)
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean()


def augmented(key, images, shift: float, rotation: float, black: float):
    """Return images (n, side, side) turned, nearest neighbour, then shifted, each its own way.

    Args:
        key: of JAX's random numbers.
        images: to be moved.
        shift: greatest, as a share of the side.
        rotation: greatest, in degrees.
        black: what comes in from outside.
    """
    count, side, _ = images.shape
    angle, right, down = jax.random.uniform(key, (3, count, 1, 1), minval=-1.0)
    cos, sin = jnp.cos(jnp.deg2rad(rotation) * angle), jnp.sin(jnp.deg2rad(rotation) * angle)
    middle, reach = (side - 1) / 2, shift * side
    y = jnp.arange(side)[None, :, None] - middle - jnp.rint(reach * down)
    x = jnp.arange(side)[None, None, :] - middle - jnp.rint(reach * right)
    rows = jnp.rint(cos * y - sin * x + middle).astype(int)
    columns = jnp.rint(sin * y + cos * x + middle).astype(int)
    inside = (rows >= 0) & (rows < side) & (columns >= 0) & (columns < side)
    places = jnp.where(inside, rows * side + columns, 0).reshape(count, -1)
    taken = jnp.take_along_axis(images.reshape(count, -1), places, 1).reshape(images.shape)
    return jnp.where(inside, taken, black)
