"""Everything that decides a run but its seed, and studies of it."""

from keras_mnist.experiment.augmentation import Augmentation
from keras_mnist.experiment.experiment import Experiment
from keras_mnist.experiment.fit import Fit
from keras_mnist.experiment.pixels import Pixels
from keras_mnist.experiment.split import Data
from keras_mnist.experiment.study import Study

__all__ = ["Augmentation", "Data", "Experiment", "Fit", "Pixels", "Study"]
