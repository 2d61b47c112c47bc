"""One experiment, compiled once and trained for any number of seeds."""

import hashlib
import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from keras_mnist.base.backend import tf
from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.stopping import best_of, end_of
from keras_mnist.training.augment import draw
from keras_mnist.training.build import build
from keras_mnist.training.epoch import compile_epoch, compile_evaluation
from keras_mnist.training.optimizers import make_optimizer
from keras_mnist.training.pixels import resized
from keras_mnist.training.schedules import rates

_NOISE = "seed_generator_state"  # how Keras calls the variable of a seed generator


@dataclass(frozen=True)
class Outcome:
    """What a training left behind.

    Attributes:
        history: by metric, a value an epoch; fewer than asked for where patience ran out.
        metrics: of the end, that is of the last epoch or of the one restored, and as `best_...` of
            the epoch of least validation loss.
        diverged: the first epoch (from 1) whose training loss was not finite; else `None`.
        weights: of the end, float32 arrays in the network's order.
        probabilities: of the test images, float32 (n, classes): what `test_accuracy` was counted
            from.
        parameters: how many the network has.
        seconds: spent training and evaluating.
    """

    history: dict
    metrics: dict
    diverged: int | None
    weights: list[np.ndarray]
    probabilities: np.ndarray
    parameters: int
    seconds: float

    @property
    def weights_sha256(self) -> str:
        """The digest of the weights at the end."""
        return weights_sha256(self.weights)


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """Return the order of the training images in one epoch: a permutation, int32 (count,)."""
    return np.random.default_rng((seed, epoch)).permutation(count).astype(np.int32)


def weights_sha256(weights: list[np.ndarray]) -> str:
    """Return the digest of the weights as arrays: files of equal weights may differ."""
    sha = hashlib.sha256()
    for array in map(np.ascontiguousarray, weights):
        sha.update(f"{array.shape} {array.dtype} ".encode())
        sha.update(array.data)
    return sha.hexdigest()


