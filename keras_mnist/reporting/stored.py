"""Stored records that claims may be judged by."""

from pathlib import Path

from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.errors import StoreError
from keras_mnist.reporting.wording import count
from keras_mnist.results import Store


def canonical_records(folder: Path | str) -> tuple[list, dict, list[str]]:
    """Return the records on the canonical MNIST in `folder`.

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
    everything = list(store.records())
    records = [record for record in everything if record.data["digest"] == CANONICAL_MNIST]
    notes = list(store.set_aside)
    if others := len(everything) - len(records):
        notes.append(f"{count(others, 'record')} of other data: no claim is about them")
    return records, {"name": "mnist", "digest": CANONICAL_MNIST, "canonical": True}, notes
