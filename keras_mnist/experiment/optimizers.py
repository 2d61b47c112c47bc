"""The optimizers that an experiment can name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Optimizer:
    """An optimizer as it is named before anything is imported.

    Attributes:
        made_by: the class, as module and name; called with the learning rate.
        rate: its own learning rate.
        takes: the choices that it has besides.
    """

    made_by: str
    rate: float
    takes: tuple[str, ...] = ()


# At Keras's own rates, so that leaving the rate out and writing it out are one experiment.
OPTIMIZERS = {
    "rmsprop": Optimizer("keras_mnist.training.optimizers.RMSprop", 0.001),
    "rmsprop_keras2": Optimizer("keras_mnist.training.optimizers.RMSpropKeras2", 0.001),
    "sgd": Optimizer("keras.optimizers.SGD", 0.01, takes=("momentum",)),
    "adam": Optimizer("keras.optimizers.Adam", 0.001),
}
