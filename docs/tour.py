"""`python docs/tour.py` executes the tour anew, in a folder of its own, and keeps what it shows."""

import re
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

TOUR = Path(__file__).with_suffix(".ipynb")


def executed(book, folder):
    """Return a notebook with what its cells show, without what differs from one time to the next.

    Args:
        book: the notebook, which is changed.
        folder: where it runs and writes.
    """
    NotebookClient(
        book,
        timeout=1200,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    for cell in book.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":  # what a line was before it was written over
                lines = output.text.replace("\r\n", "\n")
                output.text = re.sub(r"^.*\r", "", lines, flags=re.MULTILINE)
    book.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    return book


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(executed(nbformat.read(TOUR, 4), folder), TOUR)
