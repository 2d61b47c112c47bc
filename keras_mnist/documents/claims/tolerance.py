"""How narrow our interval must be to confirm a published number."""

import math

# Half a prediction interval wider than this confirms nothing. Accuracy: one percentage point, or
# half the published error where that is less. A loss: a quarter of what it is above the least that
# its network could reach; where softmax is applied twice, at most 0.02, about two points of
# accuracy. A gap: a quarter of its validation loss, and no more than itself, or its sign is open.
ACCURACY_TOLERANCE, ERROR_TOLERANCE = 0.01, 0.5
LOSS_TOLERANCE = 0.25
LEAST_LOSS = {"softmax_twice": math.log(1 + 9 / math.e)}  # the others reach 0
MOST = {"softmax_twice": 0.02}


def tolerance(number, document) -> float:
    """Return the widest half interval that confirms a `Number`, in the record's unit.

    Args:
        number: of the document.
        document: whose other numbers, and whose losses, may decide it.
    """
    if number.metric.endswith("accuracy"):
        return min(ACCURACY_TOLERANCE, ERROR_TOLERANCE * (1 - number.as_metric))
    if number.metric == "gap":
        named = (c for c in document.numbers if c.experiment == number.experiment)
        loss = next(c for c in named if c.metric == "val_loss").as_metric
        return min(LOSS_TOLERANCE * loss, abs(number.as_metric))
    loss = document.experiment(number.experiment).fit.loss
    above = number.as_metric - LEAST_LOSS.get(loss, 0.0)
    return min(LOSS_TOLERANCE * above, MOST.get(loss, math.inf))
