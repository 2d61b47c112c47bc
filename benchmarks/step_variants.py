"""What each part of the compiled step is worth: an epoch with parts put back.

One thread, one process; rounds in random order; ratios to the package's own epoch of the same
network within a round. `benchmarks/NOTES.md` keeps what it printed.
"""

import argparse
import contextlib
import math
import random
import statistics
import time
from unittest import mock

from cases import EXPERIMENTS

from keras_mnist.data import find_data
from keras_mnist.training.run import use_one_thread

use_one_thread()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

from keras_mnist.training import epoch, trainer, update  # noqa: E402


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
    """TensorFlow as `training.update` sees it, but with `jit_compile` passed over."""

    def __getattr__(self, name):
        return getattr(tf, name)

    @staticmethod
    def function(jit_compile=None, **options):
        """Return `tf.function`, never compiled by XLA."""
        return tf.function(**options)


def plain_pass(experiment, network, training):
    """Return the network as Keras runs it: what `forward_pass` is a faster form of."""
    return lambda inputs: network(inputs, training=training)


OURS = "as it is"
keras_dropout = mock.patch("keras_mnist.training.build.layers.FastDropout", keras.layers.Dropout)
no_xla = mock.patch.object(update, "tf", WithoutXla())
fused = mock.patch.object(trainer, "make_optimizer", lambda training: FusedRMSprop(training.rate))
plain_layers = mock.patch.object(epoch, "forward_pass", plain_pass)

MLP, LENET5 = EXPERIMENTS["mlp"], EXPERIMENTS["lenet5"]
# For each network, (experiment, patches) by what is put back.
one_program = mock.patch("keras_mnist.training.epoch.is_small", lambda *_: True)
many_calls = mock.patch("keras_mnist.training.epoch.is_small", lambda *_: False)

VARIANTS = {
    "small": {
        name: {
            OURS: (experiment, ()),
            "many calls": (experiment, (many_calls,)),
            "one program": (experiment, (one_program,)),
        }
        for name, experiment in (
            ("MLP, 64 units, batch 32", EXPERIMENTS["mlp64"]),
            ("the deep MLP, file 003", EXPERIMENTS["deep_mlp"]),
            ("MLP, 64 units", MLP.change(width=64)),
            ("MLP, 128 units", MLP.change(width=128)),
            ("MLP", MLP),
        )
    },
    "mlp": {
        "MLP": {
            OURS: (MLP, ()),
            "Keras's dropout": (MLP, (keras_dropout,)),
            "update without XLA": (MLP, (no_xla,)),
            "update by the fused RMSProp kernel": (MLP, (no_xla, fused)),
            "both as in Keras": (MLP, (keras_dropout, no_xla)),
            "no dropout at all": (MLP.change(dropout=0.0), ()),
            "--precision bfloat16": (MLP.change(precision="bfloat16"), ()),
        }
    },
    "lenet5": {
        name: {OURS: (experiment, ()), "plain Keras layers": (experiment, (plain_layers,))}
        for name, experiment in (
            ("LeNet-5, file 004", LENET5),
            ("LeNet5_Reg, file 000", EXPERIMENTS["lenet5_reg"]),
            ("Conv1x1, file 004", EXPERIMENTS["conv1x1"]),
        )
    },
}


def prepare(experiment, patches, dataset):
    """Return a function that trains one epoch, traced while the patches hold, and the first's time.

    That is in seconds of the processor: tracing, compiling, and the epoch itself.
    """
    with contextlib.ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        trained = trainer.Trainer(experiment, dataset)
        drawn = trained._drawn(0, 1)
        begin = time.process_time()
        trained._train_epoch(*drawn)
    return lambda: trained._train_epoch(*drawn), time.process_time() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=VARIANTS, default="mlp", help="default %(default)s")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="default %(default)s")
    parser.add_argument("--data", default="mnist", metavar="NAME", help="default %(default)s")
    options = parser.parse_args()
    dataset = find_data(options.data)
    prepared = {
        (network, name): prepare(*variant, dataset)
        for network, variants in VARIANTS[options.model].items()
        for name, variant in variants.items()
    }
    seconds = {key: [] for key in prepared}
    chance = random.Random(0)
    for _ in range(options.rounds):
        for key in chance.sample(list(prepared), len(prepared)):
            begin = time.perf_counter()
            prepared[key][0]()
            seconds[key].append(time.perf_counter() - begin)
    print(f"{'':44s} {'first, s':>8s} {'ms a step':>9s}   ratio to ours, median (range)")
    for (network, name), times in seconds.items():
        ratios = [a / b for a, b in zip(times, seconds[network, OURS], strict=True)]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        title = f"{network}: {name}"
        experiment = VARIANTS[options.model][network][name][0]
        images, _ = experiment.data.split(len(dataset.x_train))
        steps, first = math.ceil(images / experiment.fit.batch_size), prepared[network, name][1]
        step = statistics.median(times) / steps * 1e3
        print(f"{title:44s} {first:8.2f} {step:9.2f}   {spread}")


if __name__ == "__main__":
    main()
