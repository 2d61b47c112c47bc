"""What the workers of `throughput.py` do in JAX: the MLP's epoch as one compiled scan."""

import os
from functools import partial

from contestants import EXPERIMENTS, TEST_BATCH
from plain_models import scaled


def jax_cpu(threads: int) -> dict:
    """Keep JAX to one thread if that is asked for; return its version. Before it is imported."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    import jax

    return {"jax": jax.__version__}


def loss_and_logits(weights, images, labels, masks):
    """Return the MLP's mean cross-entropy and its logits (n, 10).

    Args:
        weights: kernel and biases of each layer, in turn.
        images: float32 (n, 784).
        labels: int32 (n,).
        masks: after each hidden layer, what its activations are multiplied by.
    """
    import jax
    from jax import numpy as jnp

    x = images
    for kernel, bias, mask in zip(weights[:-2:2], weights[1:-2:2], masks, strict=True):
        x = jax.nn.relu(x @ kernel + bias) * mask
    logits = x @ weights[-2] + weights[-1]
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1)
    return -chosen.mean(), logits


def scan(model: str, dataset, epochs: int):
    """Return a turn of a JAX scan over the batches of an epoch; its value is the training accuracy.

    Weights and the optimizer's state are given up to the compiled epoch, which updates in place.
    """
    import jax
    import numpy as np
    from jax import numpy as jnp

    experiment = EXPERIMENTS[model]
    size, rate = experiment.fit.batch_size, experiment.fit.rate
    drop = experiment.network.dropout
    sizes = [(layer.fan_in, layer.outputs[-1]) for layer in experiment.sizes]

    def tensors(images, labels):
        return jnp.asarray(scaled(images).reshape(len(images), -1)), jnp.asarray(labels, jnp.int32)

    images, labels = tensors(dataset.x_train, dataset.y_train)
    test = tensors(dataset.x_test, dataset.y_test)
    full = len(images) // size

    def step(state, batch):
        weights, squares, key, sums = state
        key, *keys = jax.random.split(key, len(sizes))
        masks = [
            jax.random.bernoulli(k, 1 - drop, (len(batch), units)) / (1 - drop)
            for k, (_, units) in zip(keys, sizes, strict=False)
        ]
        compute = jax.value_and_grad(loss_and_logits, has_aux=True)
        (loss, logits), slopes = compute(weights, images[batch], labels[batch], masks)
        squares = [0.9 * s + 0.1 * g * g for s, g in zip(squares, slopes, strict=True)]
        weights = [
            w - rate * g / jnp.sqrt(s + 1e-7)
            for w, g, s in zip(weights, slopes, squares, strict=True)
        ]
        correct = (logits.argmax(1) == labels[batch]).sum()
        sums = sums + jnp.stack([loss * len(batch), correct.astype(float)])
        return (weights, squares, key, sums), None

    @partial(jax.jit, donate_argnums=(0, 1))
    def train(weights, squares, key):
        key, shuffle = jax.random.split(key)
        order = jax.random.permutation(shuffle, len(images))
        state = weights, squares, key, jnp.zeros(2)
        state, _ = jax.lax.scan(step, state, order[: full * size].reshape(full, size))
        if len(images) % size:
            state, _ = step(state, order[full * size :])
        return state

    @jax.jit
    def evaluate(weights):
        def measure(sums, batch):
            loss, logits = loss_and_logits(weights, *batch, [1.0] * (len(sizes) - 1))
            correct = (logits.argmax(1) == batch[1]).sum()
            return sums + jnp.stack([loss * TEST_BATCH, correct.astype(float)]), None

        batches = [values.reshape(-1, TEST_BATCH, *values.shape[1:]) for values in test]
        return jax.lax.scan(measure, jnp.zeros(2), tuple(batches))[0]

    def turn(seed, gate):
        chance = np.random.default_rng(seed)
        weights = []
        for inputs, units in sizes:  # Glorot's
            limit = (6 / (inputs + units)) ** 0.5
            kernel = chance.uniform(-limit, limit, (inputs, units)).astype("float32")
            weights += [jnp.asarray(kernel), jnp.zeros(units)]
        squares, key = [jnp.zeros_like(w) for w in weights], jax.random.key(seed)
        for epoch in range(1, epochs + 1):
            weights, squares, key, sums = train(weights, squares, key)
            jax.block_until_ready(evaluate(weights))
            gate(epoch)
        return float(sums[1]) / len(images)

    return turn
