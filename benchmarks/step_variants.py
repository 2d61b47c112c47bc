"""What each part of the compiled step is worth: the baseline's epoch with parts put back.

One thread, one process; rounds in random order; ratios to the package's own epoch within a
round. `benchmarks/NOTES.md` keeps what it printed.
"""

import argparse
import random
import statistics
import time
from unittest import mock

from keras_mnist.data import find_data
from keras_mnist.experiment import Experiment
from keras_mnist.training.run import use_one_thread

use_one_thread()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

from keras_mnist.training import epoch, trainer  # noqa: E402

BASELINE = Experiment().change(validation_split=0.0)


class FusedRMSprop(keras.optimizers.RMSprop):
    """Keras's RMSprop by TensorFlow's fused kernel, which also carries a momentum slot."""

    def build(self, variables):
        """Make the slots."""
        super().build(variables)
        self._moments = [tf.Variable(tf.zeros(variable.shape)) for variable in variables]

    def update_step(self, gradient, variable, learning_rate):
        """Update one variable in one kernel."""
        index = self._get_variable_index(variable)
        tf.raw_ops.ResourceApplyRMSProp(
            var=variable.handle,
            ms=self._velocities[index].value.handle,
            mom=self._moments[index].handle,
            lr=learning_rate,
            rho=self.rho,
            momentum=0.0,
            epsilon=self.epsilon,
            grad=gradient,
        )


class WithoutXla:
    """TensorFlow as `training.epoch` sees it, but with `jit_compile` passed over."""

    def __getattr__(self, name):
        return getattr(tf, name)

    @staticmethod
    def function(jit_compile=None, **options):
        """Return `tf.function`, never compiled by XLA."""
        return tf.function(**options)


keras_dropout = mock.patch("keras_mnist.models.mlp.FastDropout", keras.layers.Dropout)
no_xla = mock.patch.object(epoch, "tf", WithoutXla())
fused = mock.patch.dict(trainer.OPTIMIZERS, rmsprop=FusedRMSprop)
VARIANTS = {
    "as it is": ((), {}),
    "Keras's dropout": ((keras_dropout,), {}),
    "update without XLA": ((no_xla,), {}),
    "update by the fused RMSProp kernel": ((no_xla, fused), {}),
    "both as in Keras": ((keras_dropout, no_xla), {}),
    "no dropout at all": ((), {"dropout": 0.0}),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="default %(default)s")
    rounds = parser.parse_args().rounds
    dataset = find_data("mnist")
    order = tf.constant(trainer.epoch_order(0, 1, len(dataset.x_train)))
    epochs = {}
    for name, (patches, changes) in VARIANTS.items():
        for patch in patches:
            patch.start()
        epochs[name] = trainer.Trainer(BASELINE.change(**changes), dataset)._train_epoch
        epochs[name](order)  # traced while the patches hold
        for patch in patches:
            patch.stop()
    seconds = {name: [] for name in VARIANTS}
    chance = random.Random(0)
    for _ in range(rounds):
        for name in chance.sample(list(VARIANTS), len(VARIANTS)):
            begin = time.perf_counter()
            epochs[name](order)
            seconds[name].append(time.perf_counter() - begin)
    ours = seconds["as it is"]
    print(f"{'epoch of 469 steps':36s} {'ms a step':>9s}   ratio to ours, median (range)")
    for name, times in seconds.items():
        ratios = [a / b for a, b in zip(times, ours, strict=True)]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"{name:36s} {statistics.median(times) / 469 * 1e3:9.2f}   {spread}")


if __name__ == "__main__":
    main()
