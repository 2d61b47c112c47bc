"""The optimizers that an experiment can name, and what each takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Optimizer:
    """An optimizer as it is named before anything is imported.

    Attributes:
        made_by: the class, as module and name; called with the learning rate.
        rate: its own learning rate.
        takes: the choices that it has besides, and its own values of them. One that takes
            `weight_decay` has a decay of its own, apart from the gradients.
        above_zero: those of them that must not be 0.
    """

    made_by: str
    rate: float
    takes: Mapping[str, object] = field(default_factory=dict)
    above_zero: tuple[str, ...] = ()


def _keras(name: str, rate: float, above_zero: tuple[str, ...] = (), **takes: Any) -> Optimizer:
    return Optimizer(f"keras.optimizers.{name}", rate, takes, above_zero)


_ADAM: dict[str, Any] = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
# At Keras's own values, so that leaving one out and writing it out are one experiment.
OPTIMIZERS = {
    "rmsprop": _keras("RMSprop", 0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False),
    "rmsprop_keras2": Optimizer(
        "keras_mnist.training.optimizers.RMSpropKeras2", 0.001, {"rho": 0.9, "epsilon": 1e-7}
    ),
    "sgd": _keras("SGD", 0.01, momentum=0.0, nesterov=False),
    "adam": _keras("Adam", 0.001, **_ADAM, amsgrad=False),
    "adamw": _keras("AdamW", 0.001, **_ADAM, amsgrad=False, weight_decay=0.004),
    "adamax": _keras("Adamax", 0.001, **_ADAM),
    "nadam": _keras("Nadam", 0.001, **_ADAM),
    "lamb": _keras("Lamb", 0.001, **_ADAM, weight_decay=0.0),
    "lion": _keras("Lion", 0.001, ("beta_1",), beta_1=0.9, beta_2=0.99, weight_decay=0.0),
    "adadelta": _keras("Adadelta", 0.001, rho=0.95, epsilon=1e-7),
    "adagrad": _keras("Adagrad", 0.001, initial_accumulator_value=0.1, epsilon=1e-7),
    "adafactor": _keras(
        "Adafactor",
        0.001,
        ("clip_threshold",),
        beta_2_decay=-0.8,
        epsilon_1=1e-30,
        epsilon_2=1e-3,
        clip_threshold=1.0,
        relative_step=True,
    ),
    "ftrl": _keras(
        "Ftrl",
        0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        beta=0.0,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0,
    ),
    "muon": _keras("Muon", 0.001, momentum=0.95, nesterov=True, epsilon=1e-7, weight_decay=0.004),
    "schedule_free_adamw": _keras(
        "ScheduleFreeAdamW",
        0.0025,
        ("beta_1",),
        **(_ADAM | {"epsilon": 1e-8, "weight_decay": 0.0}),
    ),
}


def own(name: str, otherwise=None):
    """Return a function of a fit's steps to what their optimizer has as its own `name`."""
    return lambda steps: OPTIMIZERS[steps.optimizer].takes.get(name, otherwise)


def takers(name: str) -> list[str]:
    """Return the optimizers that take the choice `name`."""
    return [optimizer for optimizer, known in OPTIMIZERS.items() if name in known.takes]


def not_taken(name: str):
    """Return a function of a fit's steps to why the choice `name` is idle, or to nothing."""

    def why(steps) -> str:
        takes = OPTIMIZERS[steps.optimizer].takes
        if name in takes:
            return ""
        return f"{name} is of {listed(takers(name))}; {steps.optimizer} takes {listed(takes)}"

    return why


def listed(words) -> str:
    """Return words as a sentence lists them, `none` where there are none."""
    return ", ".join(words) or "none"
