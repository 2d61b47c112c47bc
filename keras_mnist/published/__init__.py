"""The published documents as data, one module each."""

from keras_mnist.errors import ExperimentError, nearest
from keras_mnist.experiment import Experiment
from keras_mnist.published.mlp_ablation import SOURCE as MLP_ABLATION
from keras_mnist.published.source import Claim, Reading, Source

SOURCES = (MLP_ABLATION,)


def claims_about(experiment: Experiment) -> list[Claim]:
    """Return every published number about this very experiment."""
    return [claim for source in SOURCES for claim in source.claims_about(experiment)]


def source_named(name: str) -> Source:
    """Return the source of that name.

    Raises:
        ExperimentError: there is none; near names are told.
    """
    by_name = {source.name: source for source in SOURCES}
    if name not in by_name:
        raise ExperimentError(f"{name} must be a source", None, nearest(name, by_name))
    return by_name[name]


__all__ = ["MLP_ABLATION", "SOURCES", "Claim", "Reading", "Source", "claims_about", "source_named"]
