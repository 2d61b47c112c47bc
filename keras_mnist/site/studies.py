"""Ablations of documents: which of their experiments a store has runs of, to be compared."""

from keras_mnist.documents import Document, Reading
from keras_mnist.documents.judging.stored import digest_of
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord
from keras_mnist.runs.record import SCHEMA
from keras_mnist.site.comparison import comparison
from keras_mnist.site.experiments import Experiments


def ran(documents: list[Document], records: list[RunRecord]) -> list[Document]:
    """Return the documents of which at least one experiment has a run.

    Args:
        documents: in the order of the page.
        records: of any experiments and data sets.
    """
    keys = {record.key for record in records}
    return [
        document
        for document in documents
        if any(e.key(digest_of(document), SCHEMA) in keys for e in document.needed())
    ]


def studies(documents: list[Document], data: dict, experiments: Experiments) -> list[dict]:
    """Return every study of a document that the completed runs on one data set make up.

    The experiments of a document are one, those under a reading of it are another.

    Args:
        documents: in the order of the page.
        data: its identity.
        experiments: of the page, to which those shown are added.
    """
    digest, found = data["digest"], []
    for document in documents:
        changing = [reading for reading in document.readings if reading.changes]
        for reading in (None, *changing):  # others are of the same experiments
            named = under(document, reading)
            there = {name: e for name, e in named.items() if experiments.runs(e, digest)}
            title = f"{document.short}, with {reading.name}" if reading else title_of(document)
            judged = document if digest == digest_of(document) and reading is None else None
            found.append(comparison(title, there, digest, experiments, judged))
    return [study for study in found if study]


def title_of(document: Document) -> str:
    """Return what the study of a document is called."""
    return f"{document.short}: {document.title}"


def described(documents: list[Document], digest: str) -> set[str]:
    """Return the keys of all experiments of documents, under their readings too.

    Args:
        documents: any.
        digest: of the data set.
    """
    return {
        e.key(digest, SCHEMA)
        for document in documents
        for reading in (None, *document.readings)
        for e in under(document, reading).values()
    }


def under(document: Document, reading: Reading | None) -> dict[str, Experiment]:
    """Return a document's experiments by name, under a reading if one is given."""
    named = {
        name: document.under(reading, name) if reading else document.experiment(name)
        for name in document.changes
    }
    return {name: e for name, e in named.items() if e}