class Trainer:
    """Trains runs of one experiment on one data set.

    Building and compiling anew for each seed would keep about 9 MiB a time, whatever is
    cleared; so one network serves all seeds, its variables reset to those of a fresh build.

    Args:
        experiment: what to train.
        dataset: where its images come from.
    """

    def __init__(self, experiment: Experiment, dataset):
        self.experiment = experiment
        train, held_out = experiment.data.split(len(dataset.x_train))
        side, order = experiment.pixels.side, experiment.data.order(dataset.y_train)
        x, y = dataset.x_train, dataset.y_train
        x, y = (x, y) if order is None else (x[order], y[order])
        images, labels = _tensors(x, y, side)
        self._train, self._train_size = (images, labels), train
        self._test = _tensors(dataset.x_test, dataset.y_test, side)
        part = slice(train, train + held_out)
        self._watched = {"val": (images[part], labels[part])} if held_out else {"test": self._test}
        self.network = build(experiment, 0, experiment.fit.precision)
        self._optimizer = self._built_optimizer(self.network)
        self._train_epoch = compile_epoch(experiment, self.network, self._optimizer, images, labels)
        self._evaluate = compile_evaluation(experiment, self.network)

    def _built_optimizer(self, network):
        optimizer = make_optimizer(self.experiment.fit)
        optimizer.build(network.trainable_variables)
        return optimizer

    def _reset(self, seed: int) -> None:
        init, noise = (self.experiment.fit.seed_of(s, seed) for s in ("init", "dropout"))
        fresh = build(self.experiment, init)
        optimizer = self._built_optimizer(fresh)  # some start from the weights
        for ours, starts in ((self.network, fresh), (self._optimizer, optimizer)):
            _require_alike(ours.variables, starts.variables)
            for variable, start in zip(ours.variables, starts.variables, strict=True):
                variable.assign(start)
        if noise != init:
            starts = build(self.experiment, noise).variables
            for variable, start in zip(self.network.variables, starts, strict=True):
                if variable.path.endswith(_NOISE):
                    variable.assign(start)

    def run(self, seed: int, on_epoch=lambda epoch, values: None) -> Outcome:
        """Train with `seed` and evaluate.

        Args:
            on_epoch: called after each epoch with its number, from 1, and its metrics.
        """
        self._reset(seed)
        begin = time.perf_counter()
        history, diverged, best_weights = {}, None, None
        said: Any = None
        for epoch in range(1, self.experiment.fit.epochs + 1):
            values = _means("train", self._train_epoch(*self._drawn(seed, epoch)), self._train_size)
            for split, examples in self._watched.items():
                measured, said = self._measure(split, *examples)
                values |= measured
            for metric, value in values.items():
                history.setdefault(metric, []).append(value)
            on_epoch(epoch, values)
            if not math.isfinite(values["train_loss"]):
                diverged = epoch
                break
            if "val" in self._watched:
                if epoch == best_of(history["val_loss"]) + 1:
                    best_weights = self.network.get_weights()
                if end_of(self.experiment.fit.patience, history["val_loss"]):
                    break
        end = -1
        if self.experiment.fit.restores and best_weights is not None and diverged is None:
            end = best_of(history["val_loss"])
            self.network.set_weights(best_weights)
        weights, metrics = self.network.get_weights(), _at(history, end)
        # Nothing is ever chosen by the test set. Beside validation data it is looked at here and
        # nowhere else, after the last decision; without, it was watched, and decided nothing.
        if "test" not in self._watched:
            measured, said = self._measure("test", *self._test)
            metrics |= measured
        metrics |= self._plain()
        return Outcome(
            history=history,
            diverged=diverged,
            weights=weights,
            probabilities=said.numpy(),
            metrics=metrics | self._best_metrics(history, best_weights),
            parameters=self.network.count_params(),
            seconds=time.perf_counter() - begin,
        )

    def _drawn(self, seed: int, epoch: int) -> tuple:
        """Return the order of one epoch, what is done to its images, and its learning rates."""
        count, shape = self._train_size, self.experiment.shape
        order, noise = (self.experiment.fit.seed_of(s, seed) for s in ("order", "dropout"))
        drawn = draw(self.experiment.augmentation, noise, epoch, count, shape)
        order = tf.constant(epoch_order(order, epoch, count))
        by_step = rates(self.experiment.fit, epoch, count)
        return (
            order,
            {name: tf.constant(values) for name, values in drawn.items()},
            None if by_step is None else tf.constant(by_step),
        )

    def _measure(self, split: str, images, labels) -> tuple:
        """Return the metrics, and the probabilities that they were counted from."""
        *sums, probabilities = self._evaluate(images, labels)
        return _means(split, sums, len(images)), probabilities

    def _plain(self) -> dict:
        """Return the metrics of the training images, measured as the test images are.

        By as many at a time, so that one compiled program does both, and what is said of millions
        of images is never kept.
        """
        size, total = len(self._test[0]), np.zeros(2)
        for start in range(0, self._train_size, size):
            part = slice(start, min(start + size, self._train_size))
            *sums, _ = self._evaluate(*(values[part] for values in self._train))
            total += [float(value) for value in sums]
        return _means("plain_train", total, self._train_size)

    def _best_metrics(self, history: dict, best_weights) -> dict:
        """Return the metrics of the epoch of least validation loss, as `best_...`, if there is."""
        if best_weights is None:
            return {}
        self.network.set_weights(best_weights)
        best = best_of(history["val_loss"])
        chosen = _at(history, best) | self._measure("test", *self._test)[0]
        return {f"best_{metric}": value for metric, value in chosen.items()} | {
            "best_epoch": best + 1
        }


def _require_alike(ours: list, fresh: list) -> None:
    """Raise unless what was built for one seed has the shapes of what was built for another."""
    if [v.shape for v in ours] != [v.shape for v in fresh]:
        raise ExperimentError(
            "a network must be built alike for every seed, but for its first weights",
            "other layers or sizes for another seed",
            "Let nothing that is drawn decide them",
        )


def _tensors(images: np.ndarray, labels: np.ndarray, side: int | None) -> tuple:
    return resized(tf.constant(images), side), tf.constant(labels.astype(np.int32))


def _means(split: str, sums, count: int) -> dict:
    loss, correct = sums
    return {f"{split}_loss": float(loss) / count, f"{split}_accuracy": int(correct) / count}


def _at(history: dict, epoch: int) -> dict:
    values = {metric: series[epoch] for metric, series in history.items()}
    if "val_loss" in values:
        values["gap"] = values["val_loss"] - values["train_loss"]
    return values
