"""A published number beside our runs."""

import math

from keras_mnist.analysis.verdicts import judge_number
from keras_mnist.documents import Document, Number
from keras_mnist.documents.judging.result import Finding
from keras_mnist.documents.judging.runs import values

# Half a prediction interval wider than this confirms nothing. Accuracy: one percentage point, or
# half the published error where that is less. A loss: a quarter of what it is above the least that
# its network could reach; where softmax is applied twice, at most 0.02, about two points of
# accuracy. A gap: a quarter of its validation loss, and no more than itself, or its sign is open.
ACCURACY_TOLERANCE, ERROR_TOLERANCE = 0.01, 0.5
LOSS_TOLERANCE = 0.25
LEAST_LOSS = {"softmax_twice": math.log(1 + 9 / math.e)}  # the others reach 0
MOST = {"softmax_twice": 0.02}


def number_finding(document: Document, claim: Number, runs_of) -> Finding | None:
    """Return the verdict on a number; `None` where its experiment is not concerned.

    Args:
        document: the claim's.
        claim: the number.
        runs_of: from an experiment's name to its records by seed, or `None`.
    """
    runs = runs_of(claim.experiment)
    if runs is None:
        return None
    ours = list(values(claim.quantity, runs).values())
    found = judge_number(claim.as_metric, ours, tolerance(document, claim), claim.rounding)
    return Finding(found.verdict, claim.metric, found.ours, found.low, found.high, found.seeds)


def tolerance(document: Document, claim: Number) -> float:
    """Return the widest half interval that confirms this number, in the record's unit."""
    published = claim.as_metric
    if claim.metric.endswith("accuracy"):
        return min(ACCURACY_TOLERANCE, ERROR_TOLERANCE * (1 - published))
    if claim.metric == "gap":
        numbers = [c for c in document.claims if isinstance(c, Number)]
        named = (c for c in numbers if c.experiment == claim.experiment)
        loss = next(c for c in named if c.metric == "val_loss").as_metric
        return min(LOSS_TOLERANCE * loss, abs(published))
    loss = document.experiment(claim.experiment).training.loss
    above = published - LEAST_LOSS.get(loss, 0.0)
    return min(LOSS_TOLERANCE * above, MOST.get(loss, math.inf))
