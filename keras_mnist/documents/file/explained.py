"""A file's readings, contrasts and highlights: what explains a document's results."""

import re
from itertools import product
from string import Formatter

from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.base.metrics import METRICS
from keras_mnist.documents.claims import Claim, Number
from keras_mnist.documents.document import Contrast, Highlight, Reading
from keras_mnist.documents.file.experiments import Experiments
from keras_mnist.documents.file.form import PLOTS
from keras_mnist.documents.file.source import Node
from keras_mnist.documents.file.values import plain_value

_CHANGES = ("instead_of", "changes")
_PLACE = re.compile(r"(\w+)(?:\[(.*)\])?", re.DOTALL)


def reading_of(table: Node, experiments: Experiments) -> Reading:
    """Return one reading.

    Raises:
        DocumentError: choices that no experiment has, or values that they cannot have.
    """
    only = tuple(experiments.named(node) for node in table.each("only"))
    about = only or tuple(experiments.changes)
    metrics = tuple(table.get("metrics", {}).items())
    before, after = (table.part(key) for key in _CHANGES)
    for node in filter(None, (before, after)):
        for name, value in node.items():
            having = [one for one in about if experiments.of(one).has(name)]
            if not having:
                known = [c for one in about for c in experiments.of(one).choices]
                raise value.error(
                    f"{name} must be a choice of an experiment", None, nearest(name, known)
                )
            choice = experiments.of(having[0]).choices.get(name)
            try:
                if choice is None:
                    raise ExperimentError(f"{name} must be one choice, not a part of them")
                choice.check(name, plain_value(value.value))
            except ExperimentError as error:
                raise value.placed(error) from None
    plain = _plain(before), _plain(after)
    if not all(plain) and (any(plain) or not metrics):
        raise table.error(
            "a reading must change a choice, or read a metric instead of another",
            None,
            'instead_of = {init = "pytorch"} and changes = {init = "keras"}',
        )
    if before is not None and after is not None and plain[0] == plain[1]:
        raise after.error("a reading must change what it is instead of", None, "Give another value")
    found = Reading(table.get("name"), *plain, table.get("why"), only, metrics)
    for pair in metrics:
        for one, metric in product(about, pair):
            experiments.require_measured(table["metrics"], one, metric, "last")
    suited = [one for one in about if found.suits(experiments.of(one))]
    if before is not None and not suited:
        raise before.error(
            "instead_of must be what an experiment has that the reading is tried on",
            ", ".join(f"{name} {value}" for name, value in found.instead_of.items()),
        )
    place = after or table
    try:
        applied = [found.of(experiments.of(name)) for name in suited]
    except ExperimentError as error:
        raise place.placed(error) from None
    if not any(applied):
        changed = experiments.of(suited[0]).change(**found.changes)
        why = [reason for name in found.changes if (reason := changed.why_idle(name))]
        raise place.error("a reading must change what decides something", None, ". ".join(why))
    return found


def _plain(table: Node | None) -> dict:
    found = {} if table is None else table.value
    return {name: plain_value(value) for name, value in found.items()}


def contrast_of(table: Node, experiments: Experiments) -> Contrast:
    """Return one contrast.

    Raises:
        DocumentError: an experiment that there is not, or a metric that it has not.
    """
    variant, base = (experiments.named(table[key]) for key in ("variant", "base"))
    metric = table.get("metric", "test_accuracy")
    for name in (variant, base):
        experiments.require_measured(table, name, metric, "last")
    return Contrast(table.get("asks"), variant, base, metric)


def highlight_of(
    table: Node,
    experiments: Experiments,
    claims: list[Claim],
    readings: tuple[Reading, ...],
    contrasts: tuple[Contrast, ...],
) -> Highlight:
    """Return one highlight, of what stands in the same file.

    Raises:
        DocumentError: it names what does not stand there.
    """
    questions = [contrast.question for contrast in contrasts]
    names, read = [claim.name for claim in claims], [reading.name for reading in readings]
    numbers = [claim for claim in claims if isinstance(claim, Number)]
    places = {
        **dict.fromkeys(("numbers", "outside", "explained")),
        **dict.fromkeys(("effect", "weights"), questions),
        "difference": [claim.name for claim in claims if claim.difference],
        "published": names,
        "settled": [f"{one.experiment} {one.metric.split('_')[0]}" for one in numbers],
    }
    _require_places(table["text"], places)
    for name, node in table["requires"].items() if "requires" in table else ():
        _require(node, name, [*questions, *names], "requires must name a contrast or a claim")
    if "explained_by" in table:
        node = table["explained_by"]
        _require(node, node.value, read, "explained_by must name a reading")
    kind, *about = table.each("plot")
    _require(kind, kind.value, PLOTS, "a plot must be of a known kind")
    known = {"readings": read, "contrasts": questions}.get(kind.value)
    if not about or (known is None and len(about) < 2):
        raise kind.error("a plot must say what it is of", None, "Its kind, a metric, experiments")
    for number, node in enumerate(about):
        if known is None and number:
            experiments.named(node)
        else:
            _require(
                node, node.value, METRICS if known is None else known, "a plot must be of those"
            )
    plot = tuple(table.get("plot"))
    requires = dict(table.get("requires", {}))
    title, text = table.get("title"), table.get("text")
    return Highlight(title, text, plot, requires, table.get("explained_by", ""))


def _require(node: Node, name: str, known, must: str) -> None:
    if name not in known:
        raise node.error(must, repr(name), nearest(name, known, "" if known else "There are none"))


def _require_places(node: Node, places: dict) -> None:
    """Raise `DocumentError` unless every `{...}` of a text names what will be filled in."""
    try:
        found = list(Formatter().parse(node.value))
    except ValueError as error:
        raise node.error("a text's places must stand in braces", error, "{{ is a brace") from None
    for _, name, form, conversion in found:
        if name is None:
            continue
        match = _PLACE.fullmatch(name)
        kind, of = (match[1], match[2]) if match else ("", None)
        if form or conversion or kind not in places:
            raise node.error("a place must be a known one", repr(name), nearest(name, places))
        known = places[kind]
        if (known is None) != (of is None):
            raise node.error("a place must say what it is of", repr(name), f"{kind}[...]")
        if known is not None:
            _require(node, of or "", known, f"{kind}[...] must name what the document has")
