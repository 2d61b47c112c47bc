"""The claim table: on the terminal, as Markdown, CSV and LaTeX. One list of rows feeds all."""

import csv
import io
import math

from rich.table import Table

from keras_mnist.analysis.verdicts import NOT_REPRODUCED, REPRODUCED
from keras_mnist.documents import Document, Number
from keras_mnist.documents.judging import ClaimResult, counted
from keras_mnist.reporting import wording
from keras_mnist.reporting.claim_words import HEADINGS, cells, reason, sampling_noise
from keras_mnist.reporting.contrast_tables import HEADINGS as CONTRASTED
from keras_mnist.reporting.contrast_tables import TITLE, contrast_rows, contrasts_as_markdown
from keras_mnist.reporting.grids import latex_table, latex_text, markdown_table, terminal_table

WIDTHS = (0.14, 0.18, 0.09, 0.12, 0.13, 0.06, 0.09, 0.11)  # of the columns, in LaTeX
_NUMBERS = (
    "ours: mean ± standard deviation over seeds (runs). Of a number, the interval is where one "
    "further run should fall, with 95 % confidence; a number inside it, its own rounding allowed "
    "for, is reproduced if half the interval is narrow enough to mean something, else "
    "inconclusive. Narrow enough: accuracy, 1 pp or half the published error, whichever is less; "
    "loss, a quarter of what it is above the least possible, and at most 0.02 where softmax is "
    "applied twice; gap, a quarter of its validation loss, and at most itself. An explained number "
    "is not reproduced as described, but is under the one reading that suits most numbers of its "
    "experiment; the second line shows our runs under it. One true number in twenty falls outside "
    "by chance, and the epochs of a curve are one run, not so many tests."
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


def title(document: Document) -> str:
    """Return a document's heading."""
    return f"{document.file}: {document.title}"


def summary(results: list[ClaimResult]) -> str:
    """Return `34 claims: 20 reproduced, ...`."""
    parts = ", ".join(f"{n} {verdict}" for verdict, n in counted(results).items())
    return f"{wording.count(len(results), 'claim')}: {parts}"


def effort(found: list) -> str:
    """Return how much training the verdicts of `Judged` documents rest on."""
    seconds = {}
    for one in found:
        needed = one.document.needed()
        runs = (record for record in one.records if record.experiment in needed)
        seconds |= {(record.experiment, record.seed): record.seconds for record in runs}
    spent = wording.duration(sum(seconds.values()))
    count = wording.count(len(seconds), "run")
    return f"They rest on {count}, {spent} of training, each on one thread."


def legend(results: list[ClaimResult]) -> list[str]:
    """Return what a reader must know to read any of the tables."""
    kinds = {result.claim.kind for result in results}
    lines = [_NUMBERS, _NOISE] if "number" in kinds else []
    return lines + ([_STATEMENTS] if "statement" in kinds else [])


def notes(document: Document, results: list[ClaimResult], records: list) -> list[str]:
    """Return what is special to a document: its readings and assumptions, and our machine."""
    tried = {r.reading.name: r.reading.why for r in results if r.reading is not None}
    lines = [f"{name}: {why}.{_broken(results, name)}" for name, why in tried.items()]
    if document.assumptions:
        lines.append(f"Assumed: {'; '.join(document.assumptions)}.")
    if any(result.claim.kind == "time" for result in results):
        lines.append(f"Times: ours on {_machines(records)}.")
    failed = [record for record in records if not record.completed]
    named = {document.experiment(name): name for name in document.changes}
    lines += [
        f"{named[record.experiment]}, seed {record.seed}: {record.status}: {record.reason}."
        for record in failed
        if record.experiment in named
    ]
    return lines


def _broken(results: list[ClaimResult], reading: str) -> str:
    """Return what a reading does not reproduce, though the description does."""
    lost = [
        f"{r.claim.experiment} ({wording.name(r.claim.metric)})"
        for r in results
        if r.reading is not None
        and r.reading.name == reading
        and (r.described.verdict, r.read.verdict) == (REPRODUCED, NOT_REPRODUCED)
    ]
    return f" Under it, these no longer reproduce: {', '.join(lost)}." if lost else ""


def _machines(records: list) -> str:
    about = [r.environment for r in records if r.environment.keys() >= {"processor", "threads"}]
    found = dict.fromkeys(
        f"{e['processor']}, {wording.count(e['threads'], 'thread')}" for e in about
    )
    return "; ".join(found) or "no machine yet"


def claim_table(document: Document, results: list[ClaimResult]) -> Table:
    """Return the table for a terminal."""
    return terminal_table(title(document), HEADINGS, [cells(result) for result in results])


def claims_as_markdown(found: list) -> str:
    """Return the tables of `Judged` documents as Markdown."""
    everything = [result for one in found for result in one.results]
    parts = [f"**{summary(everything)}.**", effort(found), *legend(everything)]
    for one in found:
        rows = [cells(result) for result in one.results]
        parts += [markdown_table(title(one.document), HEADINGS, rows)]
        parts += [*notes(one.document, one.results, one.records), summary(one.results)]
        if one.contrasts:
            parts.append(contrasts_as_markdown(one.contrasts))
    return "\n\n".join(parts) + "\n"


def claims_as_latex(found: list) -> str:
    """Return the tables of `Judged` documents as LaTeX, for documents that load `longtable`."""
    everything = [result for one in found for result in one.results]
    parts = [*legend(everything)]
    for one in found:
        rows = [cells(result) for result in one.results]
        parts += [latex_table(title(one.document), HEADINGS, rows, WIDTHS)]
        parts += notes(one.document, one.results, one.records)
        if one.contrasts:
            parts.append(latex_table(TITLE, CONTRASTED, contrast_rows(one.contrasts)))
    return "\n\n".join(p if p.startswith("\\begin") else latex_text(p) for p in parts) + "\n"


def claims_as_csv(found: list) -> str:
    """Return a line a claim; accuracies and their differences in percent, losses in nats.

    `published` is in the unit of `mean`; `as_printed` is as it stands in the document.
    """
    text = io.StringIO()
    names = ["id", "document", "where", "kind", "experiment", "claim", "as_printed", "published"]
    numbers = ["mean", "sd", "n", "low", "high", "test_set_noise"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, *numbers, "verdict", "reason"])
    for result in (result for one in found for result in one.results):
        described, (experiment, claim, published, *_) = result.described, cells(result)
        values = (described.ours.mean, described.ours.sd, described.low, described.high)
        values = (*values, sampling_noise(result, described))
        mean, sd, low, high, noise = (_figure(described.metric, value) for value in values)
        about = [result.id, result.document.file, result.claim.where, result.claim.kind]
        ours = [mean, sd, described.ours.n, low, high, noise]
        said = [result.verdict, reason(result)]
        number = _published(result)
        writer.writerow([*about, experiment, claim, published, number, *ours, *said])
    return text.getvalue()


def _published(result: ClaimResult) -> str:
    """Return a published number in the unit of ours, nothing where there is none."""
    claim = result.claim
    if isinstance(claim, Number):
        return _figure(claim.metric, claim.as_metric)
    value = getattr(claim, "value", None) or getattr(claim, "seconds", None)
    return "" if value is None else str(value)


def _figure(metric: str, value: float) -> str:
    """Return a value with six digits, nothing for NaN."""
    if math.isnan(value):
        return ""
    return f"{value if metric == 'parameters' else wording.in_units(metric, value):.6g}"
