"""What the workers of `throughput.py` do in JAX: an epoch as one compiled scan, or step by step."""

import os
from functools import partial

from cases import CASES, TEST_BATCH
from plain_models import DEVIATION, MEAN, inputs_of


def jax_cpu(threads: int) -> dict:
    """Keep JAX to one thread if that is asked for; return versions. Before it is imported."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    import jax
    import numpy

    return {"jax": jax.__version__, "numpy": numpy.__version__}


def train(name: str, dataset, epochs: int, scan: bool):
    """Return a turn of JAX; its value is the training accuracy.

    Weights and the optimizer's state are given up to the compiled functions, which update in place.

    Args:
        name: of a case.
        dataset: whose images are trained on.
        epochs: of a turn.
        scan: whether an epoch is one compiled scan; else each step is a call.
    """
    import jax
    import numpy as np
    from jax import numpy as jnp
    from jax_network import augmented, dropouts_of, first_weights, layers_of, logits_of, mean_loss

    experiment = CASES[name].experiment
    layers, size = layers_of(experiment), experiment.value("batch_size")
    moves = experiment.value("shift"), experiment.value("rotation")
    momentum = experiment.value("momentum")
    update = {"rmsprop": _rmsprop, "sgd": partial(_sgd, momentum)}[experiment.value("optimizer")]
    rate = experiment.fit.rate
    dropped = dropouts_of(layers, experiment.shape)

    def tensors(images, labels):
        return jnp.asarray(inputs_of(experiment, images)), jnp.asarray(labels, jnp.int32)

    images, labels = tensors(dataset.x_train, dataset.y_train)
    test = tensors(dataset.x_test, dataset.y_test)
    full = len(images) // size

    def loss_of(weights, pixels, truth, masks):
        logits, moments = logits_of(layers, weights, pixels, masks)
        return mean_loss(experiment, logits, truth), (logits, moments)

    def step(state, batch):
        weights, slots, moving, key, sums = state
        key, move, *keys = jax.random.split(key, len(dropped) + 2)
        masks = [
            jax.random.bernoulli(k, 1 - drop, (len(batch), *shape)) / (1 - drop)
            for k, (shape, drop) in zip(keys, dropped, strict=True)
        ]
        pixels, truth = images[batch], labels[batch]
        if any(moves):
            pixels = augmented(move, pixels, *moves, -MEAN / DEVIATION)
        compute = jax.value_and_grad(loss_of, has_aux=True)
        (loss, (logits, moments)), slopes = compute(weights, pixels, truth, masks)
        moving = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, moving, moments)
        pairs = [update(rate, *one) for one in zip(weights, slots, slopes, strict=True)]
        weights, slots = map(list, zip(*pairs, strict=True))
        correct = (logits.argmax(1) == truth).sum()
        sums = sums + jnp.stack([loss * len(batch), correct.astype(float)])
        return (weights, slots, moving, key, sums), None

    @jax.jit
    def order_of(key):
        return jax.random.permutation(key, len(images))

    @partial(jax.jit, donate_argnums=0)
    def one_step(state, batch):
        return step(state, batch)[0]

    @partial(jax.jit, donate_argnums=0)
    def one_scan(state, order):
        state, _ = jax.lax.scan(step, state, order[: full * size].reshape(full, size))
        return step(state, order[full * size :])[0] if len(images) % size else state

    def epoch(state):
        weights, slots, moving, key, _ = state
        key, shuffle = jax.random.split(key)
        state, order = (weights, slots, moving, key, jnp.zeros(2)), order_of(shuffle)
        if scan:
            return one_scan(state, order)
        for batch in np.split(np.asarray(order), range(size, len(images), size)):
            state = one_step(state, batch)
        return state

    @jax.jit
    def measured(weights, moving, pixels, truth):
        logits, _ = logits_of(layers, weights, pixels, (), moving)
        loss = mean_loss(experiment, logits, truth) * len(truth)
        return jnp.stack([loss, (logits.argmax(1) == truth).sum().astype(float)])

    def evaluate(weights, moving):
        starts = range(0, len(test[0]), TEST_BATCH)
        parts = [[values[i : i + TEST_BATCH] for values in test] for i in starts]
        return jax.block_until_ready(sum(measured(weights, moving, *part) for part in parts))

    def turn(seed, gate):
        weights, moving = first_weights(experiment, np.random.default_rng(seed))
        state = weights, [jnp.zeros_like(w) for w in weights], moving, jax.random.key(seed), None
        for number in range(1, epochs + 1):
            state = epoch(state)
            evaluate(state[0], state[2])
            gate(number)
        return float(state[4][1]) / len(images)

    return turn


def _rmsprop(rate, weight, square, slope):
    square = 0.9 * square + 0.1 * slope * slope
    return weight - rate * slope / (square + 1e-7) ** 0.5, square


def _sgd(momentum, rate, weight, pace, slope):
    pace = momentum * pace - rate * slope
    return weight + pace, pace
