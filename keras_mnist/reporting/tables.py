"""A study's tables: on the terminal, as Markdown, as HTML. One list of columns feeds all three."""

from rich.console import Console

from keras_mnist.analysis.answers import Question
from keras_mnist.documents import published
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment import Experiment, Study
from keras_mnist.experiment.departures import departures_from
from keras_mnist.experiment.study import name_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.chance_columns import CHANCE_NOTE, chance_columns, varied
from keras_mnist.reporting.class_columns import CLASS_NOTE, class_columns, shows_classes
from keras_mnist.reporting.columns import cells, headings
from keras_mnist.reporting.console import Screen
from keras_mnist.reporting.grids import markdown_table, markdown_text, print_notes
from keras_mnist.reporting.image_columns import image_columns, image_note
from keras_mnist.reporting.markup import html_table, html_text, html_whole
from keras_mnist.reporting.own_notes import own_notes
from keras_mnist.reporting.shares import in_path, share_columns, share_rows
from keras_mnist.reporting.study_columns import effect_columns, effect_rows, result_columns
from keras_mnist.reporting.terminal import TerminalTable

_PLAIN = (
    "paired by seed; p is adjusted by Holm over all variants and metrics shown, and an interval is "
    "of the level that this leaves, so that it excludes zero just where p is below 0.05: where "
    "nothing differs, 95 % of tables say neither higher nor lower."
)


def _answers(question: Question) -> str:
    """Return what the intervals of answers allow for."""
    looks = ", ".join(map(str, question.looks[:-1]))
    of = f", and looks at {looks} and {question.looks[-1]} seeds" if looks else ""
    margin = ""
    if question.margin is not None:
        margin = wording.size(question.metric, question.margin)
        margin = f" A difference below {margin} is taken for none that matters."
    return (
        f"intervals and p allow for all variants{of}: in 95 % of studies no answer is wrong "
        f"(docs/reading.md).{margin}"
    )


def notes(result: Findings) -> list[str]:
    """Return what a reader must know to read the tables."""
    seeds = ", ".join(map(str, result.study.seeds))
    lines = [
        f"Mean ± standard deviation over n runs; seeds {seeds}. Effects: variant minus baseline, "
        + ("paired by seed; " + _answers(result.question) if result.question else _PLAIN)
    ]
    lines += [*_departing(result.study), *own_notes(result.study)]
    if result.study.interactions and not result.question:
        lines.append(
            "Interaction: the joint effect minus the sum of the single ones; p and intervals allow "
            "for all interactions, by themselves."
        )
    if result.images.changes:
        lines.append(image_note(result))
    if shows_classes(result):
        lines.append(CLASS_NOTE)
    if varied(result):
        lines.append(CHANCE_NOTE)
    if result.shares:
        lines.append(
            "Shares (Shapley values): what a choice adds to the change, averaged over every order "
            "in which the choices can be changed; together they are the whole change. Of two "
            "choices: how much more they do together. Intervals allow for all rows (Holm)."
        )
        lines += [in_path(result, name) for name in result.shares]
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


def _departing(study: Study) -> list[str]:
    """Return the line on what all runs have otherwise than the published network, or the default.

    Nothing where the baseline is a published network as it was published.
    """
    base = study.baseline
    known = [e for _, e in published().values() if e.kind == base.kind]
    standards = known or [Experiment(network=type(base.network)())]
    found = min((departures_from(base, standard) for standard in standards), key=len)
    words = name_of(tuple((name, base.value(name)) for _, name, _ in found), base)
    return [f"In all runs, but for a variant's own change: {words}."] if words else []


def _sections(result: Findings):
    data = "" if result.data["canonical"] else f" (data: {result.data['name']})"
    for title, columns, rows in (
        ("Results", result_columns(result), result.study.variants),
        ("Effects against the baseline", effect_columns(result), effect_rows(result)),
    ):
        yield f"{title}{data}", columns, rows
    if result.images.changes:
        yield f"Test images{data}", image_columns(result), result.study.variants
    if shows_classes(result):
        yield f"Classes{data}", class_columns(result), result.study.variants
    if varying := varied(result):
        yield f"Where chance comes from{data}", chance_columns(result), varying
    for name, found in result.shares.items():
        yield f"Shares in {name}{data}", share_columns(found), share_rows(result, found)


def print_tables(result: Findings, console: Console) -> None:
    """Print the tables and their notes."""
    for title, columns, rows in _sections(result):
        console.print(TerminalTable.of(title, columns, rows))
    print_notes(notes(result), console)


def as_text(result: Findings, width: int | None = None) -> str:
    """Return the tables as plain text."""
    # In a notebook, too, this is text: rich would show it there by itself, and emphasize.
    plain = Screen(width=width or 120, color_system=None, force_terminal=False, force_jupyter=False)
    with plain.capture() as capture:
        print_tables(result, plain)
    return capture.get()


def as_markdown(result: Findings) -> str:
    """Return the tables as Markdown."""
    sections = _sections(result)
    tables = [markdown_table(t, headings(cols), cells(cols, rows)) for t, cols, rows in sections]
    return "\n\n".join([*tables, *map(markdown_text, notes(result))]) + "\n"


def as_html(result: Findings) -> str:
    """Return the tables as HTML, every text escaped."""
    sections = _sections(result)
    tables = [
        html_table(title, headings(cols), cells(cols, rows)) for title, cols, rows in sections
    ]
    return html_whole([*tables, *map(html_text, notes(result))])
