"""What explains a document's results, as a table: effects that no document claims."""

from keras_mnist.reporting import wording
from keras_mnist.reporting.grids import markdown_table

HEADINGS = ["what", "effect, its interval allows for all rows", "on", "p (Holm)"]
TITLE = "What explains it"


def contrast_rows(found: list) -> list[list[str]]:
    """Return a row for each of `judging.contrasts`' results."""
    return [
        [
            f"{contrast.question}: {contrast.variant} − {contrast.base}",
            wording.effect(contrast.metric, interval),
            wording.name(contrast.metric),
            wording.p_value(adjusted),
        ]
        for contrast, interval, adjusted in found
    ]


def contrasts_as_markdown(found: list) -> str:
    """Return the table as Markdown; nothing where nothing is contrasted."""
    return markdown_table(TITLE, HEADINGS, contrast_rows(found)) if found else ""
