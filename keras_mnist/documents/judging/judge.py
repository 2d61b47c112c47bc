"""From a document and run records to a result for each of its claims."""

import math
from collections import Counter

from keras_mnist.analysis.effects import holm
from keras_mnist.analysis.intervals import Summary, summarize
from keras_mnist.analysis.verdicts import EQUAL, HOLDS, NO_VERDICT, NOT_EQUAL, REPRODUCED, VERDICTS
from keras_mnist.documents import Claim, Count, Document, Number, Statement, Time
from keras_mnist.documents.claims import experiments_in
from keras_mnist.documents.judging.evidence import times
from keras_mnist.documents.judging.numbers import number_finding
from keras_mnist.documents.judging.result import ClaimResult, Finding
from keras_mnist.documents.judging.runs import Runs
from keras_mnist.documents.judging.statements import differences, statement_finding


def judge(
    document: Document, records, claims: tuple[Claim, ...] | None = None
) -> list[ClaimResult]:
    """Return a result for each of the document's claims, or for those named.

    Args:
        document: whose claims.
        records: run records, on the canonical MNIST only; those of other experiments and those
            that did not complete are passed over.
        claims: which; p-values of statements are adjusted for all of the document's in any case.
    """
    runs = Runs(document, records)
    adjusted = {
        reading: _adjusted(document, runs, reading) for reading in (None, *document.readings)
    }
    preferred = _preferred(document, runs)
    return [
        _result(document, claim, runs, adjusted, preferred)
        for claim in document.claims
        if claims is None or claim in claims
    ]


def _adjusted(document: Document, runs: Runs, reading) -> dict[Statement, list[float]]:
    """Return Holm's p-values of every statement's parts; what has no runs yet counts as 1."""
    statements = [claim for claim in document.claims if isinstance(claim, Statement)]
    found = {s: differences(s, lambda name: runs.of(name, reading)) for s in statements}
    p_values = [
        1.0 if math.isnan(part.p) else part.p for parts in found.values() for part in parts or ()
    ]
    adjusted = iter(holm(p_values))
    return {s: [next(adjusted) for _ in parts or ()] for s, parts in found.items()}


def _number(document: Document, claim: Number, runs: Runs, reading) -> Finding | None:
    """Return what a reading, or `None`, makes of a number; `None` if the reading is not tried."""
    if reading is not None and document.under(reading, claim.experiment) is None:
        return None
    return number_finding(document, claim, lambda name: runs.of(name, reading))


def _preferred(document: Document, runs: Runs) -> dict[str, list]:
    """Return each experiment's readings, the one that reproduces most of its numbers first.

    One reading must serve all numbers of an experiment: taken number by number, some reading or
    other would explain much by chance.
    """
    numbers = [claim for claim in document.claims if isinstance(claim, Number)]
    found = {}
    for name in dict.fromkeys(claim.experiment for claim in numbers):

        def agreed(reading, name=name):
            about = [_number(document, c, runs, reading) for c in numbers if c.experiment == name]
            return sum(f is not None and f.verdict == REPRODUCED for f in about)

        found[name] = sorted(document.readings, key=agreed, reverse=True)
    return found


def _result(document: Document, claim: Claim, runs: Runs, adjusted, preferred) -> ClaimResult:
    if isinstance(claim, Count):
        return ClaimResult(document, claim, _count_finding(document, claim))
    if isinstance(claim, Time):
        return ClaimResult(document, claim, _time_finding(claim, runs))

    if isinstance(claim, Number):
        tried = [(r, _number(document, claim, runs, r)) for r in preferred[claim.experiment]]
        found = _number(document, claim, runs, None)
    else:
        names = experiments_in(claim)
        concerned = [r for r in document.readings if any(document.under(r, name) for name in names)]

        def of(reading):
            return statement_finding(
                claim, lambda name: runs.of(name, reading), adjusted[reading][claim]
            )

        tried = [(reading, of(reading)) for reading in concerned]
        tried.sort(key=lambda pair: pair[1] is None or pair[1].verdict != HOLDS)
        found = of(None)
    tried = [(reading, finding) for reading, finding in tried if finding and finding.ours.n]
    return ClaimResult(document, claim, found, *(tried[0] if tried else ()))


def _count_finding(document: Document, claim: Count) -> Finding:
    beyond = document.experiment(claim.beyond) if claim.beyond else None
    count = claim.of(document.experiment(claim.experiment), beyond)
    ours = Summary(float(count), math.nan, 1)
    return Finding(EQUAL if count == claim.value else NOT_EQUAL, "parameters", ours)


def _time_finding(claim: Time, runs: Runs) -> Finding:
    metric = "ratio" if claim.beside else "seconds"
    return Finding(NO_VERDICT, metric, summarize(list(times(claim, runs).values())))


def counted(results: list[ClaimResult]) -> dict[str, int]:
    """Return how many claims have each verdict that any has."""
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}
