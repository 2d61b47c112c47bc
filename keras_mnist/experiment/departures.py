"""Where an experiment departs from a standard one, and the words that makes in its name."""

from dataclasses import fields

from keras_mnist.base.choice import departing


def departures_from(experiment, standard) -> tuple[tuple[str, str, object], ...]:
    """Return the (part, field, value) where an experiment differs from another of its network.

    Fields that decide nothing beside the others are left out.
    """
    found = []
    # The network first: names are cut, and it tells most.
    for part in sorted(fields(experiment), key=lambda part: part.name != "network"):
        ours, standards = getattr(experiment, part.name), getattr(standard, part.name)
        names = (name for name in departing(ours, standards) if name not in ours.idle)
        found += [(part.name, name, getattr(ours, name)) for name in names]
    return tuple(found)


def word(name: str, value) -> str:
    """Return a field and its value as one word, fit for a folder's name: `dropout-0.5`."""
    name = name.strip("_")
    if isinstance(value, tuple):
        value = "-".join(map(str, value))
    return f"{name}-{value:g}" if isinstance(value, float) else f"{name}-{value}"
