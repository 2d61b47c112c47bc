"""How a step moves the weights: the optimizer and what it takes."""

from dataclasses import dataclass
from typing import Any

from keras_mnist.base.choice import OWN, Choice, Choices, Off, Real, Switch, Whole, Word
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment.optimizers import OPTIMIZERS, listed, not_taken, own, takers

SCHEDULES = ("constant", "cosine", "step", "exponential")
DECAYING = ("step", "exponential")  # those with a decay rate


def _nesterov_is_idle(steps) -> str:
    alone = "" if steps.momentum else "nesterov needs a momentum above 0"
    return not_taken("nesterov")(steps) or alone


def _decays_not(name: str):
    def why(steps) -> str:
        if steps.schedule in DECAYING:
            return ""
        return f"{name} is of the schedules {listed(DECAYING)}"

    return why


def _parameter(name: str, check, help: str, search=None, idle=None) -> Any:
    """Return the field of a choice that only some optimizers have, each with its own default."""
    return Choice(
        check,
        f"{help} ({', '.join(takers(name))})",
        search=search,
        own=own(name),
        idle=idle or not_taken(name),
        added=True,
    ).default(None)


@dataclass(frozen=True)
class Steps(Choices):
    """How a step moves the weights.

    What an optimizer takes and its own value of it, Keras's default, stand in `OPTIMIZERS`; what it
    does not take decides nothing beside it.

    Attributes:
        optimizer: one of `OPTIMIZERS`; `rmsprop_keras2` is RMSprop as Keras had it up to version
            2.3.
        learning_rate: `None` stands for Keras's default of that optimizer.
        momentum: in [0, 1).
        weight_decay: of an optimizer that has one of its own, Keras's decoupled decay: each weight
            shrinks by that share of the rate. Of the others, added to each gradient, times the
            parameter, as PyTorch's SGD does: a penalty of half of it times the squared parameters.
            Either way of biases too, and no loss shows it.
        nesterov, rho, epsilon, centered, beta_1, beta_2, amsgrad, initial_accumulator_value,
            learning_rate_power, beta, l1_regularization_strength, l2_regularization_strength,
            l2_shrinkage_regularization_strength, beta_2_decay, epsilon_1, epsilon_2,
            clip_threshold, relative_step: as Keras calls them.
        schedule: of the learning rate, from step to step: `constant`; `cosine`, to 0 at the end of
            the last epoch; `exponential`, times `decay_rate` by and by in each `decay_epochs`
            epochs; `step`, at once after each of them.
        warmup_epochs: before that, in which the rate rises evenly from 0.
        decay_rate: of `exponential` and `step`.
        decay_epochs: theirs, too.
        clip_norm: the greatest norm of all gradients together, to which longer ones are shortened,
            as Keras's `global_clipnorm`; 0 leaves them.
        clip_value: the greatest size of each number in them, after that; 0 leaves them. Either is
            done before a penalty is added, as PyTorch does.
    """

    optimizer: str = Choice(
        Word(OPTIMIZERS),
        "whose steps",
        search=Values(("rmsprop", "sgd", "adam")),
    ).default("rmsprop")
    learning_rate: float | None = Choice(
        Real(0, 1000, "(]", optional=True),
        "of the optimizer",
        search=Range(1e-4, 1e-1, log=True),
        # Written out, the optimizer's own rate is the experiment that leaves it out.
        idle=lambda steps: steps.learning_rate == OPTIMIZERS[steps.optimizer].rate,
    ).default(None)
    momentum: float = Choice(
        Real(0, 1, "[)"),
        f"of {', '.join(takers('momentum'))}",
        Off(0.0, "no momentum", "no momentum in the steps"),
        search=Values((0.0, 0.5, 0.9, 0.95, 0.99)),
        own=own("momentum", 0.0),
        idle=not_taken("momentum"),
    ).default(OWN)
    weight_decay: float = Choice(
        Real(0, 1000, "[]"),
        f"decoupled of {', '.join(takers('weight_decay'))}; else a penalty as PyTorch's",
        Off(0.0, "no weight decay", "no penalty on the parameters"),
        search=Range(1e-6, 1e-1, log=True),
        own=own("weight_decay", 0.0),
    ).default(OWN)
    nesterov: bool = _parameter("nesterov", Switch(), "Nesterov's momentum", idle=_nesterov_is_idle)
    rho: float = _parameter(
        "rho", Real(0, 1, "[)"), "of the mean of squared gradients", Values((0.9, 0.95, 0.99))
    )
    epsilon: float = _parameter(
        "epsilon", Real(0, 1, "(]"), "beside or under the root", Range(1e-8, 1e-2, log=True)
    )
    centered: bool = _parameter("centered", Switch(), "by the variance of the gradients")
    beta_1: float = _parameter(
        "beta_1", Real(0, 1, "[)"), "of the mean of gradients", Values((0.0, 0.5, 0.8, 0.9, 0.95))
    )
    beta_2: float = _parameter(
        "beta_2", Real(0, 1, "[)"), "of the mean of squared ones", Values((0.9, 0.99, 0.999))
    )
    amsgrad: bool = _parameter("amsgrad", Switch(), "AMSGrad")
    initial_accumulator_value: float = _parameter(
        "initial_accumulator_value", Real(0, 1000, "[]"), "at the start"
    )
    learning_rate_power: float = _parameter(
        "learning_rate_power", Real(-10, 0, "[]"), "of the accumulator"
    )
    beta: float = _parameter("beta", Real(0, 1000, "[]"), "as in the paper")
    l1_regularization_strength: float = _parameter(
        "l1_regularization_strength", Real(0, 1000, "[]"), "penalty on sizes"
    )
    l2_regularization_strength: float = _parameter(
        "l2_regularization_strength", Real(0, 1000, "[]"), "penalty on squares"
    )
    l2_shrinkage_regularization_strength: float = _parameter(
        "l2_shrinkage_regularization_strength", Real(0, 1000, "[]"), "the same, in the gradients"
    )
    beta_2_decay: float = _parameter("beta_2_decay", Real(-10, 0, "[]"), "of beta 2, by step")
    epsilon_1: float = _parameter("epsilon_1", Real(0, 1, "[]"), "beside squared gradients")
    epsilon_2: float = _parameter("epsilon_2", Real(0, 1, "[]"), "the least size of a parameter")
    clip_threshold: float = _parameter(
        "clip_threshold", Real(0, 1000, "[]"), "of a step's root mean square"
    )
    relative_step: bool = _parameter("relative_step", Switch(), "a rate that falls by step")

    schedule: str = Choice(
        Word(SCHEDULES),
        "of the learning rate",
        Off("constant", "no schedule", "one learning rate throughout"),
        search=Values(SCHEDULES),
        added=True,
    ).default("constant")
    warmup_epochs: int = Choice(
        Whole(0, 100_000),
        "in which the learning rate rises from 0",
        Off(0, "no warmup", "the whole learning rate from the first step on"),
        added=True,
    ).default(0)
    decay_rate: float = Choice(
        Real(0, 1, "(]"),
        f"what is left of the learning rate (schedules {', '.join(DECAYING)})",
        search=Range(0.1, 1.0),
        idle=_decays_not("decay_rate"),
        added=True,
    ).default(0.9)
    decay_epochs: int = Choice(
        Whole(1, 100_000),
        "epochs that take so much of it (the same schedules)",
        idle=_decays_not("decay_epochs"),
        added=True,
    ).default(1)

    clip_norm: float = Choice(
        Real(0, 1_000_000, "[]"),
        "greatest norm of all gradients together",
        Off(0.0, "no clip norm", "gradients of any norm"),
        search=Values((0.0, 0.1, 1.0, 10.0)),
        added=True,
    ).default(0.0)
    clip_value: float = Choice(
        Real(0, 1_000_000, "[]"),
        "greatest size of each number in them",
        Off(0.0, "no clip value", "gradients of any size"),
        added=True,
    ).default(0.0)

    def __post_init__(self):
        super().__post_init__()
        for name in OPTIMIZERS[self.optimizer].above_zero:
            if not getattr(self, name):
                raise ExperimentError(
                    f"{name} must be above 0 for {self.optimizer}", repr(getattr(self, name))
                )

    @property
    def rate(self) -> float:
        """The learning rate in force, before any schedule."""
        default = OPTIMIZERS[self.optimizer].rate
        return float(default if self.learning_rate is None else self.learning_rate)

    @property
    def penalty(self) -> float:
        """The weight decay that is added to gradients: that of no decay of the optimizer's own."""
        own_decay = "weight_decay" in OPTIMIZERS[self.optimizer].takes
        return 0.0 if own_decay else self.weight_decay
