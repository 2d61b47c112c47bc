"""From a document and run records to a result for each of its claims."""

from collections import Counter

from keras_mnist.analysis.effects import holm_steps
from keras_mnist.analysis.verdicts import AGREE, VERDICTS
from keras_mnist.documents import Claim, Document, Finding
from keras_mnist.documents.judging.result import ClaimResult, Served
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
    """Return what is found of every claim under a reading, or `None`, p-values adjusted by Holm."""
    p_values = {claim: claim.comparisons(runs, reading) for claim in runs.document.claims}
    adjusted = iter(holm_steps([p for its in p_values.values() for p in its]))
    return {
        claim: claim.finding(runs, reading, [next(adjusted) for _ in its])
        for claim, its in p_values.items()
    }


def _result(document: Document, claim: Claim, found: dict) -> ClaimResult:
    """Return what was found of a claim, and under the reading that suits most of its like."""
    alike = [other for other in document.claims if other.served_with == claim.served_with]

    def suits(reading) -> int:
        findings = (found[reading][other] for other in alike)
        return sum(finding is not None and finding.verdict in AGREE for finding in findings)

    readings = sorted(document.readings, key=suits, reverse=True)
    tried = [(reading, found[reading][claim]) for reading in readings]
    tried = [(reading, finding) for reading, finding in tried if finding and finding.ours.n]
    reading, read = tried[0] if tried else (None, None)
    served = Served(suits(reading), suits(None), len(alike)) if reading else None
    return ClaimResult(document, claim, found[None][claim], reading, read, served)


def counted(results: list[ClaimResult]) -> dict[str, int]:
    """Return how many claims have each verdict that any has."""
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}
