"""What is searched: fields of an experiment and their ranges."""

import math
from dataclasses import asdict, dataclass, replace

from keras_mnist.base.choice import Choice, choices_of
from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.known import known_choices
from keras_mnist.experiment.named import choice_named, value_of
from keras_mnist.networks.own import Own


def _declare(span: Range | Values, hp, name: str) -> None:
    """Make a span known to `hp`, a `keras_tuner.HyperParameters`, as `name`."""
    if isinstance(span, Values):
        hp.Choice(name, list(span.values))
        return
    options = {"sampling": "log"} if span.log else {"step": span.step} if span.step else {}
    if isinstance(span.low, int):
        hp.Int(name, span.low, span.high, **options)
    else:
        hp.Float(name, span.low, span.high, **options)


def _taken(span: Range | Values, value):
    """Return a proposed value as an experiment takes it; keras-tuner makes 1 of `True`."""
    if isinstance(span, Values):
        value = next((own for own in span.values if own == value), value)
    return round(value, 9) if isinstance(value, float) else value


@dataclass(frozen=True)
class Space:
    """The fields searched, by name, and whether on a grid.

    Raises:
        ExperimentError: a value in a range that the baseline's fields do not take.
    """

    fields: dict[str, Range | Values]
    grid: bool = False

    def declare(self, hp) -> None:
        """Make each field known to `hp`, a `keras_tuner.HyperParameters`."""
        for name, span in self.fields.items():
            _declare(Values(tuple(span.points())) if self.grid else span, hp, name)

    def values(self, proposed: dict) -> dict:
        """Return the fields' values as experiments take them: 0.57 for 0.5700000000000001."""
        return {name: _taken(span, proposed[name]) for name, span in self.fields.items()}

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


def searchable() -> list[str]:
    """Return the choices that a search may go through besides widths and dropout."""
    return [
        name
        for name, choice in known_choices().items()
        if choice.search and not choice.width and name != "dropout"
    ]


def space_of(
    baseline: Experiment, width=None, dropout=None, also=(), grid=False, searched=()
) -> Space:
    """Return the space around a baseline: its widths, its dropout, and what `also` names.

    Where `searched` names choices, these are all there is to it; a person's own network has those
    that its function declares with keras-tuner's `hp`.

    Args:
        baseline: says which choices there are.
        width, dropout: (low, high), or `None` for what the choice itself says.
        also: names of `searchable` choices.
        grid: search only the points of a grid.
        searched: `NAME=LOW:HIGH`, `NAME=LOW:HIGH:log` or `NAME=A,B,C` each.

    Raises:
        ExperimentError: an empty range, a bad end, a choice that is unknown or that the network
            has not.
    """
    if searched:
        fields = dict(named_span(text, baseline) for text in searched)
    elif isinstance(baseline.network, Own):
        fields = _declared(baseline)
    else:
        fields = _usual(baseline, width, dropout)
    for name in also:
        if name not in searchable():
            near = nearest(name, searchable())
            raise ExperimentError(f"--also {name} must be a field", None, near)
        if not baseline.has(name):
            raise ExperimentError(f"--also {name} must be a field of the model", baseline.kind)
        fields[name] = _ranged(baseline, name)
    for name, span in fields.items():
        ends = span.values if isinstance(span, Values) else (span.low, span.high)
        for value in ends:
            baseline.change(**{name: value})
        if isinstance(span, Range) and span.low >= span.high:
            raise ExperimentError(
                f"{name} must have a range LOW:HIGH with LOW below HIGH", f"{span.low}:{span.high}"
            )
    return Space(fields, grid)


def _usual(baseline: Experiment, width, dropout) -> dict[str, Range | Values]:
    """Return what is searched of a built-in network where nothing is named."""
    widths = [name for name, choice in baseline.choices.items() if choice.width]
    if not widths or not baseline.has("dropout"):
        raise ExperimentError("a search must be of a model with dense widths", baseline.kind)
    fields = {name: _ranged(baseline, name, width) for name in widths}
    fields["dropout"] = _ranged(baseline, "dropout", dropout and tuple(map(float, dropout)))
    return fields


def _declared(baseline: Experiment) -> dict[str, Range | Values]:
    """Return what a person's function declares as its space."""
    choices = choices_of(baseline.network)
    found = {name: choice.search for name, choice in choices.items() if choice.search}
    if not found:
        raise ExperimentError(
            f"a search of {baseline.kind} must be told what to search",
            None,
            f"--search NAME=LOW:HIGH or NAME=A,B,C; it has {', '.join(choices)}",
        )
    return found


def named_span(text: str, baseline: Experiment) -> tuple[str, Range | Values]:
    """Return the choice that `NAME=LOW:HIGH[:log]` or `NAME=A,B,C` names, and its span.

    Raises:
        ExperimentError: it is neither, or the experiment has no such choice.
    """
    name, _, span = text.partition("=")
    name, choice = choice_named(baseline, name, "--search")
    parts = span.split(":")
    try:
        if 2 <= len(parts) <= 3 and parts[2:] in ([], ["log"]):
            return name, _between(choice, *parts[:2], log=len(parts) == 3)
        if len(parts) == 1 and span:
            return name, Values(tuple(value_of(choice, word.strip()) for word in span.split(",")))
    except ValueError:
        pass
    raise ExperimentError(
        f"--search {name} must be {name}=LOW:HIGH, {name}=LOW:HIGH:log or {name}=A,B,C",
        repr(text),
    )


def _between(choice: Choice, low: str, high: str, log: bool) -> Range:
    ends = tuple(value_of(choice, end) for end in (low, high))
    if not all(isinstance(end, (int, float)) for end in ends) or (log and min(ends) <= 0):
        raise ValueError
    return Range(*ends, log=log)


def _ranged(baseline: Experiment, name: str, ends: tuple | None = None) -> Range | Values:
    """Return what is searched of a choice, between other ends if any are given."""
    span = baseline.choices[name].search
    assert span is not None, f"{name} has no range to search"  # no width and no `searchable` has
    if ends is None:
        return span
    assert isinstance(span, Range), f"{name} has no ends"
    return replace(span, low=ends[0], high=ends[1])
