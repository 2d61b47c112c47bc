"""Every choice that the package knows, whichever network or part has it."""

from keras_mnist.base.choice import Choice, choices_of
from keras_mnist.experiment.augmentation import Augmentation
from keras_mnist.experiment.experiment import Experiment
from keras_mnist.experiment.fit import Fit
from keras_mnist.experiment.pixels import Pixels
from keras_mnist.experiment.split import Data
from keras_mnist.networks import NETWORKS


def known_choices(network: type | None = None) -> dict[str, Choice]:
    """Return every choice that an experiment on some built-in network has, by name.

    Args:
        network: of a person's own, in place of all of those.
    """
    found: dict[str, Choice] = {}
    networks = NETWORKS.values() if network is None else [network]
    for part in (*networks, Pixels, Experiment, Augmentation, Fit, Data):
        for name, choice in choices_of(part).items():
            found.setdefault(name, choice)
    return found
