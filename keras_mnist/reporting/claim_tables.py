"""The claim table: on the terminal, as Markdown, CSV and data."""

import csv
import io
from dataclasses import asdict

from rich.table import Table

from keras_mnist.analysis.verdicts import NumberVerdict
from keras_mnist.files import finite
from keras_mnist.reporting import wording
from keras_mnist.reporting.claims import ClaimResult, counted
from keras_mnist.reporting.grids import markdown_table, terminal_table

HEADINGS = ["experiment", "claim", "published", "ours", "interval", "verdict", "reason"]


def claim_rows(results: list[ClaimResult]) -> list[list[str]]:
    """Return a row a claim; an explained one shows both readings, one below the other."""
    rows = []
    for result in results:
        claim = result.claim
        shown = [result.described]
        if result.read is not None and result.verdict != result.described.verdict:
            shown.append(result.read)
        rows.append(
            [
                claim.experiment,
                wording.heading(claim.metric),
                wording.number(claim.metric, claim.as_metric),
                "\n".join(_ours(claim.metric, found) for found in shown),
                "\n".join(_interval(claim.metric, found) for found in shown),
                result.verdict,
                result.reason,
            ]
        )
    return rows


def _ours(metric: str, found: NumberVerdict) -> str:
    return f"{wording.spread(metric, found.ours)} ({found.ours.n})"


def _interval(metric: str, found: NumberVerdict) -> str:
    if found.ours.n < 2:
        return "–"
    return f"[{wording.number(metric, found.low)}, {wording.number(metric, found.high)}]"


def summary(results: list[ClaimResult]) -> str:
    """Return `34 claims: 20 reproduced, ...`."""
    parts = ", ".join(f"{n} {verdict}" for verdict, n in counted(results).items())
    return f"{wording.count(len(results), 'claim')}: {parts}"


def notes(results: list[ClaimResult]) -> list[str]:
    """Return what a reader must know to read the table."""
    lines = [
        "ours: mean ± standard deviation (runs); interval: where one further run should fall, with "
        "95 % confidence. A number inside it is reproduced if half the interval is at most 1 pp of "
        "accuracy or a quarter of the published loss (a gap: of the validation loss), else "
        "inconclusive. An explained number is not reproduced as described, but is under the "
        "reading named; the second line shows our runs under it.",
    ]
    readings = {r.reading.name: r.reading.why for r in results if r.reading is not None}
    return lines + [f"{name}: {why}." for name, why in readings.items()]


def claim_table(title: str, results: list[ClaimResult]) -> Table:
    """Return the table for a terminal."""
    return terminal_table(title, HEADINGS, claim_rows(results))


def claims_as_markdown(title: str, results: list[ClaimResult]) -> str:
    """Return the table as Markdown."""
    table = markdown_table(title, HEADINGS, claim_rows(results))
    parts = [table, *notes(results), summary(results)]
    return "\n\n".join(parts) + "\n"


def claims_as_csv(results: list[ClaimResult]) -> str:
    """Return a line a claim, numbers in the unit in which they were published."""
    text = io.StringIO()
    names = ["id", "document", "where", "experiment", "metric", "unit", "published"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, "mean", "sd", "n", "low", "high", "verdict", "reason"])
    for r in results:
        c, d = r.claim, r.described
        numbers = [wording.in_units(c.metric, x) for x in (d.ours.mean, d.ours.sd, d.low, d.high)]
        mean, sd, low, high = (f"{x:.6g}" for x in numbers)
        about = [r.id, r.source.document, c.where, c.experiment, c.metric, c.unit, c.value]
        writer.writerow([*about, mean, sd, d.ours.n, low, high, r.verdict, r.reason])
    return text.getvalue()


def claims_as_data(results: list[ClaimResult], data: dict) -> dict:
    """Return the content of `--json`; a number that does not exist is `None`."""
    return {
        "claims": [
            {
                "id": r.id,
                "source": r.source.name,
                "document": r.source.document,
                "where": r.claim.where,
                "kind": "number",
                "published": r.claim.value,
                "unit": r.claim.unit,
                "experiment": r.source.experiment(r.claim.experiment).to_dict(),
                "ours": _numbers(r.described),
                "reading": r.reading and r.reading.name,
                "ours_under_reading": r.read and _numbers(r.read),
                "verdict": r.verdict,
                "reason": r.reason,
            }
            for r in results
        ],
        "counts": counted(results),
        "data": data,
    }


def _numbers(found: NumberVerdict) -> dict:
    return finite({**asdict(found.ours), "low": found.low, "high": found.high})
