"""The claims' table as columns, read by terminal, Markdown, LaTeX, CSV, JSON and page alike."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from keras_mnist.base.files import finite
from keras_mnist.documents import Finding
from keras_mnist.documents.judging import ClaimResult
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column

_UNITS = {"accuracy": "share", "loss": "nats", "gap": "nats", "seconds": "s", "share": "share"}


@dataclass(frozen=True)
class ClaimColumn(Column):
    """A column of the claims' table; its rows are `ClaimResult`s.

    Of a cell with two lines, the second shows our runs under a reading, and the page the first.

    Attributes:
        csv, json: what these hold of a row, by their own names; `None`: `plain`, by `name`.
        in_row: whether it is a column of the page, too; if not, the page shows it elsewhere.
    """

    csv: dict[str, Callable] | None = None
    json: dict[str, Callable] | None = None
    in_row: bool = True

    def fields(self, form: str) -> dict[str, Callable]:
        """Return what `csv` or `json` holds of a row, by name."""
        own = {"csv": self.csv, "json": self.json}[form]
        return {self.name: self.plain} if own is None else own


def facts(result: ClaimResult) -> dict:
    """Return what data say of a claim before any column: what was published, and where."""
    claim, document = result.claim, result.document
    metric = result.described.metric
    return {
        "id": result.id,
        "source": document.name,
        "document": document.file,
        "where": claim.where,
        "kind": claim.kind,
        "published": claim.printed,
        "unit": claim.printed_in or _UNITS.get(metric.split("_")[-1], ""),
        "scale": claim.scale,
    }


def has_noise(results: list[ClaimResult]) -> bool:
    """Return whether the noise of the test set is known of any claim: of MNIST's alone it is."""
    return any(_noise(result, found) for result in results for found in result.shown)


def columns_of(results: list[ClaimResult]) -> list[ClaimColumn]:
    """Return the columns that people read: none that would be empty throughout."""
    return [column for column in COLUMNS if column.name != "noise" or has_noise(results)]


def _found(cell: Callable[[ClaimResult, Finding], str]) -> Callable[[ClaimResult], str]:
    """Return what shows a line for every finding of a claim that tables show."""
    return lambda result: "\n".join(cell(result, found) for found in result.shown)


def _experiments(result: ClaimResult) -> dict[str, dict]:
    return {name: result.document.experiment(name).to_dict() for name in result.claim.about}


def _compared(result: ClaimResult) -> str:
    return result.claim.subject(result.described) if result.claim.difference else ""


def _noise(result: ClaimResult, found: Finding) -> str:
    value = result.noise(found)
    return "" if math.isnan(value) else f"± {wording.number('test_accuracy', value)}"


def _ours(result: ClaimResult, found: Finding | None) -> dict | None:
    """Return our runs in the unit in which the claim was published."""
    if found is None:
        return None
    values = {"mean": found.ours.mean, "sd": found.ours.sd, "low": found.low, "high": found.high}
    values["noise"] = result.noise(found)
    values = {name: value / result.claim.factor for name, value in values.items()}
    return finite({**values, "n": found.ours.n, "p_holm": found.p})


def _figure(value: Callable[[ClaimResult, Finding], float | None]) -> Callable[[ClaimResult], str]:
    """Return what writes a value with six digits, nothing for NaN or none, in units people read."""

    def written(result: ClaimResult) -> str:
        found = value(result, result.described)
        if found is None or math.isnan(found):
            return ""
        if result.described.metric == "parameters":
            return str(int(found))
        return f"{wording.in_units(result.described.metric, found):.6g}"

    return written


COLUMNS: list[ClaimColumn] = [
    ClaimColumn(
        "experiment",
        "experiment",
        lambda result: result.claim.subject(result.described),
        width=0.14,
        json={
            "experiment": lambda result: next(iter(_experiments(result).values())),
            "experiments": _experiments,
            "compared": _compared,
        },
        in_row=False,
    ),
    ClaimColumn("claim", "claim", lambda result: result.claim.claimed, width=0.18, json={}),
    ClaimColumn(
        "published",
        "published",
        lambda result: result.claim.published,
        width=0.09,
        csv={
            "as_printed": lambda result: result.claim.published,
            "published": _figure(lambda result, _: result.claim.as_metric),
        },
        json={},
    ),
    ClaimColumn(
        "ours",
        "ours",
        _found(lambda result, found: result.claim.ours(found)),
        width=0.12,
        csv={
            "mean": _figure(lambda _, found: found.ours.mean),
            "sd": _figure(lambda _, found: found.ours.sd),
            "n": lambda result: result.described.ours.n,
        },
        json={"ours": lambda result: _ours(result, result.described)},
    ),
    ClaimColumn(
        "interval",
        "interval",
        _found(lambda result, found: result.claim.interval(found)),
        width=0.13,
        spare=True,
        csv={
            "low": _figure(lambda _, found: found.low),
            "high": _figure(lambda _, found: found.high),
        },
        json={},
        in_row=False,
    ),
    ClaimColumn(
        "noise",
        "test-set noise",
        _found(_noise),
        width=0.06,
        spare=True,
        csv={"test_set_noise": _figure(lambda result, found: result.noise(found))},
        json={},
        in_row=False,
    ),
    ClaimColumn(
        "verdict",
        "verdict",
        lambda result: result.verdict,
        width=0.09,
        json={
            "reading": lambda result: result.reading and result.reading.name,
            "ours_under_reading": lambda result: _ours(result, result.read),
            "verdict_under_reading": lambda result: result.read and result.read.verdict,
            "verdict": lambda result: result.verdict,
        },
    ),
    ClaimColumn("reason", "reason", lambda result: result.reason, width=0.11, in_row=False),
]
