"""Documents as commands name them: those of the package, files of a person's, and their data."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.data.sets import SETS
from keras_mnist.documents import Count, Document, chosen, read_document
from keras_mnist.documents.file import SUFFIX
from keras_mnist.documents.file.source import Node

if TYPE_CHECKING:
    from keras_mnist.data import Dataset

Picked = dict[Document, tuple | None]  # the documents, each with the claims asked for; `None`: all


def add_document_code_option(parser) -> None:
    """Add the option of every command that reads documents: by which code their networks are."""
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="FILE.py",
        help="the code of a network that a document names: none makes any code run; repeatable",
    )


def read_documents(paths: list[str], models: list[str], runs: Path | str) -> list[Document]:
    """Return the documents in files.

    Args:
        paths: of the files.
        models: the files of code that the person names.
        runs: the folder of stored runs.

    Raises:
        DocumentError: as in `read_document`; a network of a file that is not among `models`.
    """
    from keras_mnist.runs.baseline import names_a_file, own_named

    code = [word for what in models for word in ("--model", what)]
    files = {Path(what.partition(":")[0]).resolve(): what.partition(":")[0] for what in models}
    if other := [what for what in models if not names_a_file(what)]:
        raise ExperimentError("--model must name a file of code", other[0], "Such as mine.py")

    def own(named: Node):
        file, _, function = named.value.partition(":")
        path = files.get((named.source.path.parent / file).resolve())
        if path is None:
            raise named.error(
                f"the code of {named.value} must be named on the command line, too: no document "
                "makes any code run",
                None,
                f"--model {named.source.path.parent / file}",
            )
        try:
            return own_named(f"{path}:{function}" if function else path, runs)
        except ExperimentError as error:
            raise named.placed(error) from None

    found = [read_document(path, own) for path in paths]
    return [replace(one, arguments=(*one.arguments, *code)) for one in found]


def picked(options: argparse.Namespace) -> Picked:
    """Return the documents that the options name, each with the claims asked for.

    Raises:
        ExperimentError: an unknown name; a file that is no document.
    """
    paths = [name for name in options.documents if name.endswith(SUFFIX)]
    names = [name for name in options.documents if name not in paths]
    read = read_documents(list(dict.fromkeys(paths)), options.model, options.runs)
    return chosen(names, options.only, read)


def data_of_documents(found: Picked, options: argparse.Namespace) -> "tuple[Dataset, bool]":
    """Return the data set to run documents on, and whether it is the one that they are about.

    Args:
        found: the documents.
        options: of `add_data_options`; where these name no data, the documents do.

    Raises:
        KerasMnistError: the data cannot be had, or are not what a document says they are.
    """
    from keras_mnist.data import find_data

    about = _about(found)
    if about.name == "mnist":
        dataset = find_data(options.data, options.target, options.test_split)
        return dataset, dataset.canonical
    if options.data != "auto" and _place(options.data) != _place(about.name):
        dataset = find_data(options.data, options.target, options.test_split)
        return dataset, dataset.digest == about.digest
    return their_data(found), True


def _place(name: str) -> str | Path:
    return name if name in SETS else Path(name).resolve()


def their_data(found: Picked) -> "Dataset":
    """Return the data set that documents are about; errors as in `data_of_documents`."""
    from keras_mnist.data import find_data
    from keras_mnist.data.dataset import NO_VERDICT

    about = _about(found)
    dataset = find_data(about.name, about.target or None, about.test_split)
    for document in found:
        if document.data.digest not in ("", dataset.digest):
            raise ExperimentError(
                f"the data of {document.name} must have the digest that it says, "
                f"{document.data.digest[:16]}",
                f"{about.name} with digest {dataset.digest[:16]}",
                "Find the data that the document is about",
            )
    note = dataset.note.replace(NO_VERDICT, "only documents about it are compared with it")
    return replace(dataset, note=note)


def _about(found: Picked):
    about = {replace(document.data, digest=""): document.data for document in found}
    if len(about) > 1:
        raise ExperimentError(
            "the documents of one command must be about one data set",
            " and ".join(data.name for data in about),
            "Name them in several commands",
        )
    return next(iter(about.values()))


def on_data(found: Picked, dataset: "Dataset") -> Picked:
    """Return documents with the shape and classes of the data set that they are about."""
    return {document.on(dataset): claims for document, claims in found.items()}


def learn(named: Iterable[Document], runs: Path | str) -> None:
    """See to it that documents know what their networks build, and name layers that these have.

    Args:
        named: the documents, on their data.
        runs: the folder of stored runs.

    Raises:
        ExperimentError: a network cannot be built, or has no such layer.
    """
    from keras_mnist.runs.described import learn_networks

    named = list(named)
    learn_networks([e for document in named for e in document.needed()], runs)
    for document in named:
        for claim in document.claims:
            if isinstance(claim, Count):
                _require_layers(claim, document)


def _require_layers(count: Count, document: Document) -> None:
    known = [size.name for size in document.experiment(count.experiment).sizes]
    for layer in count.layers:
        if layer not in known:
            raise ExperimentError(
                f"{layer!r} must be a layer of {count.experiment} in {document.name}",
                None,
                nearest(layer, known),
            )


def read_for_page(options: argparse.Namespace) -> list[Document]:
    """Return the documents in files that the options name, each with its data and networks known.

    Raises:
        KerasMnistError: a file that is no document; its data cannot be had.
    """
    found = [
        document
        for read in read_documents(options.document, options.model, options.runs)
        for document in with_their_data({read: None})
    ]
    learn(found, options.runs)
    return found


def with_their_data(named: Picked) -> Picked:
    """Return documents that know their data, which those about MNIST do without having it."""
    if all(document.data.name == "mnist" for document in named):
        return named
    return on_data(named, their_data(named))
