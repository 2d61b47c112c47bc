"""HTML of tables in a notebook: in the notebook's own colours, and no number in two lines."""

import html
from collections.abc import Iterable, Sequence

from keras_mnist.reporting.unbroken import unbroken

SPACE = "\N{NO-BREAK SPACE}"
# Colours are those of the text around it, so that it is light in the light and dark in the dark,
# whichever notebook shows it and whatever that one calls its themes.
_STYLE = """<style>
.keras-mnist { overflow-x: auto; color: inherit; }
.keras-mnist table { border-collapse: collapse; margin: 0 0 1em; color: inherit; background: none;
  font-variant-numeric: tabular-nums; }
.keras-mnist th, .keras-mnist td { text-align: left; padding: .3em .9em .3em 0; border: 0;
  border-bottom: 1px solid; border-color: rgba(128, 128, 128, .35);
  color: inherit; background: none; }
.keras-mnist th { vertical-align: bottom; font-weight: 600; border-color: currentColor; }
.keras-mnist td { white-space: nowrap; vertical-align: top; }
.keras-mnist p { max-width: 48em; opacity: .85; }
</style>"""


def html_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as HTML, every text escaped."""
    heads = "".join(f"<th scope='col'>{_escaped(h)}</th>" for h in headings)
    lines = ("".join(f"<td>{_escaped(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<h4>{_escaped(title)}</h4><table><tr>{heads}</tr>{body}</table>"


def html_text(line: str) -> str:
    """Return a paragraph as HTML, escaped."""
    return f"<p>{_escaped(line)}</p>"


def html_whole(parts: Iterable[str]) -> str:
    """Return parts as one piece of HTML that brings its own style and asks nothing of the net."""
    return f"<div class='keras-mnist'>{_STYLE}{''.join(parts)}</div>"


def _escaped(text: str) -> str:
    return html.escape(unbroken(text, SPACE)).replace("\n", "<br>")
