"""The networks that `throughput.py` measures: how each is trained, and on what."""

import dataclasses
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from keras_mnist.data import Dataset
from keras_mnist.documents import document_named
from keras_mnist.experiment import Experiment
from keras_mnist.networks.layers import Activation, Plain, Pool

TEST_BATCH = 1000  # images a step where the test set is measured, as in the package
# Training images of an epoch; fewer where so many would take half a minute.
_FULL, _PART, _FEW = 60_000, 12_800, 6_400


@dataclass(frozen=True)
class Case:
    """A network to be measured.

    Attributes:
        experiment: how it is trained; all images train, nothing is validated.
        train: how many training images an epoch has; the test set has a sixth of that.
        convolves: whether it takes images with channels.
        ordinary: whether it is a plain Keras network (ordinary_keras.py), on seeded noise, and not
            one of the package's own, on MNIST.
    """

    experiment: Experiment
    train: int = _FULL
    convolves: bool = False
    ordinary: bool = False

    def data(self, find, train: int | None):
        """Return what it is trained on, cut to so many images.

        Args:
            find: called for the images of a network of the package.
            train: how many train; `None`: as many as the case says.
        """
        train = train or self.train
        if self.ordinary:
            test = _test_size(train)
            chance, shape = np.random.default_rng(0), self.experiment.value("shape")
            images = chance.integers(0, 256, (train + test, *shape), dtype=np.uint8)
            labels = chance.integers(0, 10, train + test).astype(np.uint8)
            parts = images[:train], labels[:train], images[train:], labels[train:]
            return Dataset("seeded noise", *parts, note="noise of the right shape")
        return cut(find(), train)


def cut(dataset: Dataset, train: int) -> Dataset:
    """Return the data set with its first `train` training images, and the test images to them."""
    test = _test_size(train)
    return dataclasses.replace(
        dataset,
        x_train=dataset.x_train[:train],
        y_train=dataset.y_train[:train],
        x_test=dataset.x_test[:test],
        y_test=dataset.y_test[:test],
    )


def _test_size(train: int) -> int:
    return max(1, train // 6)


def _published(document: str, name: str, **options) -> Case:
    experiment = document_named(document).experiment(name).change(validation_split=0.0)
    return Case(experiment, **options)


def _ordinary(shape: tuple[int, ...], batch_size: int, **options) -> Case:
    options = {"train": _PART, **options, "ordinary": True}
    changes = {"validation_split": 0.0, "optimizer": "adam"}
    return Case(Experiment().change(**changes, shape=shape, batch_size=batch_size), **options)


CASES = {
    "mlp": _published("mlp_ablation", "baseline"),
    "mlp64": Case(
        Experiment().change(validation_split=0.0, width=64, batch_size=32)  # both of file 001
    ),
    "lenet5": _published("conv1x1_report", "LeNet-5", convolves=True),
    "lenet5_reg": _published("mnist_readme", "LeNet5_Reg", convolves=True),
    "lenet5_tanh": _published("tanh_report", "LeNet-5", convolves=True),
    "deep_mlp": _published("tanh_report", "Custom"),
    "conv1x1": _published("conv1x1_report", "Custom", convolves=True, train=_FEW),
    "convnet": _ordinary((28, 28), 128, convolves=True),
    "residual": _ordinary((32, 32, 3), 128, convolves=True),
    "tabular": _ordinary((1, 30), 32, train=_FULL),
    "attention": _ordinary((28, 28), 128),
    "gru": _ordinary((28, 28), 128),
}
EXPERIMENTS = {name: case.experiment for name, case in CASES.items()}


def as_written(layers: list[Plain]) -> list[Plain]:
    """Return the layers with activations before poolings, as one usually writes them.

    The package takes the greatest first: the same function, for a quarter of the work.
    """
    layers = list(layers)
    for place, (one, other) in enumerate(pairwise(layers)):
        if isinstance(one, Pool) and isinstance(other, Activation):
            layers[place : place + 2] = other, one
    return layers
