"""A document judged: the records that were looked at, and what they say."""

from dataclasses import dataclass

from keras_mnist.documents import Document
from keras_mnist.documents.judging import ClaimResult, contrasts, judge


@dataclass(frozen=True)
class Judged:
    """A document with the records that were looked at and what they say.

    Attributes:
        document: the published one.
        records: all there are, on the canonical MNIST.
        results: of its claims, or of those that were asked for.
        contrasts: what explains them; empty where single claims were asked for.
    """

    document: Document
    records: list
    results: list[ClaimResult]
    contrasts: list


def judged(document: Document, records: list, claims=None) -> Judged:
    """Return what `records` say of a document, or of some of its `claims`."""
    explained = contrasts(document, records) if claims is None else []
    return Judged(document, records, judge(document, records, claims), explained)
