"""Whether the contestants of `throughput.py` do the same: loss and gradients of one batch.

Each framework answers from a process of its own (gradients.py), and only numbers are exchanged.
Gradients agree if they differ from those of Keras's layers by at most 1e-5 of the greatest one.
"""

import numpy as np
from processes import Lost, answer

TOLERANCE = 1e-5


class Unequal(Exception):
    """A contestant that does not do the same."""


def apart(reference: tuple, given: tuple) -> float:
    """Return the greatest relative difference of two (loss, gradients); infinite if not alike."""
    (loss, slopes), (their_loss, theirs) = reference, given
    if len(slopes) != len(theirs):
        return float("inf")
    # The heads of attention may lie side by side.
    if any(a.size != b.size for a, b in zip(slopes, theirs, strict=True)):
        return float("inf")
    largest = max(np.abs(slope).max() for slope in slopes)
    pairs = zip(slopes, theirs, strict=True)
    found = [np.abs(a.ravel() - b.ravel()).max() / largest for a, b in pairs]
    return float(max([abs(loss - their_loss) / abs(loss), *found]))


def compare(name: str, dataset, reference, takers: dict, patience: float) -> tuple[dict, dict]:
    """Return the differences from the reference by contestant, and who could not answer and why.

    Args:
        name: of a case.
        dataset: whose first images are taken.
        reference: returns the problem, its loss and its gradients, of `name` and `dataset`.
        takers: by contestant, what returns loss and gradients of `name` and the problem.
        patience: seconds that one may take.

    Raises:
        Lost: the reference could not be had.
        Unequal: a difference is beyond the tolerance.
    """
    problem, *expected = answer(reference, name, dataset, patience=patience)
    found, left_out = {}, {}
    for contestant, taker in takers.items():
        try:
            given = answer(taker, name, problem, patience=patience)
        except Lost as lost:
            left_out[contestant] = str(lost)
        else:
            found[contestant] = apart(expected, given)
    # Not a number is not equal either.
    if any(not difference <= TOLERANCE for difference in found.values()):
        raise Unequal(f"{told(found)} It must be at most {TOLERANCE:g}.")
    return found, left_out


def told(found: dict[str, float]) -> str:
    """Return the differences in a sentence."""
    words = ", ".join(f"{name} {value:.1e}" for name, value in found.items()) or "nobody"
    return (
        "Loss and gradients of one batch, greatest relative difference from Keras's layers: "
        f"{words}."
    )
