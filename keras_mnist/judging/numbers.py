"""A published number beside our runs."""

import math

from keras_mnist.analysis.verdicts import judge_number
from keras_mnist.judging.result import Finding
from keras_mnist.judging.runs import values
from keras_mnist.published import Number, Source

# Half a prediction interval wider than this confirms nothing: one percentage point of accuracy,
# or a quarter of what a published loss is above the least that its network could reach. A gap is
# a difference of losses and is given the same room as the validation loss it was computed from.
ACCURACY_TOLERANCE = 0.01
LOSS_TOLERANCE = 0.25
LEAST_LOSS = {"softmax_twice": math.log(1 + 9 / math.e)}  # the others reach 0


def number_finding(source: Source, claim: Number, runs_of) -> Finding | None:
    """Return the verdict on a number; `None` where its experiment is not concerned.

    Args:
        source: the claim's.
        claim: the number.
        runs_of: from an experiment's name to its records by seed, or `None`.
    """
    runs = runs_of(claim.experiment)
    if runs is None:
        return None
    ours = list(values(claim.quantity, runs).values())
    found = judge_number(claim.as_metric, ours, tolerance(source, claim), claim.rounding)
    return Finding(found.verdict, claim.metric, found.ours, found.low, found.high, found.seeds)


def tolerance(source: Source, claim: Number) -> float:
    """Return the widest half interval that confirms this number, in the record's unit."""
    if claim.metric.endswith("accuracy"):
        return ACCURACY_TOLERANCE
    scale = claim
    if claim.metric == "gap":
        numbers = (c for c in source.claims if isinstance(c, Number))
        named = (c for c in numbers if c.experiment == claim.experiment)
        scale = next(c for c in named if c.metric == "val_loss")
    least = LEAST_LOSS.get(source.experiment(claim.experiment).training.loss, 0.0)
    return LOSS_TOLERANCE * abs(scale.as_metric - least)
