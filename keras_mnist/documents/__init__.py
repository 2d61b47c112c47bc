"""The published documents as data, one file each, in `published/`.

A TOML file there is a document; nothing else needs to know of it.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.documents.claims import Claim, Count, Finding, Number, Sometimes, Statement, Time
from keras_mnist.documents.document import About, Contrast, Document, Highlight, Reading
from keras_mnist.documents.file import SUFFIX, read_document
from keras_mnist.experiment import Experiment

FOLDERS = (Path(__file__).parent / "published",)


@cache
def _read(path: Path) -> Document:
    return replace(read_document(path), arguments=())


@cache
def documents() -> tuple[Document, ...]:
    """Return every document that comes with the package, in the order of their file names."""
    paths = [path for folder in FOLDERS for path in sorted(folder.glob(f"*{SUFFIX}"))]
    return tuple(sorted(map(_read, paths), key=lambda document: document.file))


def numbers_about(experiment: Experiment) -> list[tuple[Document, Number]]:
    """Return every published final figure about this very experiment, with its document."""
    return [(s, number) for s in documents() for number in s.numbers_about(experiment)]


def document_named(name: str) -> Document:
    """Return the document of that name, or of that file name.

    Raises:
        ExperimentError: there is none; near names are told.
    """
    by_name = {document.name: document for document in documents()}
    by_name |= {document.file: document for document in documents()}
    if name not in by_name:
        known = [document.name for document in documents()]
        must = f"{name} must be a document, or a file that ends in {SUFFIX}"
        raise ExperimentError(must, None, nearest(name, known))
    return by_name[name]


def claim_named(name: str, also: Iterable[Document] = ()) -> tuple[Document, Claim]:
    """Return the claim of that name, with its document.

    Args:
        name: of the claim.
        also: documents beside those of the package, of which they hide any of the same name.

    Raises:
        ExperimentError: there is none; near names are told.
    """
    known = (*documents(), *also)
    by_name = {s.claim_id(claim): (s, claim) for s in known for claim in s.claims}
    if name not in by_name:
        hint = f"{nearest(name, by_name, 'There are many')}; see reproduce --list DOCUMENT"
        raise ExperimentError(f"{name} must be a claim", None, hint)
    return by_name[name]


def chosen(
    names: list[str], claim_names: list[str] | None, read: Iterable[Document] = ()
) -> dict[Document, tuple | None]:
    """Return the documents that are named, each with the claims asked for; `None` is all of them.

    Args:
        names: of documents; none, and no claim and none read: all documents.
        claim_names: of single claims.
        read: documents of a person's files, which are named too, or hold the claims.

    Raises:
        ExperimentError: an unknown name; near ones are told. Two documents of one name.
    """
    read = list(read)
    if not names and not claim_names and not read:
        return dict.fromkeys(documents())
    if names and claim_names:
        raise ExperimentError(
            "documents and --only must not be given together", None, "A claim names its document"
        )
    if not claim_names:
        found = [*map(document_named, names), *read]
        called = [document.name for document in dict.fromkeys(found)]
        if twice := {name for name in called if called.count(name) > 1}:
            raise ExperimentError(
                "the documents of one command must differ in their names",
                ", ".join(sorted(twice)),
                'Say name = "..." in the file',
            )
        return dict.fromkeys(found)
    picked = {}
    for document, claim in dict.fromkeys(claim_named(name, read) for name in claim_names):
        picked[document] = (*picked.get(document, ()), claim)
    return picked


def published() -> dict[str, tuple[Document, Experiment]]:
    """Return the published networks by name: where each comes from and what it stands in.

    Raises:
        ExperimentError: two documents have one of the same name.
    """
    found = {}
    for document in documents():
        for name, experiment in (document.networks or {}).items():
            if name in found:
                raise ExperimentError(
                    f"the network {name} must be of one document",
                    f"{found[name][0].file} and {document.file}",
                    "Rename it in one of them",
                )
            found[name] = document, document.experiment(experiment)
    return found


def published_named(name: str) -> tuple[Document, Experiment]:
    """Return the document of a published network and the experiment that it stands in.

    Raises:
        ExperimentError: there is none of that name; near names are told.
    """
    if name not in published():
        raise ExperimentError(
            f"{name} must be a published network", None, nearest(name, published())
        )
    return published()[name]


__all__ = [
    "About",
    "Claim",
    "Contrast",
    "Count",
    "Document",
    "Finding",
    "Highlight",
    "Number",
    "Reading",
    "Sometimes",
    "Statement",
    "Time",
    "chosen",
    "claim_named",
    "document_named",
    "documents",
    "numbers_about",
    "published",
    "published_named",
    "read_document",
]
