"""A study's tables: on the terminal, as Markdown, as HTML. One list of rows feeds all three."""

import html

from rich.console import Console

from keras_mnist.documents.judging.findings import Comparison, Findings
from keras_mnist.reporting import wording
from keras_mnist.reporting.grids import markdown_table, print_notes, terminal_table

RESULT_METRICS = ("train_loss", "val_loss", "gap", "test_accuracy")
EFFECT_METRICS = ("test_accuracy", "gap")


def result_rows(result: Findings) -> tuple[list[str], list[list[str]]]:
    """Return headings and a row a variant: n, then each metric with what was published of it."""
    headings = ["variant", "n", *(wording.heading(metric) for metric in RESULT_METRICS)]
    rows = []
    for variant in result.study.variants:
        comparisons = result.comparisons(variant)
        runs = result.runs(variant)
        done = sum(record.completed for record in runs)
        n = str(done) if done == len(result.study.seeds) else f"{done} of {len(result.study.seeds)}"
        cells = []
        for metric in RESULT_METRICS:
            cell = wording.spread(metric, result.summary(variant, metric))
            same = (c for c in comparisons if c.claim.metric == metric)
            cell = "\n".join([cell, *map(_published, same)])
            cells.append(cell)
        rows.append([variant.name, n, *cells])
    return headings, rows


def _published(comparison: Comparison) -> str:
    metric = comparison.claim.metric
    verdict = {True: "inside", False: "outside", None: "too few runs"}[comparison.inside]
    value = wording.number(metric, comparison.claim.as_metric)
    return f"{comparison.document.short} {value}, {verdict}"


def effect_rows(result: Findings) -> tuple[list[str], list[list[str]]]:
    """Return headings and a row a variant, then a row an interaction."""
    headings = ["change"]
    for metric in EFFECT_METRICS:
        headings += [f"effect on {wording.name(metric)}", "p (Holm)"]
    rows = []
    for variant in result.study.variants[1:]:
        rows.append([variant.name, *_effects(result.effects, variant.name)])
    for joint, _ in result.study.interactions:
        name = f"interaction: {joint.name}"
        rows.append([name, *_effects(result.interactions, joint.name)])
    return headings, rows


def _effects(effects: dict, name: str) -> list[str]:
    cells = []
    for metric in EFFECT_METRICS:
        interval, adjusted = effects[metric][name]
        cells += [wording.effect(metric, interval), wording.p_value(adjusted)]
    return cells


def notes(result: Findings) -> list[str]:
    """Return what a reader must know to read the tables."""
    seeds = ", ".join(map(str, result.study.seeds))
    lines = [
        f"Mean ± standard deviation over n runs; seeds {seeds}. Effects: variant minus baseline, "
        "paired by seed, with 95 % intervals; p adjusted by Holm over the variants of a column.",
    ]
    if result.study.interactions:
        lines.append("Interaction: the joint effect minus the sum of the single ones.")
    comparisons = [c for variant in result.study.variants for c in result.comparisons(variant)]
    for document in dict.fromkeys(c.document for c in comparisons):
        lines.append(
            f"{document.short}: the figure published in {document.file}, inside or outside the "
            "95 % prediction interval of one further run."
        )
    if result.data["note"]:
        lines.append(f"Data: {result.data['name']}: {result.data['note']}.")
    for record in result.failed:
        lines.append(
            f"{record.experiment.name}, seed {record.seed}: {record.status}: {record.reason}"
        )
    return lines


def _sections(result: Findings):
    data = "" if result.data["canonical"] else f" (data: {result.data['name']})"
    yield f"Results{data}", *result_rows(result)
    yield f"Effects against the baseline{data}", *effect_rows(result)


def print_tables(result: Findings, console: Console) -> None:
    """Print the tables and their notes."""
    for title, headings, rows in _sections(result):
        console.print(terminal_table(title, headings, rows, whole=1))
    print_notes(notes(result), console)


def as_text(result: Findings, width: int | None = None) -> str:
    """Return the tables as plain text."""
    console = Console(width=width or 120, no_color=True, force_terminal=False)
    with console.capture() as capture:
        print_tables(result, console)
    return capture.get()


def as_markdown(result: Findings) -> str:
    """Return the tables as Markdown."""
    tables = [markdown_table(*section) for section in _sections(result)]
    return "\n\n".join([*tables, *notes(result)]) + "\n"


def as_html(result: Findings) -> str:
    """Return the tables as HTML, every text escaped."""
    parts = []
    for title, headings, rows in _sections(result):
        head = "".join(f"<th scope='col'>{html.escape(h)}</th>" for h in headings)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        parts.append(f"<h4>{html.escape(title)}</h4><table><tr>{head}</tr>{body}</table>")
    parts += [f"<p>{html.escape(line)}</p>" for line in notes(result)]
    return "".join(parts)


def _cell(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
