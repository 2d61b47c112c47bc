"""What was found of one claim."""

from dataclasses import dataclass
from typing import NamedTuple

from keras_mnist.analysis.verdicts import AGREE, EXPLAINED, FAILS, NOT_REPRODUCED, REPRODUCED
from keras_mnist.documents import Claim, Document, Finding, Reading


class Served(NamedTuple):
    """How many claims of a kind on the same experiments agree with the document.

    Attributes:
        read, described: under a reading, and as the document describes them.
        of: how many there are.
    """

    read: int
    described: int
    of: int

    @property
    def better(self) -> bool:
        """Whether the reading serves more of them: one that fits worse explains nothing."""
        return self.read > self.described


@dataclass(frozen=True)
class ClaimResult:
    """One claim with what was found.

    Attributes:
        document, claim: what was published.
        described: found in our runs of the experiments as the document describes them.
        reading: of those tried on the claim, the one that serves most claims like it.
        read: found in our runs under that reading.
        served: how many it serves, and how many the description does.
    """

    document: Document
    claim: Claim
    described: Finding
    reading: Reading | None = None
    read: Finding | None = None
    served: Served | None = None

    @property
    def id(self) -> str:
        """The claim's name among those of all documents."""
        return self.document.claim_id(self.claim)

    @property
    def verdict(self) -> str:
        """The verdict, readings considered."""
        agrees = self.read is not None and self.read.verdict == REPRODUCED
        better = self.served is not None and self.served.better
        if self.described.verdict == NOT_REPRODUCED and agrees and better:
            return EXPLAINED
        return self.described.verdict

    @property
    def shown(self) -> list[Finding]:
        """What tables show, a line each: an explained number under its reading, too."""
        if self.verdict == EXPLAINED and self.read is not None:
            return [self.described, self.read]
        return [self.described]

    @property
    def reason(self) -> str:
        """The verdict's reason in one line."""
        if self.reading is None or self.read is None:
            return self.claim.why(self.described)
        if self.verdict == EXPLAINED:
            return f"with {self.reading.name}"
        return self.claim.why(self.described) + self._tried(self.reading, self.read)

    def _tried(self, reading: Reading, read: Finding) -> str:
        """Return what another reading says, where it was tried in vain or says otherwise."""
        if self.verdict not in (NOT_REPRODUCED, FAILS):
            return ""
        if self.verdict == read.verdict:
            return f", nor with {reading.name}" if self.verdict == NOT_REPRODUCED else ""
        told = f", {read.verdict} with {reading.name}"
        if read.verdict in AGREE and self.served and not self.served.better:
            agree, described, of = self.served
            told += f", which serves {agree} of {of} of its like, the description {described}"
        return told

    def evidence(self, found: Finding, runs) -> dict[int, float]:
        """Return the values, by seed and in the record's unit, that `found` summarizes.

        Args:
            found: `described` or `read`.
            runs: of the document.
        """
        return self.claim.evidence(runs, found, self.reading if found is self.read else None)
