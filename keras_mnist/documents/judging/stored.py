"""Stored records that claims may be judged by."""

from collections.abc import Iterable
from pathlib import Path

from keras_mnist.base.errors import StoreError
from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.documents import Document
from keras_mnist.runs import SCHEMA, Store

MNIST = {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True}


def stored_records(folder: Path | str) -> tuple[list, list[str]]:
    """Return all records in `folder`, and notes on files that were set aside.

    Raises:
        StoreError: there is no such folder, or no record in it that can be read.
    """
    store = _existing(folder)
    records = list(store.records())
    if not records:
        raise StoreError(f"{folder} must hold run records", "; ".join(store.set_aside[:3]))
    return records, store.set_aside


def _existing(folder: Path | str) -> Store:
    if not Path(folder).is_dir():
        raise StoreError(
            "--runs must name a folder of run records",
            folder,
            "Name one with --runs, or train some with reproduce",
        )
    store = Store(folder)
    if store.is_empty:
        below = [str(path) for path in _below(Path(folder)) if not Store(path).is_empty]
        raise StoreError(
            f"{folder} must hold run records",
            "none",
            f"There are some in {' and '.join(below[:3])}: --runs {below[0]}"
            if below
            else "Name another folder with --runs, or train some with reproduce",
        )
    return store


def _below(folder: Path, deep: int = 2) -> list[Path]:
    """Return the folders in one, and those in them, as many levels down."""
    try:
        inner = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []
    return [*inner, *(path for one in inner for path in _below(one, deep - 1) if deep > 1)]


def canonical(records: list) -> list:
    """Return those of `records` that are of the canonical MNIST."""
    return [record for record in records if record.data["digest"] == CANONICAL_MNIST]


def digest_of(document: Document) -> str:
    """Return the digest of the data set that a document is about; nothing before it is at hand."""
    return CANONICAL_MNIST if document.data.name == "mnist" else document.data.digest


def records_of(
    folder: Path | str, about: Iterable[Document], data: dict = MNIST
) -> tuple[list, dict, list[str]]:
    """Return the records in `folder` that documents rest on, on the data that they are about.

    However many others there are, they take no memory.

    Args:
        folder: of run records.
        about: the documents.
        data: the identity of that data set.

    Returns:
        The records; the data set's identity; notes on what was left out.

    Raises:
        StoreError: there is no such folder, or no record in it.
    """
    store, records, others = _existing(folder), [], 0
    wanted = {e.key(data["digest"], SCHEMA) for document in about for e in document.needed()}
    for record in store.records():
        if record.key in wanted:
            records.append(record)
        others += record.data["digest"] != data["digest"]
    notes = list(store.set_aside)
    if others:
        notes.append(f"{others} record{'s' * (others != 1)} of other data: no claim is about them")
    return records, data, notes
