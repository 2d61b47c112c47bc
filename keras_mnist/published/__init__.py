"""The published documents as data, one module each."""

from keras_mnist.experiment import Experiment
from keras_mnist.published.mlp_ablation import SOURCE as MLP_ABLATION
from keras_mnist.published.source import Claim, Source

SOURCES = (MLP_ABLATION,)


def claims_about(experiment: Experiment) -> list[Claim]:
    """Return every published number about this very experiment."""
    return [claim for source in SOURCES for claim in source.claims_about(experiment)]


__all__ = ["MLP_ABLATION", "SOURCES", "Claim", "Source", "claims_about"]
