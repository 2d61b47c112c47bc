"""A published number beside the runs of a study."""

from dataclasses import dataclass

from keras_mnist.analysis.intervals import Summary
from keras_mnist.analysis.verdicts import falls_inside
from keras_mnist.documents import Document, Number


@dataclass(frozen=True)
class Comparison:
    """A published number beside ours.

    Attributes:
        document: where it was published.
        claim: the published number.
        ours: the summary of our runs, in the record's unit.
        low, high: where one further run of ours should fall, with 95 % confidence.
    """

    document: Document
    claim: Number
    ours: Summary
    low: float
    high: float

    @property
    def inside(self) -> bool | None:
        """Whether the published number falls there; `None` where too few runs tell."""
        return falls_inside(self.claim.as_metric, self.low, self.high, self.claim.rounding)
