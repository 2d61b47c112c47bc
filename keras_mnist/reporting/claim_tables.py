"""The claim table: on the terminal, as Markdown, CSV and LaTeX. One list of rows feeds all."""

import csv
import io
import math

from rich.table import Table

from keras_mnist.judging import ClaimResult, counted
from keras_mnist.published import Source
from keras_mnist.reporting import wording
from keras_mnist.reporting.claim_words import HEADINGS, cells, reason, sampling_noise
from keras_mnist.reporting.contrast_tables import contrasts_as_markdown
from keras_mnist.reporting.grids import latex_table, markdown_table, terminal_table

_NUMBERS = (
    "ours: mean ± standard deviation over seeds (runs). Of a number, the interval is where one "
    "further run should fall, with 95 % confidence; a number inside it, its own rounding allowed "
    "for, is reproduced if half the interval is at most 1 pp of accuracy or a quarter of what the "
    "published loss is above the least possible (a gap: of its validation loss), else "
    "inconclusive. An explained number is not reproduced as described, but is under the reading "
    "named; the second line shows our runs under it."
)
_STATEMENTS = (
    "Of a statement, ours is the difference that it hangs on, paired by seed, with its 95 % "
    "interval; it holds or fails at p < 0.05, adjusted by Holm over all comparisons of the source. "
    'Thresholds marked "here" are ours.'
)
_NOISE = (
    "test-set noise: how far the accuracy of one network would vary, as a standard deviation, from "
    "one sample of 10,000 digits to another. It is no part of a verdict: the documents measured on "
    "the same 10,000."
)


def title(source: Source) -> str:
    """Return a source's heading."""
    return f"{source.document}: {source.title}"


def summary(results: list[ClaimResult]) -> str:
    """Return `34 claims: 20 reproduced, ...`."""
    parts = ", ".join(f"{n} {verdict}" for verdict, n in counted(results).items())
    return f"{wording.count(len(results), 'claim')}: {parts}"


def legend(results: list[ClaimResult]) -> list[str]:
    """Return what a reader must know to read any of the tables."""
    kinds = {result.claim.kind for result in results}
    lines = [_NUMBERS, _NOISE] if "number" in kinds else []
    return lines + ([_STATEMENTS] if "statement" in kinds else [])


def notes(source: Source, results: list[ClaimResult], records: list) -> list[str]:
    """Return what is special to a source: its readings and assumptions, and our machine."""
    tried = {r.reading.name: r.reading.why for r in results if r.reading is not None}
    lines = [f"{name}: {why}." for name, why in tried.items()]
    if source.assumptions:
        lines.append(f"Assumed: {'; '.join(source.assumptions)}.")
    if any(result.claim.kind == "time" for result in results):
        lines.append(f"Times: ours on {_machines(records)}.")
    return lines


def _machines(records: list) -> str:
    about = [record.environment for record in records if record.environment]
    found = dict.fromkeys(
        f"{e['processor']}, {wording.count(e['threads'], 'thread')}" for e in about
    )
    return "; ".join(found) or "no machine yet"


def claim_table(source: Source, results: list[ClaimResult]) -> Table:
    """Return the table for a terminal."""
    return terminal_table(title(source), HEADINGS, [cells(result) for result in results])


def claims_as_markdown(found: list) -> str:
    """Return the tables of `Judged` sources as Markdown."""
    everything = [result for one in found for result in one.results]
    parts = [f"**{summary(everything)}.**", *legend(everything)]
    for one in found:
        rows = [cells(result) for result in one.results]
        parts += [markdown_table(title(one.source), HEADINGS, rows)]
        parts += [*notes(one.source, one.results, one.records), summary(one.results)]
        if one.contrasts:
            parts.append(contrasts_as_markdown(one.contrasts))
    return "\n\n".join(parts) + "\n"


def claims_as_latex(found: list) -> str:
    """Return the tables of `Judged` sources as LaTeX, for documents that load `longtable`."""
    return "\n".join(
        latex_table(title(one.source), HEADINGS, [cells(result) for result in one.results])
        for one in found
    )


def claims_as_csv(found: list) -> str:
    """Return a line a claim; accuracies and their differences in percent, losses in nats."""
    text = io.StringIO()
    names = ["id", "document", "where", "kind", "experiment", "claim", "published"]
    numbers = ["mean", "sd", "n", "low", "high", "test_set_noise"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, *numbers, "verdict", "reason"])
    for result in (result for one in found for result in one.results):
        described, (experiment, claim, published, *_) = result.described, cells(result)
        values = (described.ours.mean, described.ours.sd, described.low, described.high)
        values = (*values, sampling_noise(result, described))
        mean, sd, low, high, noise = (_figure(described.metric, value) for value in values)
        about = [result.id, result.source.document, result.claim.where, result.claim.kind]
        ours = [mean, sd, described.ours.n, low, high, noise]
        said = [result.verdict, reason(result)]
        writer.writerow([*about, experiment, claim, published, *ours, *said])
    return text.getvalue()


def _figure(metric: str, value: float) -> str:
    """Return a value with six digits, nothing for NaN."""
    if math.isnan(value):
        return ""
    return f"{value if metric == 'parameters' else wording.in_units(metric, value):.6g}"
