"""What is stored: what two stores must share, and files that may be changed."""

import json
from pathlib import Path

from keras_mnist.runs import Store

VARYING = ("created", "seconds", "attempts")  # between equal runs


def unsealed(path: Path) -> dict:
    """Return what a file of JSON holds but its checksum, for which any change would be refused."""
    content = json.loads(path.read_text())
    content.pop("checksum", None)
    return content


def contents(runs: Path) -> dict[str, dict]:
    """Return what every record in a store says, by path, without what equal runs differ in."""
    store = Store(runs)
    found = {}
    for record in store.records():
        content = {k: v for k, v in record.to_dict().items() if k not in VARYING}
        path = store.path(record.experiment, record.data["digest"], record.seed)
        found[path.relative_to(runs).as_posix()] = content
    assert not store.set_aside, store.set_aside
    return found
