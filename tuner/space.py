"""What is searched: fields of an experiment and their ranges."""

import math
from dataclasses import asdict, dataclass

from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.experiment import Experiment


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included.

    Attributes:
        low, high: whole numbers or reals, both of one kind.
        step: between values; `None`: every value (whole numbers: every one).
        log: as many values below the geometric middle as above it.
    """

    low: float
    high: float
    step: float | None = None
    log: bool = False

    def declare(self, hp, name: str) -> None:
        """Make this range known to `hp`, a `keras_tuner.HyperParameters`, as `name`."""
        sampling = {"sampling": "log"} if self.log else {}
        if isinstance(self.low, int):
            hp.Int(name, self.low, self.high, **sampling)
        else:
            hp.Float(name, self.low, self.high, step=self.step, **sampling)

    def points(self) -> list:
        """Return the values of a grid: doubling or half decades (log), else ones or tenths."""
        if self.log:
            factor = 2 if isinstance(self.low, int) else math.sqrt(10)
            count = math.floor(math.log(self.high / self.low) / math.log(factor) + 1e-9) + 1
            return [type(self.low)(self.low * factor**i) for i in range(count)]
        step = 1 if isinstance(self.low, int) else 0.1
        count = math.floor((self.high - self.low) / step + 1e-9) + 1
        return [type(self.low)(round(self.low + i * step, 9)) for i in range(count)]


@dataclass(frozen=True)
class Choice:
    """A few values."""

    values: tuple

    def declare(self, hp, name: str) -> None:
        """Make this choice known to `hp`, a `keras_tuner.HyperParameters`, as `name`."""
        hp.Choice(name, list(self.values))

    def points(self) -> list:
        """Return all of them."""
        return list(self.values)


WIDTH, DROPOUT = Range(32, 2048, log=True), Range(0.0, 0.6, step=0.01)
ALSO = {
    "hidden_layers": Range(1, 4),
    "activation": Choice(("relu", "tanh")),
    "optimizer": Choice(("rmsprop", "sgd", "adam")),
    "learning_rate": Range(1e-4, 1e-1, log=True),
    "batch_size": Choice((32, 64, 128, 256, 512)),
}
# The fields that stand for "width" in each kind of model.
_WIDTHS = {"mlp": ("width",), "lenet": ("c5_width", "f6_width")}


@dataclass(frozen=True)
class Space:
    """The fields searched, by name, and whether on a grid.

    Raises:
        ExperimentError: a value in a range that the baseline's fields do not take.
    """

    fields: dict
    grid: bool = False

    def declare(self, hp) -> None:
        """Make each field known to `hp`, a `keras_tuner.HyperParameters`."""
        for name, span in self.fields.items():
            (Choice(tuple(span.points())) if self.grid else span).declare(hp, name)

    def values(self, proposed: dict) -> dict:
        """Return the fields' values as experiments take them: 0.57 for 0.5700000000000001."""
        return {
            name: round(proposed[name], 9) if isinstance(proposed[name], float) else proposed[name]
            for name in self.fields
        }

    @property
    def size(self) -> int:
        """How many points the grid has."""
        return math.prod(len(span.points()) for span in self.fields.values())

    def to_dict(self) -> dict:
        """Return plain data, equal for equal spaces."""
        plain = {name: asdict(span) for name, span in self.fields.items()}
        for span in plain.values():
            if "values" in span:
                span["values"] = list(span["values"])
        return {"grid": self.grid, "fields": plain}


def space_of(baseline: Experiment, width=None, dropout=None, also=(), grid=False) -> Space:
    """Return the space around a baseline: its widths, its dropout, and what `also` names.

    Args:
        baseline: says which fields there are.
        width, dropout: (low, high), or `None` for 32 to 2048 and 0 to 0.6.
        also: names of `ALSO`.
        grid: search only the points of a grid.

    Raises:
        ExperimentError: an empty range, a bad end, a field that is unknown or that the model has
            not.
    """
    if baseline.kind not in _WIDTHS:
        raise ExperimentError("a search must be of a model with dense widths", baseline.kind)
    low, high = width or (WIDTH.low, WIDTH.high)
    fields = {name: Range(low, high, log=True) for name in _WIDTHS[baseline.kind]}
    low, high = dropout or (DROPOUT.low, DROPOUT.high)
    fields["dropout"] = Range(float(low), float(high), step=0.01)
    for name in also:
        if name not in ALSO:
            raise ExperimentError(f"--also {name} must be a field", None, nearest(name, ALSO))
        if not baseline.has(name):
            raise ExperimentError(f"--also {name} must be a field of the model", baseline.kind)
        fields[name] = ALSO[name]
    for name, span in fields.items():
        ends = span.values if isinstance(span, Choice) else (span.low, span.high)
        for value in ends:
            baseline.change(**{name: value})
        if isinstance(span, Range) and span.low >= span.high:
            raise ExperimentError(
                f"{name} must have a range LOW:HIGH with LOW below HIGH", f"{span.low}:{span.high}"
            )
    return Space(fields, grid)
