"""Where an experiment departs from a standard one, and the words that makes in its name."""

from dataclasses import fields

from keras_mnist.base.choice import departing


def departures_from(experiment, standard) -> tuple[tuple[str, str, object], ...]:
    """Return the (part, field, value) where an experiment differs from another of its network.

    Fields that decide nothing beside the others are left out. Normalizing by the mean of data other
    than MNIST is `own`, whatever their mean: their digest says it.
    """
    found, own = [], experiment.pixels.own
    idle = () if experiment.pixels.divisible(experiment.data.values) else ("rescale",)
    # The network first: names are cut, and it tells most.
    for part in sorted(fields(experiment), key=lambda part: part.name != "network"):
        ours, standards = getattr(experiment, part.name), getattr(standard, part.name)
        for name in departing(ours, standards):
            if name not in (*ours.idle, *idle):
                value = "own" if own and name == "normalize" else getattr(ours, name)
                found.append((part.name, name, value))
    return tuple(found)


def word(name: str, value) -> str:
    """Return a field and its value as one word, fit for a folder's name: `dropout-0.5`."""
    name = name.strip("_")
    if isinstance(value, tuple):
        value = "-".join(map(str, value))
    return f"{name}-{value:g}" if isinstance(value, float) else f"{name}-{value}"
