"""What a network brings of its own: the optimizer and loss that a person compiled it with."""

from collections.abc import Collection


def as_compiled(experiment, changed: Collection[str] = ()):
    """Return an experiment with the choices that its network was compiled with.

    Args:
        experiment: on its data; one whose network brings nothing is returned as it is.
        changed: choices that were made beside it, which count for more.
    """
    told = experiment.network.compiled(experiment.shape, experiment.data.classes)
    own = {name: value for name, value in told.items() if name not in changed}
    return experiment.change(**own) if own else experiment


def chosen(experiment) -> set[str]:
    """Return the choices of how to fit that somebody has made already."""
    return {name for part, name, _ in experiment.departures if part == "fit"}
