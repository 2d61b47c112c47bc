"""Where an experiment departs from a standard one, and the words that makes in its name."""

from collections.abc import Iterator
from dataclasses import fields

from keras_mnist.base.choice import departing


def differing(experiment, standard) -> Iterator[tuple[str, str]]:
    """Yield the (part, field) where an experiment differs from another of its network.

    Those that decide nothing, too. The network's first: names are cut, and it tells most.
    """
    for part in sorted(fields(experiment), key=lambda part: part.name != "network"):
        for name in departing(getattr(experiment, part.name), getattr(standard, part.name)):
            yield part.name, name


def departures_from(experiment, standard) -> tuple[tuple[str, str, object], ...]:
    """Return the (part, field, value) where an experiment differs from another of its network.

    Fields that decide nothing beside the others are left out. Normalizing by the mean of data other
    than MNIST is `own`, whatever their mean: their digest says it.
    """
    found, own = [], experiment.pixels.own
    idle = () if experiment.pixels.divisible(experiment.data.values) else ("rescale",)
    for part, name in differing(experiment, standard):
        ours = getattr(experiment, part)
        if name not in (*ours.idle, *idle):
            value = "own" if own and name == "normalize" else getattr(ours, name)
            found.append((part, name, value))
    return tuple(found)


def word(name: str, value) -> str:
    """Return a field and its value as one word, fit for a folder's name: `dropout-0.5`."""
    name = name.strip("_")
    if isinstance(value, tuple):
        value = "-".join(map(str, value))
    return f"{name}-{value:g}" if isinstance(value, float) else f"{name}-{value}"
