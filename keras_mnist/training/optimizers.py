"""Optimizers by the names that experiments use."""

from typing import Any

from keras_mnist.base.backend import keras
from keras_mnist.base.named import load
from keras_mnist.experiment.fit import Fit
from keras_mnist.experiment.optimizers import OPTIMIZERS


class RMSpropKeras2(keras.optimizers.RMSprop):
    """RMSprop as standalone Keras had it (up to 2.3): epsilon beside the root, not under it.

    Today's Keras divides the gradient by sqrt(v + 1e-7), which is never less than 3e-4; then it
    was sqrt(v) + 1e-7. Gradients smaller than that, and late in training most are, took much
    longer steps. It had neither momentum nor centering.
    """

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable against its gradient."""
        velocity = self._velocities[self._get_variable_index(variable)]
        rate: Any = keras.ops.cast(learning_rate, variable.dtype)
        slope: Any = keras.ops.cast(gradient, variable.dtype)
        square: Any = keras.ops.square(slope)
        self.assign(velocity, self.rho * velocity + (1 - self.rho) * square)
        root: Any = keras.ops.sqrt(velocity.value)
        self.assign_sub(variable, rate * slope / (root + self.epsilon))


def make_optimizer(fit: Fit) -> keras.optimizers.Optimizer:
    """Return the optimizer that `fit` names, at its rate and with what else it takes.

    Its updates must be traced within `exact_roots`, as `compile_update` does.
    """
    known = OPTIMIZERS[fit.optimizer]
    options = {choice: getattr(fit, choice) for choice in known.takes}
    return load(known.made_by)(fit.rate, **options)
