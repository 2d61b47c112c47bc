"""What was found of one claim."""

from dataclasses import dataclass

from keras_mnist.analysis.intervals import Summary
from keras_mnist.analysis.verdicts import EXPLAINED, NOT_REPRODUCED, REPRODUCED
from keras_mnist.documents import Claim, Document, Reading


@dataclass(frozen=True)
class Finding:
    """A verdict and what it rests on.

    Attributes:
        verdict: one of `analysis.verdicts.VERDICTS`.
        metric: of the values: a record's, or `parameters`, or `seconds`.
        ours: summary of our runs; of a statement, of the difference that it hangs on.
        low, high: where one further run should fall (a number), or where the mean difference
            should lie (a statement), with 95 % confidence; NaN where there is none.
        seeds: if inconclusive, with how many seeds it would be told; `None` if with no number.
        part: of a statement, the number of the comparison that `ours` is of.
        p: of that comparison, adjusted by Holm over all of the document's.
    """

    verdict: str
    metric: str
    ours: Summary
    low: float = float("nan")
    high: float = float("nan")
    seeds: int | None = None
    part: int = 0
    p: float = float("nan")


@dataclass(frozen=True)
class ClaimResult:
    """One claim with what was found.

    Attributes:
        document, claim: what was published.
        described: found in our runs of the experiments as the document describes them.
        reading: the reading that agrees with the document where the description does not, or the
            first one tried.
        read: found in our runs under that reading.
    """

    document: Document
    claim: Claim
    described: Finding
    reading: Reading | None = None
    read: Finding | None = None

    @property
    def id(self) -> str:
        """The claim's name among those of all documents."""
        return self.document.claim_id(self.claim)

    @property
    def verdict(self) -> str:
        """The verdict, readings considered."""
        explained = self.read is not None and self.read.verdict == REPRODUCED
        if self.described.verdict == NOT_REPRODUCED and explained:
            return EXPLAINED
        return self.described.verdict
