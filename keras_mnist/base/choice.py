"""A choice: one thing of an experiment that can be changed, and all that is to be known of it.

It is declared once, as a field of a frozen dataclass. Its check, its flags on the command line, the
phrase for a change of it, its range in a search and whether it counts are read from there.
"""

import dataclasses
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields
from typing import Any, Self

from keras_mnist.base import checks
from keras_mnist.base.ranges import Range, Values

_KEY = "choice"
OWN: Any = object()  # a default that stands for what `Choice.own` says, where `None` is no value


@dataclass(frozen=True)
class Whole:
    """A whole number in [low, high], or `None` where that is the default."""

    low: int
    high: int
    optional: bool = False

    parse, metavar = int, "N"

    def __call__(self, name: str, value) -> Any:
        """Return the value as it is kept; errors as in `base.checks`."""
        if not (self.optional and value is None):
            checks.integer(name, value, self.low, self.high)
        return value


@dataclass(frozen=True)
class Real:
    """A real number between two ends; `bounds` is `[)`-style. Kept as float: 0 and 0.0 are one."""

    low: float
    high: float
    bounds: str
    optional: bool = False

    parse, metavar = float, "X"

    def __call__(self, name: str, value) -> Any:
        """Return the value as it is kept; errors as in `base.checks`."""
        if self.optional and value is None:
            return None
        checks.number(name, value, self.low, self.high, self.bounds)
        return float(value)


@dataclass(frozen=True)
class Word:
    """One of a few words: those of a table, whatever it holds by then, or of a tuple."""

    known: Collection[str]

    parse = str
    several = True  # an option takes some of them, separated by commas

    @property
    def metavar(self) -> str:
        """All of them, as an option's help shows them."""
        return f"{{{','.join(self.known)}}}"

    def __call__(self, name: str, value) -> Any:
        """Return the value as it is kept; errors as in `base.checks`."""
        checks.one_of(name, value, self.known)
        return value


@dataclass(frozen=True)
class Switch:
    """Yes or no."""

    def __call__(self, name: str, value) -> Any:
        """Return the value as it is kept; errors as in `base.checks`."""
        checks.boolean(name, value)
        return value


@dataclass(frozen=True)
class Off:
    """The value that takes a choice out of play.

    Attributes:
        value: of the choice.
        phrase: what a person calls that: `no relu`; a flag is made of it, `--no-relu`.
        help: of that flag.
    """

    value: object
    phrase: str
    help: str


@dataclass(frozen=True)
class Choice:
    """What is known of a choice besides its name and its default.

    Attributes:
        check: called with name and value; returns the value as it is kept, or raises.
        help: what it is, for `--help`.
        off: what takes it out of play, if anything does.
        metavar: of its flag's value, where the check's own does not say enough.
        common: whether it is set for all variants of a study alike.
        flag: whether it can be changed from the command line.
        search: the values that a search goes through, if it can be searched.
        width: whether a search for widths means it.
        idle: whether it decides nothing, given the values of all choices beside it; a text says
            why.
        own: what its default, `None` or `OWN`, stands for, given the values of all beside it.
        added: whether there were records before it; it is left out of plain data at its default,
            so that those of an experiment stay what they were. Or when, given the values of all
            beside it.
    """

    check: Callable[[str, Any], Any]
    help: str = ""
    off: Off | None = None
    metavar: str = ""
    common: bool = False
    flag: bool = True
    search: Range | Values | None = None
    width: bool = False
    idle: Callable[[Any], bool | str] | None = None
    own: Callable[[Any], Any] | None = None
    added: bool | Callable[[Any], bool] = False

    @property
    def metadata(self) -> dict:
        """What makes a dataclass field this choice's."""
        return {_KEY: self}

    def default(self, value, compare: bool = True) -> Any:
        """Return the dataclass field of this choice, with its default."""
        return field(default=value, metadata=self.metadata, compare=compare)

    def phrase(self, name: str, value) -> str:
        """Return what a person calls this value of the choice `name`: `no relu`, `width 64`."""
        if self.off is not None and value == self.off.value:
            return self.off.phrase
        return phrase(name, value)


def phrase(name: str, value) -> str:
    """Return what a person calls a value of anything called `name`."""
    words = name.strip("_").replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"no {words}"
    if dataclasses.is_dataclass(value):
        return f"another {words}"
    return f"{words} {value:g}" if isinstance(value, float) else f"{words} {value}"


def choices_of(part) -> dict[str, Choice]:
    """Return the choices of a dataclass, or of one of its kind, by name."""
    return {f.name: f.metadata[_KEY] for f in fields(part) if _KEY in f.metadata}


def departing(ours, theirs) -> list[str]:
    """Return the fields in which a dataclass differs from another of its kind; own defaults do not.

    One at its own default differs from any value that is not the other's own, even an equal one.
    """
    found = []
    for f in fields(ours):
        mine, other = getattr(ours, f.name), getattr(theirs, f.name)
        own = f.metadata[_KEY].own if _KEY in f.metadata else None
        left = (mine == own(ours), other == own(theirs)) if own else (False,)
        if not all(left) and (any(left) or mine != other):
            found.append(f.name)
    return found


def plain(part) -> dict:
    """Return a dataclass's fields as JSON has them."""
    found = {}
    for f in fields(part):
        value, choice = getattr(part, f.name), f.metadata.get(_KEY)
        default = choice.own(part) if choice and choice.own else f.default
        added = choice.added if choice else False
        if not (added(part) if callable(added) else added and value == default):
            found[f.name] = list(value) if isinstance(value, tuple) else value
    return found


class Choices:
    """Base of frozen dataclasses whose fields are choices: each is checked when one is made.

    Raises:
        ExperimentError: a value that the check refuses.
    """

    def __post_init__(self):
        whole: Any = self
        left = []
        for f in fields(whole):
            choice, value = f.metadata.get(_KEY), getattr(self, f.name)
            if choice and choice.own and value is f.default:
                left.append((f.name, choice.own))
            elif choice:
                object.__setattr__(self, f.name, choice.check(f.name, checks.as_python(value)))
        for name, own in left:
            object.__setattr__(self, name, own(self))

    def change(self, **changes) -> Self:
        """Return the same choices but for `changes`; own defaults become those beside the new."""
        whole: Any = self
        owned = [(f, f.metadata[_KEY].own) for f in fields(whole) if _KEY in f.metadata]
        left = {f.name: f.default for f, own in owned if own and getattr(self, f.name) == own(self)}
        return dataclasses.replace(whole, **(left | changes))

    @property
    def idle(self) -> tuple[str, ...]:
        """The choices that decide nothing beside the others."""
        found = choices_of(self).items()
        return tuple(name for name, choice in found if choice.idle and choice.idle(self))
