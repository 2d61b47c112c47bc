"""Where verdicts on claims go: the terminal, a folder of tables and figures, a JSON file."""

from dataclasses import asdict
from pathlib import Path

from keras_mnist.base.files import finite, write_whole
from keras_mnist.documents.judging.judged import Judged
from keras_mnist.reporting.claim_chance import beside_chance
from keras_mnist.reporting.claim_plot import claim_plot, final_numbers
from keras_mnist.reporting.claim_tables import (
    claim_table,
    claims_as_csv,
    claims_as_data,
    claims_as_latex,
    claims_as_markdown,
    legend,
    notes,
    summary,
)
from keras_mnist.reporting.contrast_tables import HEADINGS, TITLE, contrast_rows
from keras_mnist.reporting.document_curves import document_curves
from keras_mnist.reporting.files import save
from keras_mnist.reporting.grids import print_notes
from keras_mnist.reporting.outputs import finish, wide_console
from keras_mnist.reporting.terminal import TerminalTable


def print_claims(found: list[Judged]) -> None:
    """Print a table a document, then the count of verdicts."""
    console = wide_console()
    everything = [result for one in found for result in one.results]
    for one in found:
        console.print(claim_table(one.document, one.results))
        if one.contrasts:
            console.print(TerminalTable(TITLE, HEADINGS, contrast_rows(one.contrasts)))
        print_notes(notes(one.document, one.results, one.records), console)
        print(summary(one.results))
    chance = beside_chance(everything)
    print_notes([*filter(None, [chance]), *legend(everything)], console)
    if len(found) > 1:
        print(f"all documents: {summary(everything)}")


def present_claims(found: list[Judged], data: dict, folder: Path | str, json_path) -> None:
    """Write tables, figures and data, then print the tables and the paths of what was written.

    Args:
        found: a document each.
        data: the data set's identity.
        folder: for tables and figures.
        json_path: for everything as data, if wanted.
    """
    folder = Path(folder)
    figures = {}
    if numbers := [number for one in found for number in final_numbers(one.results)]:
        figures["published"] = claim_plot(numbers)
    for one in found:
        if one.document.figures:
            figures[f"{one.document.name}_curves"] = document_curves(one.document, one.records)
    written = [
        write_whole(folder / "claims.md", claims_as_markdown(found)),
        write_whole(folder / "claims.csv", claims_as_csv(found)),
        write_whole(folder / "claims.tex", claims_as_latex(found)),
        *save(figures, folder),
    ]
    finish(written, json_path, as_data(found, data), lambda: print_claims(found))


def as_data(found: list[Judged], data: dict) -> dict:
    """Return everything as plain data."""
    explained = [
        {"source": one.document.name, **asdict(contrast), **finite(asdict(interval)), "p_holm": p}
        for one in found
        for contrast, interval, p in one.contrasts
    ]
    results = [result for one in found for result in one.results]
    return claims_as_data(results, data) | {"contrasts": finite(explained)}
