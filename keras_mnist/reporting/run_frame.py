"""Runs as a pandas frame: a row a run, or a row a run and epoch, for any tool that takes a table.

Of what a record says, only the answers to each test image are left out. Names of columns are those
of records and of choices, whatever else is in the frame.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from keras_mnist.base.errors import shown
from keras_mnist.base.metrics import BY_EPOCH, METRICS
from keras_mnist.experiment import Experiment
from keras_mnist.runs import RunRecord

if TYPE_CHECKING:
    import pandas

FIRST = ("experiment", "network", "data", "data_digest", "key", "seed", "status", "reason")
EPOCH = "epoch"  # of a row of curves
MEASURED = (*METRICS, "best_epoch")
LAST = ("parameters", "epochs_trained", "seconds", "weights_sha256", "attempts", "created")
MACHINE = (
    *("keras_mnist", "tensorflow", "keras", "numpy", "python", "system", "processor", "family"),
    *("instructions", "device", "threads", "onednn", "variables"),
)
_TAKEN = {"variant", *FIRST, EPOCH, *MEASURED, *LAST, *MACHINE}
_LONGEST = 1000  # letters of a text
_WHOLE = range(-(2**63), 2**63)  # what a column of whole numbers holds


def choices_in(experiment: Experiment) -> dict[str, Any]:
    """Return the value of every choice by its column: its name, as no two parts share one.

    An argument of a person's function that is called like another column has `choice_` before it.
    """
    parts = (getattr(experiment, part.name) for part in fields(experiment))
    values = {f.name: getattr(part, f.name) for part in parts for f in fields(part)}
    return {f"choice_{n}" if n in _TAKEN else n: value for n, value in values.items()}


def row_of(record: RunRecord) -> dict[str, Any]:
    """Return all that a frame has of a run, by the names of columns."""
    return _which(record) | _whole(record)


def run_frame(runs: Iterable[tuple[str, RunRecord]], long: bool = False) -> "pandas.DataFrame":
    """Return runs as a frame.

    Args:
        runs: records, each with what a person calls its experiment, or an empty text.
        long: a row a run and epoch, with what was measured after it, in place of a row a run.

    Returns:
        Columns that say which run it is; its choices; what was measured: losses in nats,
        accuracies as shares; versions and machine. A value that does not exist is missing; one of
        several parts is JSON.
    """
    import pandas

    rows = []
    for name, record in runs:
        named = {"variant": name} if name else {}
        found = _by_epoch(_which(record), record) if long else [row_of(record)]
        rows += [named | row for row in found]
    there = {name: 0 for row in rows for name in row}
    choices = [name for name in there if name not in _TAKEN]
    last = (EPOCH, *BY_EPOCH) if long else (*MEASURED, *LAST, *MACHINE)
    names = [name for name in ("variant", *FIRST, *choices, *last) if name in there]
    return pandas.DataFrame(
        {name: _column([row.get(name) for row in rows]) for name in names}, columns=names
    )


def _which(record: RunRecord) -> dict:
    experiment = record.experiment
    data = record.data["name"], record.data["digest"]
    about = experiment.name, experiment.kind, *data, record.key, record.seed
    identity = dict(zip(FIRST, (*about, record.status, record.reason or None), strict=True))
    return identity | choices_in(experiment)


def _whole(record: RunRecord) -> dict:
    measured = {name: record.metrics.get(name) for name in MEASURED}
    last = {"epochs_trained": record.epochs}
    last |= {name: getattr(record, name) for name in LAST if name not in last}
    return measured | last | {name: record.environment.get(name) for name in MACHINE}


def _by_epoch(which: dict, record: RunRecord) -> list[dict]:
    curves = {name: values for name, values in record.history.items() if name in BY_EPOCH}
    return [
        which | {EPOCH: n + 1} | {name: c[n] for name, c in curves.items() if n < len(c)}
        for n in range(record.epochs)
    ]


def _column(values: list) -> "pandas.Series":
    """Return values as a column of one type, which every kind of file can hold."""
    import pandas

    plain = [_plain(value) for value in values]
    there = [value for value in plain if value is not None]
    kinds, missing = {type(value) for value in there}, len(there) < len(plain)
    if kinds == {bool}:
        return pandas.Series(plain, dtype="boolean" if missing else "bool")
    if kinds == {int}:
        return pandas.Series(plain, dtype="Int64" if missing else "int64")
    if kinds <= {int, float}:
        return pandas.Series(plain, dtype="float64")
    return pandas.Series([None if value is None else str(value) for value in plain])


def _plain(value):
    if isinstance(value, str):
        return shown(value, _LONGEST)
    if isinstance(value, int) and value not in _WHOLE:
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return json.dumps(value)
