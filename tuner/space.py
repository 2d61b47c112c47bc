"""What is searched: fields of an experiment and their ranges."""

import contextlib
import itertools
import math
from dataclasses import asdict, dataclass, field

from keras_mnist.base.choice import choices_of
from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.base.ranges import Range, Values, When, counts
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.known import known_choices
from keras_mnist.networks.own import Own
from tuner.spans import named_span, ranged


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

    Attributes:
        fields: what is searched of each.
        grid: whether only points of a grid are searched.
        when: of fields that count beside some values of others alone: these, and the values.

    Raises:
        ExperimentError: a value in a range that the baseline's fields do not take.
    """

    fields: dict[str, Range | Values]
    grid: bool = False
    when: dict[str, When] = field(default_factory=dict)

    def declare(self, hp) -> None:
        """Make each field known to `hp`, a `keras_tuner.HyperParameters`."""
        for name, span in self.fields.items():
            with contextlib.ExitStack() as scopes:
                for other, among in self.when.get(name, ()):
                    scopes.enter_context(hp.conditional_scope(other, list(among)))
                _declare(Values(tuple(span.points())) if self.grid else span, hp, name)

    def values(self, proposed: dict) -> dict:
        """Return the fields' values as experiments take them: 0.57 for 0.5700000000000001.

        A field that does not count beside the others has none.
        """
        counting = self._counting(proposed)
        return {n: _taken(span, proposed[n]) for n, span in self.fields.items() if n in counting}

    def _counting(self, values: dict) -> list[str]:
        return [name for name in self.fields if counts(self.when.get(name, ()), values)]

    @property
    def size(self) -> int:
        """How many points the grid has."""
        points = {name: span.points() for name, span in self.fields.items()}
        deciding = sorted({other for needed in self.when.values() for other, _ in needed})
        found = {}  # by what of those that others depend on counts, with its values
        for combination in itertools.product(*(points[name] for name in deciding)):
            values = dict(zip(deciding, combination, strict=True))
            counting = self._counting(values)
            place = tuple((name, values[name]) for name in deciding if name in counting)
            found[place] = math.prod(len(points[n]) for n in counting if n not in values)
        return sum(found.values())

    def to_dict(self) -> dict:
        """Return plain data, equal for equal spaces."""
        plain = {name: asdict(span) for name, span in self.fields.items()}
        for name, span in plain.items():
            if "values" in span:
                span["values"] = list(span["values"])
            if needed := self.when.get(name):
                span["when"] = [[other, list(among)] for other, among in needed]
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
            if name in known_choices():
                values = f"Name its values: --search {name}=A,B"
                raise ExperimentError(f"--also {name} must have a range", "none", values)
            near = nearest(name, searchable(), "See search --help")
            raise ExperimentError(f"--also {name} must be a field", None, near)
        if not baseline.has(name):
            raise ExperimentError(f"--also {name} must be a field of the model", baseline.kind)
        fields[name] = ranged(baseline, name)
    for name, span in fields.items():
        ends = span.values if isinstance(span, Values) else (span.low, span.high)
        for value in ends:
            baseline.change(**{name: value})
        if isinstance(span, Range) and span.low >= span.high:
            raise ExperimentError(
                f"{name} must have a range LOW:HIGH with LOW below HIGH", f"{span.low}:{span.high}"
            )
    when = _conditions(fields, baseline)
    # What others depend on first, as keras-tuner has it.
    fields = dict(sorted(fields.items(), key=lambda item: len(when.get(item[0], ()))))
    return Space(fields, grid, when)


def _conditions(fields, baseline: Experiment) -> dict[str, When]:
    """Return what those fields need to count that need something which is searched itself."""
    network, found = baseline.network, {}
    arguments = network.origin.signature.arguments if isinstance(network, Own) else ()
    for one in arguments:
        if one.name not in fields:
            continue
        needed = tuple((other, among) for other, among in one.when if other in fields)
        for other, among in one.when:
            if other not in fields and baseline.value(other) not in among:
                raise ExperimentError(
                    f"to search {one.name}, {other} must be {' or '.join(map(str, among))}",
                    baseline.value(other),
                    f"Search that too: --search {other}=...",
                )
        if needed:
            found[one.name] = needed
    return found


def _usual(baseline: Experiment, width, dropout) -> dict[str, Range | Values]:
    """Return what is searched of a built-in network where nothing is named."""
    widths = [name for name, choice in baseline.choices.items() if choice.width]
    if not widths or not baseline.has("dropout"):
        raise ExperimentError("a search must be of a model with dense widths", baseline.kind)
    fields = {name: ranged(baseline, name, width) for name in widths}
    fields["dropout"] = ranged(baseline, "dropout", dropout and tuple(map(float, dropout)))
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
    unsettled = [name for name, span in found.items() if not span.points()]
    if unsettled:
        raise ExperimentError(
            f"what {baseline.kind} asks hp for must have one range, whatever else is chosen",
            f"another of {', '.join(unsettled)} beside some values",
            f"Ask for it in a conditional_scope, by a name for each range; or name one: --search "
            f"{unsettled[0]}=LOW:HIGH, and all else that is searched",
        )
    return found
