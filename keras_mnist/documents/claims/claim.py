"""What is asked of a claim, whatever its kind."""

import math
from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import ClassVar

from keras_mnist.documents.claims.finding import Finding
from keras_mnist.documents.quantities import At
from keras_mnist.reporting import wording


class Claim(ABC):
    """A claim of a document. A kind of claim is a subclass, a frozen dataclass, in its own module.

    In what follows, `runs` are the document's `judging.Runs`, and a `found` is what `finding` gave.

    Attributes:
        kind: what data call the kind.
        legend: what a reader must know to read what is found of them.
        difference: whether what is ours is a difference between runs.
        where: where it stands in its document.
        scale: what the document divided the metric by.
    """

    kind: ClassVar[str]
    legend: ClassVar[tuple[str, ...]] = ()
    difference: ClassVar[bool] = False
    where: str
    scale: float = 1.0

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called within its document."""

    @property
    @abstractmethod
    def plural(self) -> str:
        """What several of its like are called."""

    @property
    def quantity(self) -> At | None:
        """What it publishes the value of; `None` where that is no metric after an epoch."""
        return None

    @property
    def as_metric(self) -> float | None:
        """The value published, in the record's unit; `None` where it is no value."""
        return None

    # What our runs say of it.

    @property
    @abstractmethod
    def about(self) -> list[str]:
        """The names of the experiments that it is about, at least one."""

    @property
    def needs(self) -> list[str]:
        """The names of the experiments whose runs tell whether it is so."""
        return self.about

    @property
    def served_with(self) -> Hashable:
        """Equal for those claims of a document that one and the same reading must serve."""
        return self.kind, self.name

    def comparisons(self, runs, reading=None) -> list[float]:
        """Return the p-values it rests on, which are adjusted over all claims of the document."""
        return []

    @abstractmethod
    def finding(self, runs, reading=None, adjusted=()) -> Finding | None:
        """Return what our runs say of it.

        Args:
            runs: of its document.
            reading: under which; `None`: as the document describes its experiments.
            adjusted: what became of the p-values of `comparisons`, `effects.Adjusted`.

        Returns:
            `None` where the reading is not to be tried on it.
        """

    def inside(self, found: Finding) -> bool | None:
        """Return whether what was published falls where one further run should.

        `None` where that is not asked, or too few runs tell.
        """
        return None

    def evidence(self, runs, found: Finding, reading=None) -> dict[int, float]:
        """Return the values, by seed and in the record's unit, that `found` summarizes."""
        return {}

    def curves(self, document, found: Finding, reading=None) -> list[tuple]:
        """Return the curves it is seen on: of each the name, the experiment, the metric."""
        return []

    # In words.

    @property
    def shown(self) -> str:
        """How a score card shows it.

        `figure`: in a table of experiments and metrics; `sentence`: by what it says; `line`:
        counted with its like.
        """
        return "line"

    @property
    @abstractmethod
    def claimed(self) -> str:
        """What is claimed."""

    @property
    def printed(self) -> float | str | None:
        """What stands in the document, as data."""
        return self.claimed

    @property
    def printed_in(self) -> str:
        """The unit of that, where it is not simply the metric's."""
        return ""

    @property
    def published(self) -> str:
        """What stands in the document, losses that it divided with the factor."""
        return "stated"

    @property
    def factor(self) -> float:
        """From the unit of what was printed to the record's."""
        return 1.0

    def subject(self, found: Finding) -> str:
        """Return what it is about, in a table."""
        return ", ".join(self.about)

    def ours(self, found: Finding) -> str:
        """Return our mean, its spread over seeds, and the number of runs."""
        return f"{wording.spread(found.metric, found.ours)} ({found.ours.n})"

    def interval(self, found: Finding) -> str:
        """Return the interval that was judged by, cut where no value can lie."""
        if math.isnan(found.low):
            return "–"
        places = wording.decimals(found.metric, found.ours.mean) if self.difference else None
        low, high = (wording.number(found.metric, end, places) for end in self.bounds(found))
        return f"[{low}, {high}]"

    @property
    def band(self) -> str:
        """What the interval is of, as a legend says it."""
        return "where one further run should fall (95 %)"

    def bounds(self, found: Finding) -> tuple[float, float]:
        """Return the ends of the interval, as shown."""
        return found.low, found.high

    def noise(self, found: Finding) -> float:
        """Return how much ours would vary with the test set, in the record's unit; NaN for none."""
        return math.nan

    def mark(self, found: Finding) -> float | None:
        """Return what is marked beside our runs, in the record's unit."""
        return self.as_metric

    @abstractmethod
    def why(self, found: Finding) -> str:
        """Return the verdict's reason in one line."""

    def note(self, records: list) -> str:
        """Return what a reader must know of our `records` beside such a claim, if anything."""
        return ""
