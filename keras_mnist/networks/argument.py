"""An argument of a person's function as a choice, and all of a function's as its signature."""

from dataclasses import asdict, dataclass, replace

from keras_mnist.base.choice import Choice, Off, Switch, Word
from keras_mnist.base.ranges import Range, Values, When, counts
from keras_mnist.networks.choices import ACTIVATION, DROPOUT
from keras_mnist.networks.values import Listed, Number, Text

# What a function is given rather than asked: they are the data set's to say.
HP = "hp"  # keras-tuner's
GIVEN = ("shape", "classes", HP)
# What a network says of itself by these names, so that its arguments get an underscore.
RESERVED = frozenset(
    [
        "arguments",
        "built",
        "change",
        "code",
        "compiled",
        "decisive",
        "idle",
        "is_known",
        "keeps_state",
        "kind",
        "known",
        "layers",
        "learn",
        "origin",
        "outputs",
        "sizes",
        "stored",
    ]
)
_ALIKE = {"dropout": DROPOUT.off, "activation": ACTIVATION.off}


@dataclass(frozen=True)
class Argument:
    """An argument that can be changed.

    Attributes:
        name: as the function has it; where that is `RESERVED`, with an underscore after it.
        default: a number, a text, a boolean, a tuple of those, or `None`.
        kind: which values it takes: one of `KINDS`, or `word`.
        words: the values, where these are few.
        help: from the docstring.
        common: whether it is set for all variants of a study alike.
        called: as the function, or keras-tuner's `hp`, has it where that is not the name.
        search: the values that a search goes through, if its function says them; none at all,
            where these depend on other arguments.
        when: the arguments, each with some of its values, beside which alone it is asked for.
    """

    name: str
    default: object
    kind: str
    words: tuple[str, ...] = ()
    help: str = ""
    common: bool = False
    called: str = ""
    search: Range | Values | None = None
    when: When = ()

    def counts(self, values: dict) -> bool:
        """Return whether it is asked for beside the values of the other arguments."""
        return counts(self.when, values)

    @property
    def _words(self) -> str:
        return self.name.strip("_").replace("_", " ")

    @property
    def choice(self) -> Choice:
        """All that the house knows of it."""
        if not self.when:
            return self._choice
        return replace(self._choice, idle=self._idle)

    def _idle(self, network) -> str:
        """Return why it decides nothing in a network, if so."""
        if self.counts(network.arguments):
            return ""
        asked = [f"{name} {' or '.join(map(str, among))}" for name, among in self.when]
        return f"{self.name} needs {' and '.join(asked)}"

    @property
    def _choice(self) -> Choice:
        if self.kind == "bool":
            off = Off(False, f"no {self._words}", f"without {self._words}")
            off = off if self.default is True else None
            return Choice(Switch(), self.help, off, common=self.common, search=self.search)
        off = _ALIKE.get(self.name)
        optional = self.default is None
        if self.kind == "word":
            check = Word(self.words)
            off = off if off and off.value in self.words else None
        elif self.kind == "tuple":
            check, off = Listed(), None
        elif self.kind == "str":
            check = Text(optional)
        else:
            check = Number(self.kind == "int", optional)
        if optional and off is None and self.kind != "str":
            off = Off(None, f"no {self._words}", f"without {self._words}")
        return Choice(check, self.help, off, search=self.search)


@dataclass(frozen=True)
class Signature:
    """What a function is called with.

    Attributes:
        arguments: those that can be changed.
        given: those of `GIVEN` that it takes.
    """

    arguments: tuple[Argument, ...]
    given: tuple[str, ...]

    @property
    def bare(self) -> dict:
        """Plain data of it as records have them: without the words for help."""
        told = asdict(Signature(tuple(replace(a, help="") for a in self.arguments), self.given))
        for one in told["arguments"]:
            if not one["when"]:
                del one["when"]  # as it was before there was any
        return told

    @classmethod
    def from_dict(cls, content: dict) -> "Signature":
        """Read it back; `LookupError`, `TypeError` or `ValueError` where it is something else."""
        return cls(tuple(map(_argument, content["arguments"])), tuple(content["given"]))


def _argument(told: dict) -> Argument:
    tuples = {name: as_kept(told[name]) for name in ("default", "words")}
    search = told.get("search")
    if search is not None:
        values = search.get("values")
        search = Range(**search) if values is None else Values(tuple(values))
    when = tuple((str(name), tuple(among)) for name, among in told.get("when", ()))
    return Argument(**{**told, **tuples, "search": search, "when": when})


def as_kept(value):
    """Return an argument's value as it is kept: JSON has lists for tuples."""
    return tuple(value) if isinstance(value, list) else value
