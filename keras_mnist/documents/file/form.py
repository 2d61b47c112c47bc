"""The form of a document's file: its tables, their keys and what these mean."""

from dataclasses import dataclass
from typing import Any

from keras_mnist.base.choice import Real, Switch, Word
from keras_mnist.base.choice import Whole as WholeChoice
from keras_mnist.base.metrics import LAST, METRICS
from keras_mnist.documents.claims.number import UNITS
from keras_mnist.documents.file.containers import Either, ListOf, MapOf, Table
from keras_mnist.documents.file.kinds import Kind, Number, OneOf, Plain, Text, Whole
from keras_mnist.experiment.known import known_choices
from keras_mnist.networks import NETWORKS

NONE = "-"  # where a table has no value
NONES = (NONE, "\u2013", "\u2014", "\u2212")  # and as copied tables have it
ACCURACY_UNITS = tuple(unit for unit in UNITS if unit != "nats")
PLOTS = ("readings", "contrasts", "runs", "curves")
_TEXT, _TEXTS = Text(), ListOf(Text(), 1)
_WHERE = _TEXT, "where it stands in the document"
_ABOUT = _TEXT, "the experiment that it is about"
_VALUES = Either((Number(), ListOf(Either((Number(), OneOf(NONES))), 1)))


@dataclass(frozen=True)
class Choices(Kind):
    """Choices by the names that `ablate` knows, checked by what they are choices of."""

    @property
    def words(self) -> str:
        """What it is, in words."""
        return "a table of choices"

    def has(self, value: Any) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    @property
    def schema(self) -> dict:
        """Where the same stands."""
        return {"$ref": "#/$defs/choices"}

    @property
    def whole(self) -> dict:
        """The same."""
        found: dict = {name: {**_TEXT.schema, "description": help} for name, help in _TEXTUAL}
        for name, choice in known_choices().items():
            if choice.flag or any(name in _fields(network) for network in NETWORKS.values()):
                told = {"description": choice.help} if choice.help else {}
                found[name] = Plain().schema | _of_check(choice.check) | told
        return {"type": "object", "properties": found, "additionalProperties": Plain().schema}

    def check(self, node, called: str) -> None:
        """Check that it is a table of plain values; errors as in `Kind`."""
        super().check(node, called)
        for key, value in node.items():
            kind = _TEXT if key in dict(_TEXTUAL) else Plain()
            kind.check(value, f"{key} of {called}")


def _fields(network: type) -> list[str]:
    return list(network.__dataclass_fields__)


def _of_check(check) -> dict:
    if isinstance(check, WholeChoice):
        return {"type": "integer", "minimum": check.low, "maximum": check.high}
    if isinstance(check, Real):
        low = {"minimum" if check.bounds[0] == "[" else "exclusiveMinimum": check.low}
        high = {"maximum" if check.bounds[1] == "]" else "exclusiveMaximum": check.high}
        return {"type": "number", **low, **high}
    if isinstance(check, Word):
        return {"type": "string", "enum": list(check.known)}
    return {"type": "boolean"} if isinstance(check, Switch) else {}


