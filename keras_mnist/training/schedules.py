"""Learning rates by step: what share of the rate each step of an epoch has.

They are computed here and handed to the compiled epoch, so that it is traced once for all epochs
and their bits are no processor's own.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from keras_mnist.experiment.fit import Fit


def constant(since, fit: Fit):
    """Return the whole rate."""
    return np.ones_like(since)


def cosine(since, fit: Fit):
    """Return half a cosine, from 1 to 0 at the end of the last epoch, as Keras's CosineDecay."""
    whole = max(fit.epochs - fit.warmup_epochs, 1)
    return (1 + np.cos(np.pi * since / whole)) / 2


def exponential(since, fit: Fit):
    """Return what `decay_rate` leaves, a little less with each step: Keras's ExponentialDecay."""
    return fit.decay_rate ** (since / fit.decay_epochs)


def step(since, fit: Fit):
    """Return the same, less only after each `decay_epochs` epochs: its staircase."""
    return fit.decay_rate ** np.floor(since / fit.decay_epochs)


# Of epochs since the warm-up, float64 (n,).
SCHEDULES: dict[str, Callable[[Any, Fit], Any]] = {
    "constant": constant,
    "cosine": cosine,
    "step": step,
    "exponential": exponential,
}


def rates(fit: Fit, epoch: int, count: int) -> np.ndarray | None:
    """Return the learning rate of each step of one epoch, float32 (steps,); `None`: always one.

    Args:
        fit: says how.
        epoch: from 1.
        count: how many images train.
    """
    if fit.schedule == "constant" and not fit.warmup_epochs:
        return None
    steps = -(-count // min(fit.batch_size, count))
    at = epoch - 1 + np.arange(steps) / steps
    share = SCHEDULES[fit.schedule](np.maximum(at - fit.warmup_epochs, 0), fit)
    if fit.warmup_epochs:
        share = np.where(at < fit.warmup_epochs, at / fit.warmup_epochs, share)
    return (fit.rate * share).astype(np.float32)
