"""A file's counts, times and statements as claims."""

from decimal import Decimal

from keras_mnist.base.errors import nearest
from keras_mnist.documents.claims import Claim, Count, Statement, Time
from keras_mnist.documents.claims.sometimes import Sometimes
from keras_mnist.documents.file.experiments import Experiments
from keras_mnist.documents.file.expressions import parts_of
from keras_mnist.documents.file.source import Node

SOME = "in some runs:"  # before what is said of single runs
Placed = list[tuple[Node, Claim]]


def counts_of(table: Node, experiments: Experiments) -> Placed:
    """Return the counts of one table, in the order in which they are written.

    Raises:
        DocumentError: an experiment or a layer that there is not, or nothing counted.
    """
    name, where = experiments.named(table["experiment"]), table.get("where")
    what = table.get("what", "parameters")
    found: Placed = []
    for key, node in table.items():
        if key == "total":
            found.append((node, Count(name, node.value, where, what)))
        elif key == "twice":
            found.append((node, Count(name, node.value, where, what, times=2)))
        elif key == "layers":
            for layers, inner in node.items():
                these = _layers(layers, inner, name, experiments)
                found.append((inner, Count(name, inner.value, where, what, layers=these)))
        elif key == "beyond":
            for other, inner in node.items():
                experiments.named(Node(other, inner.path, inner.source))
                found.append((inner, Count(name, inner.value, where, what, beyond=other)))
    if not found:
        raise table.error("a count must have a total, or layers", None, "total = 61706")
    return found


def _layers(text: str, node: Node, name: str, experiments: Experiments) -> tuple[str, ...]:
    these = tuple(one.strip() for one in text.split("+"))
    experiment = experiments.of(name)
    if experiment.network.is_known(experiment.shape, experiment.data.classes):
        known = [size.name for size in experiment.sizes]
        for one in these:
            if one not in known:
                raise node.error(f"{one!r} must be a layer of {name}", None, nearest(one, known))
    return these


def time_of(table: Node, experiments: Experiments) -> tuple[Node, Time]:
    """Return what one table says of a time of training.

    Raises:
        DocumentError: an experiment that there is not, or neither seconds nor a comparison.
    """
    seconds, says = table.get("seconds"), table.get("says", "")
    if (seconds is None) == ("beside" not in table) or (seconds is None and not says):
        raise table.error(
            "a time must be seconds, or a comparison: says and beside", ", ".join(table.value)
        )
    if isinstance(seconds, (int, Decimal)) and seconds <= 0:
        raise table["seconds"].error("seconds must be above 0", seconds)
    beside = experiments.named(table["beside"]) if "beside" in table else ""
    name = experiments.named(table["experiment"])
    value = None if seconds is None else float(seconds)
    return table, Time(name, value, table.get("where"), says, beside)


def statement_of(table: Node, experiments: Experiments) -> tuple[Node, Claim]:
    """Return one statement: of means over runs, or of what happens in some of them.

    Raises:
        DocumentError: a comparison that is none.
    """
    holds = table["holds"]
    texts = [holds] if isinstance(holds.value, str) else table.each("holds")
    in_some = [node.value.strip().startswith(SOME) for node in texts]
    if any(in_some) and not all(in_some):
        raise holds.error(
            f"each comparison of a statement must begin with {SOME!r}, or none",
            texts[in_some.index(False)].value,
        )
    parts = tuple(
        part
        for node in texts
        for part in parts_of(node, node.value.strip().removeprefix(SOME), experiments)
    )
    about = table.get("name"), table.get("says"), table.get("where"), parts
    if not all(in_some):
        return table, Statement(*about)
    if len({quantity.experiment for part in parts for quantity in part.quantities}) > 1:
        raise holds.error("what happens in some runs must be of one experiment")
    return table, Sometimes(*about)
