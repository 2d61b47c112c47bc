"""The values, by seed, that what was found of a claim rests on."""

from keras_mnist.documents import Number, Statement, Time
from keras_mnist.documents.judging.result import ClaimResult, Finding
from keras_mnist.documents.judging.runs import Runs, values
from keras_mnist.documents.judging.statements import part_differences


def times(claim: Time, runs: Runs) -> dict[int, float]:
    """Return our seconds, or our ratio of seconds where the document compares two experiments."""
    seconds = {seed: record.seconds for seed, record in runs.of(claim.experiment).items()}
    if not claim.beside:
        return seconds
    beside = runs.of(claim.beside)
    seeds = [s for s in sorted(seconds.keys() & beside.keys()) if beside[s].seconds > 0]
    return {seed: seconds[seed] / beside[seed].seconds for seed in seeds}


def evidence(result: ClaimResult, found: Finding, runs: Runs) -> dict[int, float]:
    """Return the values, by seed and in the record's unit, that `found` summarizes.

    Args:
        result: of the claim.
        found: its `described` or its `read`.
        runs: of its document.

    Returns:
        A number's values, the differences that a statement hangs on, times; nothing for a count.
    """
    claim = result.claim
    reading = result.reading if found is result.read else None
    if isinstance(claim, Number):
        return values(claim.quantity, runs.of(claim.experiment, reading))
    if isinstance(claim, Statement):
        return part_differences(claim.parts[found.part], lambda name: runs.of(name, reading))
    return times(claim, runs) if isinstance(claim, Time) else {}
