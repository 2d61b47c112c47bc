"""A document's file, read: TOML that names experiments, claims and what explains them.

Nothing in it makes code run. A network of a person's own is built only where the person names its
file beside the document's.
"""

import os
import re
from pathlib import Path

from keras_mnist.base.errors import DocumentError, ExperimentError, nearest
from keras_mnist.data.sets import SETS
from keras_mnist.documents.claims import Claim
from keras_mnist.documents.document import About, Document
from keras_mnist.documents.file.containers import TOP
from keras_mnist.documents.file.experiments import Experiments, OwnNetworks
from keras_mnist.documents.file.explained import contrast_of, highlight_of, reading_of
from keras_mnist.documents.file.figures import numbers_of
from keras_mnist.documents.file.form import FORM
from keras_mnist.documents.file.said import counts_of, statement_of, time_of
from keras_mnist.documents.file.source import Node, read_source
from keras_mnist.networks import Network

SUFFIX = ".toml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


def _nobodys(named: Node) -> Network:
    file = named.value.partition(":")[0]
    raise named.error(
        f"the code of {named.value} must be named on the command line, too: no document makes any "
        "code run",
        None,
        f"--model {file}",
    )


def read_document(path: Path | str, own: OwnNetworks = _nobodys) -> Document:
    """Return the document that a TOML file holds.

    Args:
        path: of the file.
        own: called where a network is a file of Python code, with where the file is named;
            returns what that builds. By default no such network is taken.

    Raises:
        DocumentError: the file cannot be read, or what stands in it is no document; it names the
            line.
    """
    top = read_source(Path(path))
    FORM.check(top, TOP)
    experiments = Experiments(top, own)
    if not (claims := _claims(top, experiments)):
        raise top.error(
            "a document must say something that can be judged",
            "experiments alone",
            "Add [[numbers]], [[statements]], [[counts]] or [[times]]",
        )
    readings = tuple(reading_of(one, experiments) for one in top.each("readings"))
    contrasts = tuple(contrast_of(one, experiments) for one in top.each("contrasts"))
    _differ(top.each("readings"), "name")
    _differ(top.each("contrasts"), "asks")
    highlights = tuple(
        highlight_of(one, experiments, claims, readings, contrasts)
        for one in top.each("highlights")
    )
    name = _name(top)
    networks = {
        _sound(name, node): experiments.named(node)
        for name, node in (top["networks"].items() if "networks" in top else ())
    }
    figures = tuple(_named(one, experiments) for one in top.each("figures"))
    costly = _named(top["costly"], experiments) if "costly" in top else ()
    about = _about(top)
    try:
        return Document(
            name=name,
            short=top.get("short", name),
            file=top.get("source", top.source.path.name),
            title=top.get("title"),
            baseline=experiments.baseline,
            changes=experiments.changes,
            claims=tuple(claims),
            readings=readings,
            contrasts=contrasts,
            assumptions=tuple(top.get("assumptions", ())),
            figures=figures,
            highlights=highlights,
            networks=networks,
            costly=costly,
            data=about,
            arguments=(str(path),),
        )
    except ExperimentError as error:
        raise top.placed(error) from None


def _about(top: Node) -> About:
    """Return the data set that is named, its path beside the file."""
    name, share = top.get("data", "mnist"), top.get("test_split")
    if name == "auto":
        raise top["data"].error("data must be one data set", name, "Such as mnist, or a path")
    if share is not None and not 0 < share < 1:
        raise top["test_split"].error("test_split must be between 0 and 1", share)
    if name in SETS and ("target" in top or share is not None):
        raise top["data"].error("target and test_split must go with a file", name, "Leave them out")
    digest = top.get("digest", "")
    if digest and name == "mnist":
        raise top["digest"].error("digest must go with data other than MNIST, whose own is known")
    if digest and not re.fullmatch("[0-9a-f]{64}", digest):
        raise top["digest"].error("a digest must be 64 hexadecimal digits", digest)
    path = top.source.path.parent / name
    if name not in SETS and not os.path.exists(path):  # too long a name is none
        raise top["data"].error(
            "data must be a data set by its name, or a path beside the file",
            f"{name}, which is neither",
            nearest(name, SETS, "Check the path"),
        )
    place = name if name in SETS else str(path)
    return About(place, top.get("target", ""), None if share is None else float(share), digest)


def _named(listed: Node, experiments: Experiments) -> tuple[str, ...]:
    return tuple(experiments.named(listed[i]) for i in range(len(listed.value)))


def _name(top: Node) -> str:
    if "name" in top:
        return _sound(top.get("name"), top["name"])
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", top.source.path.stem).strip("_.-")[:80] or "document"


def _sound(name: str, node: Node) -> str:
    if not _NAME.fullmatch(name):
        raise node.error("a name must be of letters without accents, digits, and - _ .", repr(name))
    return name


def _claims(top: Node, experiments: Experiments) -> list[Claim]:
    """Return all claims: counts, times, numbers, statements."""
    found = [one for table in top.each("counts") for one in counts_of(table, experiments)]
    found += [time_of(table, experiments) for table in top.each("times")]
    numbers = [one for table in top.each("numbers") for one in numbers_of(table, experiments)]
    for node, number in numbers:
        alike = (n.metric for _, n in numbers if n.experiment == number.experiment)
        if number.metric == "gap" and "val_loss" not in alike:
            raise node.error(
                f"a gap of {number.experiment} must have its val_loss beside it",
                None,
                "How near it must be reproduced is measured by that",
            )
    found += [*numbers, *(statement_of(table, experiments) for table in top.each("statements"))]
    seen: dict[str, Node] = {}
    for node, claim in found:
        called = re.sub(", | ", "-", claim.name)
        if called in seen:
            raise node.error(
                "claims must differ in their names", claim.name, f"See {seen[called].where}"
            )
        seen[called] = node
    return [claim for _, claim in found]


def _differ(tables: list[Node], key: str) -> None:
    seen: dict[str, Node] = {}
    for table in tables:
        if table.get(key) in seen:
            first = seen[table.get(key)]
            raise table[key].error(f"{key} must differ", table.get(key), f"See {first.where}")
        seen[table.get(key)] = table[key]


__all__ = ["SUFFIX", "DocumentError", "read_document"]
