"""The claims as the page shows them: a row each, and what opens below it."""

from keras_mnist.base.names import as_line
from keras_mnist.documents import Document, Finding
from keras_mnist.documents.judging import ClaimResult, Runs
from keras_mnist.documents.judging.judged import Judged
from keras_mnist.documents.judging.stored import digest_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.claim_columns import COLUMNS
from keras_mnist.site.experiments import Experiments, short
from keras_mnist.site.standing import standing


def row_columns() -> list[tuple[str, str]]:
    """Return name and heading of what stands in a claim's row, rather than below it."""
    return [(column.name, column.heading.capitalize()) for column in COLUMNS if column.in_row]


def claim_rows(found: list[Judged], experiments: Experiments) -> list[dict]:
    """Return plain data of every claim, in the documents' order.

    Args:
        found: a document each.
        experiments: of the page, to which those that claims are about are added.
    """
    rows = []
    for one in found:
        runs = Runs(one.document, one.records)
        for result in one.results:
            rows.append(_row(result, runs, experiments))
    return rows


def _row(result: ClaimResult, runs: Runs, experiments: Experiments) -> dict:
    claim, document = result.claim, result.document
    names = claim.needs or claim.about
    keys = [experiments.show(n, document.experiment(n), digest_of(document)) for n in names]
    # The first line of a cell is of the runs as described.
    cells = {column.name: column.cell(result).split("\n")[0] for column in COLUMNS}
    about = "" if claim.shown == "sentence" else f"{cells['experiment']}: "
    return {
        **cells,
        "id": result.id,
        "document": document.name,
        "short": document.short,
        "where": claim.where,
        "what": about + claim.claimed,
        "standing": standing(result.verdict),
        "experiments": [list(pair) for pair in zip(names, keys, strict=True)],
        "command": as_line(["keras-mnist", "reproduce", *document.arguments, "--only", result.id]),
        "strip": _strip(result, runs) if claim.needs else None,
        "curves": _curves(result, experiments),
    }


def _strip(result: ClaimResult, runs: Runs) -> dict:
    """Return what is drawn of our runs, in the units that people read."""
    claim, found = result.claim, result.described
    rows = [_strip_row(result, found, runs, "our runs")]
    if result.reading and result.read:
        rows.append(_strip_row(result, result.read, runs, f"with {result.reading.name}"))
    mark = claim.mark(found)
    return {
        "axis": wording.axis(found.metric, difference=claim.difference),
        "mark": None if mark is None else short(wording.in_units(found.metric, mark)),
        "statement": claim.difference,
        "interval": claim.band,
        "rows": rows,
    }


def _strip_row(result: ClaimResult, found: Finding, runs: Runs, label: str) -> dict:
    def units(value):
        return short(wording.in_units(found.metric, value))

    values = result.evidence(found, runs)
    return {
        "label": label,
        "values": [[seed, units(value)] for seed, value in values.items()],
        "mean": units(found.ours.mean),
        "low": units(found.low),
        "high": units(found.high),
    }


def _curves(result: ClaimResult, experiments: Experiments) -> dict | None:
    """Return which curves belong to a claim: `quantity`, `series`, published values by epoch."""
    document, found = result.document, result.described
    shown = result.claim.curves(document, found, result.reading)
    if not shown:
        return None
    series = [
        {"name": name, "metric": m, "key": experiments.show(name, experiment, digest_of(document))}
        for name, experiment, m in dict.fromkeys(shown)
    ]
    quantity = "accuracy" if found.metric.endswith("accuracy") else "loss"
    marks = published_marks(document, {(name, m) for name, _, m in shown})
    return {"quantity": quantity, "series": series, "marks": marks}


def published_marks(document: Document, wanted: set[tuple[str, str]]) -> list[dict]:
    """Return the published values of (experiment, metric) pairs: epoch and value, as read."""
    return [
        {
            "epoch": document.epoch_of(number.quantity),
            "value": short(wording.in_units(number.metric, number.as_metric)),
            "metric": number.metric,
            "name": number.experiment,
        }
        for number in document.numbers
        if (number.experiment, number.metric) in wanted
    ]
