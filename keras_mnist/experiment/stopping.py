"""When a training ends before its last epoch: by what its validation losses were so far."""

import math
from collections.abc import Sequence


def best_of(losses: Sequence[float | None]) -> int:
    """Return the index of the least loss, of equals the first; no number is no loss."""
    known = [math.inf if loss is None or math.isnan(loss) else loss for loss in losses]
    return known.index(min(known))


def end_of(patience: int, losses: Sequence[float | None]) -> int | None:
    """Return after how many epochs patience ran out; `None` where it has not, or where it is 0.

    That is when so many epochs in a row were no better than one before, as Keras's EarlyStopping.
    """
    best, least = 1, math.inf
    for epoch, loss in enumerate(losses, 1):
        if loss is not None and loss < least:
            best, least = epoch, loss
        elif 0 < patience <= epoch - best:
            return epoch
    return None
