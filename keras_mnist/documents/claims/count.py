"""A published number of parameters, beside ours."""

import math
from dataclasses import dataclass

from keras_mnist.analysis.intervals import Summary
from keras_mnist.analysis.verdicts import EQUAL, NOT_EQUAL
from keras_mnist.documents.claims.claim import Claim
from keras_mnist.documents.claims.finding import Finding
from keras_mnist.experiment import Experiment


@dataclass(frozen=True)
class Count(Claim):
    """A published number of parameters.

    Attributes:
        experiment: the name of the experiment whose network is counted.
        value: as published.
        where: where it stands in the document.
        what: `parameters`, or `weights` where biases are left out.
        layers: which layers' (`c1`); none: the whole network's.
        times: by what the document multiplied it.
        beyond: the name of the experiment whose count is subtracted, if any.
    """

    experiment: str
    value: int
    where: str
    what: str = "parameters"
    layers: tuple[str, ...] = ()
    times: int = 1
    beyond: str = ""

    kind = "count"

    @property
    def plural(self) -> str:
        """What several are called."""
        return "parameter counts"

    @property
    def name(self) -> str:
        """What it is called within its document."""
        words = [*self.layers, self.what, *(["twice"] if self.times == 2 else [])]
        words += [f"beyond-{self.beyond}"] if self.beyond else []
        return f"{self.experiment}/{'-'.join(words)}"

    def of(self, experiment: Experiment, beyond: Experiment | None = None) -> int:
        """Return our count."""
        count = 0
        for layer in experiment.sizes:
            if not self.layers or layer.name in self.layers:
                # A layer by itself is counted without what normalizes it, which is another layer.
                offsets = layer.offsets - (layer.norm if self.layers else 0)
                count += layer.weights + (offsets if self.what == "parameters" else 0)
        return self.times * (count - (self.of(beyond) if beyond else 0))

    @property
    def about(self) -> list[str]:
        """The experiment whose network is counted."""
        return [self.experiment]

    @property
    def needs(self) -> list[str]:
        """None: it is counted without a run."""
        return []

    @property
    def as_metric(self) -> float:
        """The number published."""
        return self.value

    def finding(self, runs, reading=None, adjusted=()) -> Finding | None:
        """Return whether it is our count."""
        if reading is not None:
            return None
        experiment = runs.document.experiment
        beyond = experiment(self.beyond) if self.beyond else None
        count = self.of(experiment(self.experiment), beyond)
        ours = Summary(float(count), math.nan, 1)
        return Finding(EQUAL if count == self.value else NOT_EQUAL, "parameters", ours)

    @property
    def claimed(self) -> str:
        """What is counted."""
        of = f" of {', '.join(self.layers)}" if self.layers else ""
        twice = ", twice" if self.times == 2 else ""
        return self.what + of + twice + (f" beyond {self.beyond}" if self.beyond else "")

    @property
    def printed(self) -> int:
        """The number as published."""
        return self.value

    @property
    def published(self) -> str:
        """The number as people read it."""
        return f"{self.value:,}"

    def ours(self, found: Finding) -> str:
        """Return our count."""
        return f"{int(found.ours.mean):,}"

    def why(self, found: Finding) -> str:
        """Return the verdict's reason in one line."""
        return "counted" if found.verdict == EQUAL else "counted from our layers, what is trained"