_TEXTUAL = (
    ("network", f"{', '.join(NETWORKS)}, or a file of yours: mine.py, mine.py:function"),
    ("like", "an experiment above, whose changes are taken over"),
)
COUNTS = Table(
    {
        "experiment": _ABOUT,
        "where": _WHERE,
        "what": (OneOf(("parameters", "weights")), "weights: without biases"),
        "total": (Whole(), "of the whole network"),
        "twice": (Whole(), "the same, where the document doubles it"),
        "layers": (MapOf(Whole()), "of a layer each"),
        "beyond": (MapOf(Whole()), "how many more than another experiment's network has"),
    },
    ("experiment", "where"),
)
TIMES = Table(
    {
        "experiment": _ABOUT,
        "where": _WHERE,
        "seconds": (Number(), "of training"),
        "says": (_TEXT, "the comparison in words, where there are no seconds"),
        "beside": (_TEXT, "the experiment that it is compared with there"),
    },
    ("experiment", "where"),
)
NUMBERS = Table(
    {
        "where": _WHERE,
        "experiment": _ABOUT,
        "unit": (OneOf(ACCURACY_UNITS), "of accuracies; losses are in nats"),
        "divided_by": (
            MapOf(Either((Number(), _TEXT))),
            'what the document divided a metric by: 32, or "10000 / 313"',
        ),
        "columns": (_TEXTS, "what stands in the rows: experiment, epoch, where, or a metric"),
        "rows": (
            ListOf(ListOf(Either((Number(), _TEXT)), 1), 1),
            f'the table\'s rows, "{NONE}" for no value',
        ),
        "epochs": (ListOf(Whole(), 1), "those that lists of values are of; default 1, 2, 3, ..."),
        **{m: (_VALUES, "a value after the last epoch, or a list by epoch") for m in METRICS},
    },
)
STATEMENTS = Table(
    {
        "name": (_TEXT, "its name within the document"),
        "says": (_TEXT, "what the document says; what is ours of it after here:"),
        "where": _WHERE,
        "holds": (Either((_TEXT, _TEXTS)), "the comparisons that must all hold"),
    },
    ("name", "says", "where", "holds"),
)
READINGS = Table(
    {
        "name": (_TEXT, "short, as tables show it"),
        "why": (_TEXT, "one sentence"),
        "instead_of": (MapOf(Plain()), "the choices that it concerns, as the document has them"),
        "changes": (MapOf(Plain()), "the same choices under this reading"),
        "only": (_TEXTS, "the experiments that it is tried on; default: all"),
        "metrics": (
            MapOf(OneOf(METRICS)),
            'by metric, the one that is read instead: {test_accuracy = "best_test_accuracy"}',
        ),
    },
    ("name", "why"),
)
CONTRASTS = Table(
    {
        "asks": (_TEXT, "what the difference answers"),
        "variant": (_TEXT, "an experiment"),
        "base": (_TEXT, "the one that it is compared with"),
        "metric": (OneOf(LAST), "after the last epoch; default test_accuracy"),
    },
    ("asks", "variant", "base"),
)
HIGHLIGHTS = Table(
    {
        "title": (_TEXT, "the finding, as a sentence"),
        "text": (_TEXT, "what it rests on, with places such as {effect[...]} for what runs say"),
        "plot": (_TEXTS, f"its kind ({', '.join(PLOTS)}), and what it is of"),
        "requires": (MapOf(_TEXT), "how effects begin, and verdicts, without which it is not told"),
        "explained_by": (_TEXT, "the reading that must explain most of what is not reproduced"),
    },
    ("title", "text", "plot"),
)
FORM = Table(
    {
        "title": (_TEXT, "of the document"),
        "name": (_TEXT, "what commands call it; default: the file's name"),
        "short": (_TEXT, "a word or two for table cells; default: the name"),
        "source": (_TEXT, "the file or address where the document stands; default: this file"),
        "data": (_TEXT, "the data set: a name, or a path beside this file; default mnist"),
        "target": (_TEXT, "of a table of yours, the column of the classes"),
        "test_split": (Number(), "of a file without a test part, the share to be drawn as one"),
        "digest": (_TEXT, "SHA-256 of the data set, as records have it"),
        "assumptions": (_TEXTS, "what the document leaves open and was filled in"),
        "figures": (ListOf(_TEXTS, 1), "experiments drawn together"),
        "networks": (MapOf(_TEXT), "names of networks, each with the experiment it stands in"),
        "costly": (_TEXTS, "experiments so long that fewer seeds must do"),
        "baseline": (Choices(), "the experiment that all others change"),
        "experiments": (
            MapOf(Choices()),
            "by name, what each changes of the baseline",
        ),
        "counts": (ListOf(COUNTS), "numbers of parameters"),
        "times": (ListOf(TIMES), "times of training"),
        "numbers": (ListOf(NUMBERS), "tables of metrics"),
        "statements": (ListOf(STATEMENTS), "statements, as comparisons"),
        "readings": (ListOf(READINGS), "what the numbers may rest on besides what is said"),
        "contrasts": (ListOf(CONTRASTS), "differences that explain something"),
        "highlights": (ListOf(HIGHLIGHTS), "what a reader will remember"),
    },
    ("title", "baseline", "experiments"),
)


def schema() -> dict:
    """Return the form as a JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A published document, for keras-mnist reproduce",
        **FORM.schema,
        "$defs": {"choices": Choices().whole},
    }
