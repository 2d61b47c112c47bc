"""Stored records that claims may be judged by."""

from collections.abc import Iterable
from pathlib import Path

from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.errors import StoreError
from keras_mnist.published import Source
from keras_mnist.reporting.wording import count
from keras_mnist.results import SCHEMA, Store


def canonical_records(folder: Path | str, about: Iterable[Source]) -> tuple[list, dict, list[str]]:
    """Return the records on the canonical MNIST in `folder` that sources rest on.

    However many others there are, they take no memory.

    Args:
        folder: of run records.
        about: the sources.

    Returns:
        The records; the data set's identity; notes on what was left out.

    Raises:
        StoreError: there is no such folder.
    """
    if not Path(folder).is_dir():
        raise StoreError(
            "report must be given a folder of run records",
            folder,
            "Name one with --runs, or train some with reproduce",
        )
    store = Store(folder)
    wanted = {e.key(CANONICAL_MNIST, SCHEMA) for source in about for e in source.needed()}
    records, others = [], 0
    for record in store.records():
        if record.key in wanted:
            records.append(record)
        others += record.data["digest"] != CANONICAL_MNIST
    notes = list(store.set_aside)
    if others:
        notes.append(f"{count(others, 'record')} of other data: no claim is about them")
    return records, {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True}, notes
