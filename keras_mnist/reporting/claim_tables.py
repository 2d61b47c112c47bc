"""The claim table: for a terminal, as Markdown, CSV, LaTeX, data. One list of columns feeds all."""

import csv
import io

from keras_mnist.analysis.verdicts import NOT_REPRODUCED, REPRODUCED
from keras_mnist.documents import Document
from keras_mnist.documents.claims.number import NOISE
from keras_mnist.documents.judging import ClaimResult, counted
from keras_mnist.reporting import wording
from keras_mnist.reporting.claim_chance import beside_chance
from keras_mnist.reporting.claim_columns import COLUMNS, columns_of, facts, has_noise
from keras_mnist.reporting.columns import cells, headings
from keras_mnist.reporting.contrast_tables import HEADINGS as CONTRASTED
from keras_mnist.reporting.contrast_tables import TITLE, contrast_rows, contrasts_as_markdown
from keras_mnist.reporting.grids import (
    latex_table,
    latex_text,
    markdown_table,
    markdown_text,
)
from keras_mnist.reporting.terminal import TerminalTable

_FACTS = ("id", "document", "where", "kind")  # before the columns, in CSV


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
    lines = list(dict.fromkeys(line for result in results for line in result.claim.legend))
    return [line for line in lines if line != NOISE or has_noise(results)]


def notes(document: Document, results: list[ClaimResult], records: list) -> list[str]:
    """Return what is special to a document: its readings and assumptions, and our machine."""
    tried = {r.reading.name: r.reading.why for r in results if r.reading is not None}
    lines = [f"{name}: {why}.{_broken(results, name)}" for name, why in tried.items()]
    if document.assumptions:
        lines.append(f"Assumed: {'; '.join(document.assumptions)}.")
    lines += dict.fromkeys(note for r in results if (note := r.claim.note(records)))
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
    lost = in_words(
        [
            r
            for r in results
            if r.reading is not None
            and r.read is not None
            and r.reading.name == reading
            and (r.described.verdict, r.read.verdict) == (REPRODUCED, NOT_REPRODUCED)
        ]
    )
    return f" Under it, these no longer reproduce: {'; '.join(lost)}." if lost else ""


def in_words(results: list[ClaimResult]) -> list[str]:
    """Return what numbers are of, an experiment's metric a line: `LeNet-5, test loss, epoch 3`."""
    found: dict[tuple[str, str], list] = {}
    for result in results:
        if of := result.claim.quantity:
            found.setdefault((of.experiment, wording.name(of.metric)), []).append(of.epoch)
    return [
        ", ".join(filter(None, [*about, wording.epochs(epochs)])) for about, epochs in found.items()
    ]


def claim_table(document: Document, results: list[ClaimResult]) -> TerminalTable:
    """Return the table for a terminal."""
    return TerminalTable.of(title(document), columns_of(results), results)


def claims_as_markdown(found: list) -> str:
    """Return the tables of `Judged` documents as Markdown."""
    everything = [result for one in found for result in one.results]
    chance = beside_chance(everything)
    parts = [f"**{summary(everything)}.**", *filter(None, [chance]), effort(found)]
    parts += legend(everything)
    for one in found:
        columns = columns_of(one.results)
        rows = cells(columns, one.results)
        parts += [markdown_table(title(one.document), headings(columns), rows)]
        about = notes(one.document, one.results, one.records)
        parts += [*map(markdown_text, about), summary(one.results)]
        if one.contrasts:
            parts.append(contrasts_as_markdown(one.contrasts))
    return "\n\n".join(parts) + "\n"


def claims_as_latex(found: list) -> str:
    """Return the tables of `Judged` documents as LaTeX, for documents that load `longtable`."""
    everything = [result for one in found for result in one.results]
    parts = [*filter(None, [beside_chance(everything)]), *legend(everything)]
    for one in found:
        columns = columns_of(one.results)
        rows, widths = cells(columns, one.results), [column.width for column in columns]
        parts += [latex_table(title(one.document), headings(columns), rows, widths)]
        parts += notes(one.document, one.results, one.records)
        if one.contrasts:
            parts.append(latex_table(TITLE, CONTRASTED, contrast_rows(one.contrasts)))
    return "\n\n".join(p if p.startswith("\\begin") else latex_text(p) for p in parts) + "\n"


def claims_as_csv(found: list) -> str:
    """Return a line a claim; accuracies and their differences in percent, losses in nats.

    `published` is in the unit of `mean`; `as_printed` is as it stands in the document.
    """
    text = io.StringIO()
    fields = {name: value for column in COLUMNS for name, value in column.fields("csv").items()}
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_FACTS, *fields])
    for result in (result for one in found for result in one.results):
        about = facts(result)
        values = (value(result) for value in fields.values())
        writer.writerow([*(about[name] for name in _FACTS), *values])
    return text.getvalue()


def claims_as_data(results: list[ClaimResult], data: dict) -> dict:
    """Return the content of `--json`; a number that does not exist is `None`.

    Args:
        results: of any documents.
        data: the data set's identity.
    """
    fields = {name: value for column in COLUMNS for name, value in column.fields("json").items()}
    claims = [facts(r) | {name: value(r) for name, value in fields.items()} for r in results]
    return {"claims": claims, "counts": counted(results), "data": data}
