"""No argument of a person's function may be called like another choice: a name means one thing."""

from dataclasses import fields

from keras_mnist.base.choice import choices_of
from keras_mnist.base.errors import ExperimentError


def require_free_names(experiment) -> None:
    """Check the names of an experiment's network beside those of its other parts.

    Raises:
        ExperimentError: one is of both.
    """
    parts = {part.name: getattr(experiment, part.name) for part in fields(experiment)}
    taken = set(parts)
    for name, part in parts.items():
        taken |= set() if name == "network" else {f.name for f in fields(part)}
    if both := sorted(choices_of(experiment.network).keys() & taken):
        raise ExperimentError(
            f"an argument of {experiment.kind} must not be called like a choice of the experiment",
            ", ".join(both),
            f"Call it otherwise, such as network_{both[0]}, or leave it to the experiment",
        )
