"""From a document and run records to a result for each of its claims."""

from collections import Counter

from keras_mnist.analysis.effects import Adjusted, holm_steps
from keras_mnist.analysis.verdicts import AGREE, VERDICTS
from keras_mnist.documents import Claim, Document, Finding
from keras_mnist.documents.judging.result import ClaimResult, Tried
from keras_mnist.documents.judging.runs import Runs


def judge(
    document: Document, records, claims: tuple[Claim, ...] | None = None
) -> list[ClaimResult]:
    """Return a result for each of the document's claims, or for those named.

    Args:
        document: whose claims.
        records: run records, on the canonical MNIST only; those of other experiments and those
            that did not complete are passed over.
        claims: which, a tuple; p-values are adjusted for all of the document in any case.
    """
    runs = Runs(document, records)
    found = {reading: _findings(runs, reading) for reading in (None, *document.readings)}
    return [
        _result(document, claim, found)
        for claim in document.claims
        if claims is None or claim in claims
    ]


def _findings(runs: Runs, reading) -> dict[Claim, Finding | None]:
    """Return what is found of every claim under a reading, or `None`, p-values adjusted by Holm.

    And under a reading for the number of readings: one of many may suit by chance.
    """
    p_values = {claim: claim.comparisons(runs, reading) for claim in runs.document.claims}
    times = len(runs.document.readings) if reading else 1
    adjusted = iter(holm_steps([min(1.0, times * p) for its in p_values.values() for p in its]))
    return {
        claim: claim.finding(runs, reading, [_for_all(next(adjusted), times) for _ in its])
        for claim, its in p_values.items()
    }


def _for_all(found: Adjusted, readings: int) -> Adjusted:
    return found._replace(times=found.times * readings)


def _result(document: Document, claim: Claim, found: dict) -> ClaimResult:
    """Return what was found of a claim, and under the readings, best first."""
    alike = [other for other in document.claims if other.served_with == claim.served_with]

    def serves(reading) -> int:
        findings = (found[reading][other] for other in alike)
        return sum(finding is not None and finding.verdict in AGREE for finding in findings)

    tried = [Tried(r, found[r][claim], serves(r)) for r in document.readings if found[r][claim]]
    tried = sorted(
        (one for one in tried if one.found.ours.n), key=lambda one: one.serves, reverse=True
    )
    return ClaimResult(document, claim, found[None][claim], tuple(tried), serves(None), len(alike))


def counted(results: list[ClaimResult]) -> dict[str, int]:
    """Return how many claims have each verdict that any has."""
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}
