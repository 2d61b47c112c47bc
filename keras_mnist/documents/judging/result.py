"""What was found of one claim."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from keras_mnist.analysis.verdicts import (
    AGREE,
    COMPATIBLE,
    EXPLAINED,
    FAILS,
    INCONCLUSIVE,
    NOT_REPRODUCED,
)
from keras_mnist.documents import Claim, Document, Finding, Reading

_TOLD = (*AGREE, NOT_REPRODUCED, FAILS)


class Tried(NamedTuple):
    """A reading that was tried on a claim.

    Attributes:
        reading: which.
        found: in our runs under it.
        serves: how many claims like this agree with the document under it.
    """

    reading: Reading
    found: Finding
    serves: int


@dataclass(frozen=True)
class ClaimResult:
    """One claim with what was found.

    Attributes:
        document, claim: what was published.
        described: found in our runs of the experiments as the document describes them.
        tried: the readings that were tried on it, from the one that serves most claims like it.
        serves: how many claims like it agree as described.
        alike: how many there are.
    """

    document: Document
    claim: Claim
    described: Finding
    tried: tuple[Tried, ...] = ()
    serves: int = 0
    alike: int = 1

    @property
    def reading(self) -> Reading | None:
        """The reading that serves most claims like this, if any was tried."""
        return self.tried[0].reading if self.tried else None

    @property
    def read(self) -> Finding | None:
        """What was found under that reading."""
        return self.tried[0].found if self.tried else None

    @property
    def id(self) -> str:
        """The claim's name among those of all documents."""
        return self.document.claim_id(self.claim)

    @property
    def verdict(self) -> str:
        """The verdict, readings considered.

        What differs as described is explained where it agrees under the reading that serves most,
        and more than the description; a number that is merely inside a wide interval there is
        compatible: nothing is explained, and nothing contradicted.
        """
        differs = self.described.verdict in (NOT_REPRODUCED, FAILS)
        if differs and self.read is not None and self.tried[0].serves > self.serves:
            if self.read.verdict in AGREE:
                return EXPLAINED
            if self.read.verdict == COMPATIBLE:
                return COMPATIBLE
        return self.described.verdict

    @property
    def rests_on_reading(self) -> bool:
        """Whether the verdict is that of a reading, not of the description."""
        return self.verdict != self.described.verdict

    @property
    def shown(self) -> list[Finding]:
        """What tables show, a line each: what rests on a reading, under that, too."""
        if self.rests_on_reading and self.read is not None:
            return [self.described, self.read]
        return [self.described]

    @property
    def reason(self) -> str:
        """The verdict's reason in one line."""
        if self.rests_on_reading and self.reading is not None:
            wide = ", where our runs spread too widely to tell" * (self.verdict == COMPATIBLE)
            return f"with {self.reading.name}{wide}"
        return self.claim.why(self.described) + self._tried()

    def _tried(self) -> str:
        """Return what readings say, where they were tried in vain or say otherwise."""
        if self.verdict not in (NOT_REPRODUCED, FAILS, INCONCLUSIVE):
            return ""
        same = [one.reading.name for one in self.tried if one.found.verdict == self.verdict]
        word = {NOT_REPRODUCED: "nor", FAILS: "nor otherwise"}.get(self.verdict)
        others = (one for one in self.tried if one.found.verdict != self.verdict)
        told = [f", {word} with {' or '.join(same)}"] if same and word else []
        told += [f"; {self._otherwise(one)}" for one in others if one.found.verdict in _TOLD]
        return "".join(told)

    def _otherwise(self, one: Tried) -> str:
        told = f"{one.found.verdict} with {one.reading.name}"
        if one.found.verdict not in AGREE or one.serves > self.serves:
            return told
        served = f"{one.serves} of {self.alike} of its like, the description {self.serves}"
        return f"{told}, which serves {served}"

    def noise(self, found: Finding) -> float:
        """Return how much ours would vary with the test set; NaN where that is not MNIST's."""
        return self.claim.noise(found) if self.document.data.name == "mnist" else math.nan

    def evidence(self, found: Finding, runs) -> dict[int, float]:
        """Return the values, by seed and in the record's unit, that `found` summarizes.

        Args:
            found: `described` or `read`.
            runs: of the document.
        """
        return self.claim.evidence(runs, found, self.reading if found is self.read else None)
