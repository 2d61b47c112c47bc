"""From a source and run records to a result for each of its claims."""

import math
from collections import Counter

from keras_mnist.analysis.effects import holm
from keras_mnist.analysis.intervals import Summary, summarize
from keras_mnist.analysis.verdicts import EQUAL, HOLDS, NO_VERDICT, NOT_EQUAL, REPRODUCED, VERDICTS
from keras_mnist.judging.numbers import number_finding
from keras_mnist.judging.result import ClaimResult, Finding
from keras_mnist.judging.runs import Runs
from keras_mnist.judging.statements import differences, statement_finding
from keras_mnist.published import Claim, Count, Number, Source, Statement, Time


def judge(source: Source, records, claims: tuple[Claim, ...] | None = None) -> list[ClaimResult]:
    """Return a result for each of the source's claims, or for those named.

    Args:
        source: whose claims.
        records: run records, on the canonical MNIST only; those of other experiments and those
            that did not complete are passed over.
        claims: which; the p-values of statements are adjusted for all of the source's in any case.
    """
    runs = Runs(source, records)
    adjusted = {reading: _adjusted(source, runs, reading) for reading in (None, *source.readings)}
    return [
        _result(source, claim, runs, adjusted)
        for claim in source.claims
        if claims is None or claim in claims
    ]


def _adjusted(source: Source, runs: Runs, reading) -> dict[Statement, list[float]]:
    """Return Holm's p-values of every statement's parts; what has no runs yet counts as 1."""
    statements = [claim for claim in source.claims if isinstance(claim, Statement)]
    found = {s: differences(s, lambda name: runs.of(name, reading)) for s in statements}
    p_values = [
        1.0 if math.isnan(part.p) else part.p for parts in found.values() for part in parts or ()
    ]
    adjusted = iter(holm(p_values))
    return {s: [next(adjusted) for _ in parts or ()] for s, parts in found.items()}


def _result(source: Source, claim: Claim, runs: Runs, adjusted: dict) -> ClaimResult:
    if isinstance(claim, Count):
        return ClaimResult(source, claim, _count_finding(source, claim))
    if isinstance(claim, Time):
        return ClaimResult(source, claim, _time_finding(claim, runs))

    def found(reading) -> Finding | None:
        def runs_of(name):
            return runs.of(name, reading)

        if isinstance(claim, Number):
            return number_finding(source, claim, runs_of)
        return statement_finding(claim, runs_of, adjusted[reading][claim])

    tried = [(reading, found(reading)) for reading in source.readings]
    tried = [(reading, finding) for reading, finding in tried if finding and finding.ours.n]
    tried.sort(key=lambda pair: pair[1].verdict not in (REPRODUCED, HOLDS))
    return ClaimResult(source, claim, found(None), *(tried[0] if tried else ()))


def _count_finding(source: Source, claim: Count) -> Finding:
    beyond = source.experiment(claim.beyond) if claim.beyond else None
    count = claim.of(source.experiment(claim.experiment), beyond)
    ours = Summary(float(count), math.nan, 1)
    return Finding(EQUAL if count == claim.value else NOT_EQUAL, "parameters", ours)


def _time_finding(claim: Time, runs: Runs) -> Finding:
    """Return our seconds, or our ratio of seconds where the document compares two experiments."""
    seconds = {seed: record.seconds for seed, record in runs.of(claim.experiment).items()}
    if not claim.beside:
        return Finding(NO_VERDICT, "seconds", summarize(list(seconds.values())))
    beside = runs.of(claim.beside)
    ratios = [
        seconds[seed] / beside[seed].seconds for seed in sorted(seconds.keys() & beside.keys())
    ]
    return Finding(NO_VERDICT, "ratio", summarize(ratios))


def counted(results: list[ClaimResult]) -> dict[str, int]:
    """Return how many claims have each verdict that any has."""
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}
