"""A file's tables of numbers: each value a claim, with as many decimals as were printed."""

import re
from typing import Any

from keras_mnist.base.errors import nearest
from keras_mnist.base.metrics import METRICS, quantity_of
from keras_mnist.documents.claims import Number
from keras_mnist.documents.claims.number import UNITS
from keras_mnist.documents.file.experiments import Experiments
from keras_mnist.documents.file.form import NONE, NONES
from keras_mnist.documents.file.kinds import Number as ANumber
from keras_mnist.documents.file.kinds import decimals
from keras_mnist.documents.file.source import Node

_FRACTION = re.compile(r"\s*(\d{1,12}(?:\.\d{1,12})?)\s*/\s*(\d{1,12}(?:\.\d{1,12})?)\s*")
_ABOUT = ("experiment", "epoch", "where")  # what columns may be beside metrics


def numbers_of(table: Node, experiments: Experiments) -> list[tuple[Node, Number]]:
    """Return the numbers of one table, each with where it stands.

    Raises:
        DocumentError: what stands there is no number of a run.
    """
    return _Numbers(table, experiments).found


class _Numbers:
    def __init__(self, table: Node, experiments: Experiments):
        self._table, self._experiments = table, experiments
        self.found: list[tuple[Node, Number]] = []
        self._scales = {
            metric: self._scale(node)
            for metric, node in (table["divided_by"].items() if "divided_by" in table else ())
        }
        listed = [(key, node) for key, node in table.items() if key in METRICS]
        if "rows" in table or "columns" in table:
            self._rows(listed)
        elif not listed:
            raise table.error(
                "a table of numbers must have columns and rows, or metrics",
                None,
                'columns = ["experiment", "test_accuracy"], or test_accuracy = [...] by epoch',
            )
        for metric, node in listed:
            self._curve(metric, node)
        percent = [node for node, number in self.found if number.unit == "%"]
        if percent and all(node.value <= 1 for node in percent) and any(n.value for n in percent):
            raise percent[0].error(
                'accuracies in "%" must be percentages, and all of these are at most 1',
                percent[0].value,
                'Is it unit = "share"?',
            )
        unused = self._scales.keys() - {number.metric for _, number in self.found}
        if unused:
            raise table["divided_by"].error(
                "divided_by must be of metrics of its table", ", ".join(sorted(unused))
            )

    def _rows(self, listed: list) -> None:
        table = self._table
        for key in ("columns", "rows"):
            if key not in table or listed or "epochs" in table:
                raise table.error(
                    "a table of numbers must have both columns and rows, or lists by epoch",
                    ", ".join(table.value),
                )
        columns = table.get("columns")
        for number, column in enumerate(columns):
            node = table["columns"][number]
            if column not in (*_ABOUT, *METRICS):
                known = nearest(column, (*_ABOUT, *METRICS))
                raise node.error(
                    "a column must be experiment, epoch, where or a metric", column, known
                )
            if column in columns[:number] or (column in table and column in _ABOUT):
                raise node.error("what a column is must be said once", column)
        for row in table.each("rows"):
            if len(row.value) != len(columns):
                raise row.error(
                    f"a row must have a value for each of the {len(columns)} columns",
                    len(row.value),
                    f'"{NONE}" stands for none',
                )
            cells = {column: row[place] for place, column in enumerate(columns)}
            about = {key: table[key] for key in ("experiment", "where") if key in table}
            about |= {key: cells[key] for key in _ABOUT if key in cells}
            for metric in columns:
                if metric in METRICS:
                    self._add(metric, cells[metric], **about)

    def _curve(self, metric: str, node: Node) -> None:
        about = {key: self._table[key] for key in ("experiment", "where") if key in self._table}
        if not isinstance(node.value, list):
            self._add(metric, node, **about)
            return
        count = len(node.value)
        epochs = self._table.get("epochs", list(range(1, count + 1)))
        if len(epochs) != count:
            raise node.error(
                f"{metric} must have a value for each of the {len(epochs)} epochs", count
            )
        for number, epoch in enumerate(epochs):
            self._add(
                metric,
                node[number],
                epoch=self._table["epochs"][number]
                if "epochs" in self._table
                else _same_place(node, epoch),
                **about,
            )

    def _add(
        self,
        metric: str,
        node: Node,
        experiment: Node | None = None,
        where: Node | None = None,
        epoch: Node | None = None,
    ) -> None:
        if node.value in NONES:
            return
        if experiment is None or where is None:
            wanted = "experiment" if experiment is None else "where"
            raise self._table.error(
                f"a table of numbers must say its {wanted}",
                None,
                f"{wanted} = ..., or a column of that name",
            )
        if not ANumber().has(node.value):
            raise node.error(
                f"{metric} must be a number as printed",
                repr(node.value),
                f'"{NONE}" stands for none',
            )
        for text in (experiment, where):
            if not isinstance(text.value, str) or not text.value.strip():
                raise text.error("experiment and where must be texts", repr(text.value))
        name = self._experiments.named(experiment)
        when: Any = "last" if epoch is None else epoch.value
        self._experiments.require_measured(epoch or node, name, metric, when)
        if when == self._experiments.of(name).fit.epochs:
            when = "last"
        scale, unit = self._scales.get(metric, 1.0), self._unit(metric)
        number = Number(
            name, metric, float(node.value), unit, where.value, when, decimals(node.value), scale
        )
        _require_possible(node, number)
        self.found.append((node, number))

    def _unit(self, metric: str) -> str:
        if quantity_of(metric) != "accuracy":
            return "nats"
        if "unit" not in self._table:
            raise self._table.error(
                "a table of accuracies must say their unit", None, 'unit = "%" or unit = "share"'
            )
        return self._table.get("unit")

    def _scale(self, node: Node) -> float:
        value = node.value
        if isinstance(value, str):
            found = _FRACTION.fullmatch(value)
            over = float(found[2]) if found else 0.0
            value = float(found[1]) / over if found and over else 0.0
        if not 0 < float(value) < 10**9:
            raise node.error(
                "divided_by must be a positive number or a fraction",
                repr(node.value),
                'Such as 32 or "10000 / 313"',
            )
        return float(value)


def _same_place(node: Node, value: Any) -> Node:
    """Return a value that is nowhere written, at the place of what it is about."""
    return Node(value, node.path, node.source)


def _require_possible(node: Node, number: Number) -> None:
    value = number.as_metric
    accuracy = quantity_of(number.metric) == "accuracy"
    if (accuracy and not 0 <= value <= 1) or (value < 0 and number.metric.endswith("loss")):
        most = f" to {1 / UNITS[number.unit]:g}" if accuracy else ""
        raise node.error(
            f"{number.metric} must be from 0{most}, in {number.unit}",
            node.value,
            'unit = "%" for 97.97, unit = "share" for 0.9797' if accuracy else "",
        )
