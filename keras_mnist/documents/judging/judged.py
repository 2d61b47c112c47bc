"""A source judged: the records that were looked at, and what they say."""

from dataclasses import dataclass

from keras_mnist.documents import Source
from keras_mnist.documents.judging import ClaimResult, contrasts, judge


@dataclass(frozen=True)
class Judged:
    """A source with the records that were looked at and what they say.

    Attributes:
        source: the document.
        records: all there are, on the canonical MNIST.
        results: of its claims, or of those that were asked for.
        contrasts: what explains them; empty where single claims were asked for.
    """

    source: Source
    records: list
    results: list[ClaimResult]
    contrasts: list


def judged(source: Source, records: list, claims=None) -> Judged:
    """Return what `records` say of a source, or of some of its `claims`."""
    explained = contrasts(source, records) if claims is None else []
    return Judged(source, records, judge(source, records, claims), explained)
