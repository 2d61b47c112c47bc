"""A published statement beside our runs: paired differences that must exceed zero."""

import math
from dataclasses import replace

from keras_mnist.analysis.intervals import Interval, mean_interval, summarize
from keras_mnist.analysis.verdicts import INCONCLUSIVE, judge_statement, seeds_to_tell
from keras_mnist.documents import Statement
from keras_mnist.documents.judging.result import Finding
from keras_mnist.documents.judging.runs import values
from keras_mnist.documents.quantities import Part


def differences(statement: Statement, runs_of) -> list[Interval] | None:
    """Return, for each part, the interval of what must exceed zero, paired by seed.

    Args:
        statement: what was published.
        runs_of: from an experiment's name to its records by seed, or `None` where a reading does
            not concern it; then the statement has no differences at all.
    """
    found = [_excess(part, runs_of) for part in statement.parts]
    return None if None in found else [mean_interval(part) for part in found]


def part_differences(part: Part, runs_of) -> dict[int, float] | None:
    """Return the difference that a part compares, by seed; `None` as in `differences`."""
    runs = {quantity.experiment: runs_of(quantity.experiment) for quantity in part.quantities}
    if None in runs.values():
        return None
    found = {quantity: values(quantity, runs[quantity.experiment]) for quantity in part.quantities}
    seeds = sorted(set.intersection(*(set(by_seed) for by_seed in found.values())))

    def side(quantity, seed):
        return found[quantity][seed] if quantity in found else quantity

    return {seed: side(part.more, seed) - side(part.less, seed) for seed in seeds}


def _excess(part: Part, runs_of) -> list[float] | None:
    found = part_differences(part, runs_of)
    return None if found is None else [value - part.by for value in found.values()]


def statement_finding(statement: Statement, runs_of, adjusted: list[float]) -> Finding | None:
    """Return the verdict on a statement; `None` where a reading does not concern it.

    Args:
        statement, runs_of: as in `differences`.
        adjusted: the parts' p-values, adjusted over all statements of the document.
    """
    parts = differences(statement, runs_of)
    if parts is None:
        return None
    verdict = judge_statement(parts, adjusted)
    # The part that speaks most against it: the surest to fail, or else the least sure to hold.
    signed = [math.copysign(1 - p, part.mean) for part, p in zip(parts, adjusted, strict=True)]
    part = signed.index(min(signed))
    hangs_on, by = parts[part], statement.parts[part].by
    p = adjusted[part]
    seeds = seeds_to_tell(hangs_on, p) if verdict == INCONCLUSIVE else None
    ours = replace(summarize(_excess(statement.parts[part], runs_of)), mean=hangs_on.mean + by)
    low, high = hangs_on.low + by, hangs_on.high + by
    return Finding(verdict, statement.parts[part].metric, ours, low, high, seeds, part, p)
