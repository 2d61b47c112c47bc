"""What a document claims: numbers, counts, times, statements. Data: nothing is judged here."""

from dataclasses import dataclass

from keras_mnist.documents.quantities import At, Part
from keras_mnist.experiment import Experiment

UNITS = {"%": 0.01, "share": 1.0, "nats": 1.0}


@dataclass(frozen=True)
class Number:
    """A published metric.

    Attributes:
        experiment: the name, in its document, of the experiment it is about.
        metric: as in a run record: `val_loss`, `test_accuracy`, ...
        value: as published.
        unit: `%` or `share` for accuracies, `nats` for losses.
        where: where it stands in the document.
        epoch: `last`, or the epoch's number.
        decimals: how many were printed.
        scale: what the document divided the metric by, where it did.
    """

    experiment: str
    metric: str
    value: float
    unit: str
    where: str
    epoch: str | int = "last"
    decimals: int = 4
    scale: float = 1.0

    kind = "number"

    @property
    def name(self) -> str:
        """What it is called within its document."""
        return f"{self.experiment}/{self.metric}" + (
            "" if self.epoch == "last" else f"/{self.epoch}"
        )

    @property
    def quantity(self) -> At:
        """The quantity of our runs that it is compared with."""
        return At(self.experiment, self.metric, self.epoch)

    @property
    def as_metric(self) -> float:
        """The value in the record's unit: accuracies as shares in [0, 1], losses in nats."""
        return self.value * UNITS[self.unit] * self.scale

    @property
    def rounding(self) -> float:
        """Half a unit of the last decimal printed, in the record's unit."""
        return 0.5 * 10**-self.decimals * UNITS[self.unit] * self.scale


@dataclass(frozen=True)
class Count:
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
    def name(self) -> str:
        """What it is called within its document."""
        words = [*self.layers, self.what, *(["twice"] if self.times == 2 else [])]
        words += [f"beyond-{self.beyond}"] if self.beyond else []
        return f"{self.experiment}/{'-'.join(words)}"

    def of(self, experiment: Experiment, beyond: Experiment | None = None) -> int:
        """Return our count."""
        count = sum(
            layer.weights + (layer.offsets if self.what == "parameters" else 0)
            for layer in experiment.sizes
            if not self.layers or layer.name in self.layers
        )
        return self.times * (count - (self.of(beyond) if beyond else 0))


@dataclass(frozen=True)
class Time:
    """A published training time.

    Attributes:
        experiment: the name of the experiment that took it.
        seconds: as published; `None` where the document says only what `text` says.
        where: where it stands in the document.
        text: a comparison in words.
        beside: the name of the experiment it is compared with there.
    """

    experiment: str
    seconds: float | None
    where: str
    text: str = ""
    beside: str = ""

    kind = "time"

    @property
    def name(self) -> str:
        """What it is called within its document."""
        return f"{self.experiment}/seconds"


@dataclass(frozen=True)
class Statement:
    """A published statement, as comparisons that must all hold.

    Attributes:
        name: what it is called within its document.
        text: what the document says.
        where: where it stands there.
        parts: the comparisons; thresholds that the document leaves open are ours.
    """

    name: str
    text: str
    where: str
    parts: tuple[Part, ...]

    kind = "statement"


Claim = Number | Count | Time | Statement


def experiments_in(claim: Claim) -> list[str]:
    """Return the names of the experiments whose runs the claim needs."""
    if isinstance(claim, Count):
        return []
    if isinstance(claim, Statement):
        names = [quantity.experiment for part in claim.parts for quantity in part.quantities]
    else:
        names = [claim.experiment, *([claim.beside] if isinstance(claim, Time) else [])]
    return [name for name in dict.fromkeys(names) if name]
