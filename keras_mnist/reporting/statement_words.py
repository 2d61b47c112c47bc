"""What a published statement compares, in words."""

from keras_mnist.documents.quantities import At, Excess, Jump, Part, Rise
from keras_mnist.reporting import wording


def compared(part: Part) -> str:
    """Return `test accuracy: LeNet5 − CustomMLP > 0`, thresholds in units that people read."""
    name, by = wording.name(part.metric), wording.threshold(part.metric, part.by, True)
    more, less = (_side(side, part.metric) for side in (part.more, part.less))
    if len({quantity.metric for quantity in part.quantities}) > 1:  # of one experiment
        return f"{more}: {name} − {wording.name(part.less.metric)} > {by}"
    return f"{name}: {more} > {by}" if part.less == 0.0 else f"{name}: {more} − {less} > {by}"


def _side(side, metric: str) -> str:
    if isinstance(side, (int, float)):
        return wording.threshold(metric, side)
    if isinstance(side, Rise):
        return f"rise of {side.experiment} (epochs {side.start} to {side.end})"
    if isinstance(side, Jump):
        return f"greatest rise of {side.experiment} within an epoch"
    if isinstance(side, At | Excess):
        over = "excess over training of " if isinstance(side, Excess) else ""
        return f"{over}{side.experiment}" + (
            "" if side.epoch == "last" else f" (epoch {side.epoch})"
        )
    return f"spread of {side.experiment} (last {side.epochs} epochs)"
