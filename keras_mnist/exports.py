"""`keras-mnist exports`: the exported networks that `predict` finds."""

import sys

from keras_mnist.base.errors import StoreError
from keras_mnist.command import Parser, guarded


def parser() -> Parser:
    """Return the command's parser."""
    return Parser(
        prog="keras-mnist exports",
        description="List the exported networks in saved_models/ here, and those that came with "
        "the package: name, version, accuracy on the test examples, data, classes, size, date, "
        "formats.",
    )


def main(arguments=None) -> int:
    """Print a table of them and return the exit code: 1 if one of them cannot be read."""
    parser().parse_args(arguments)

    from keras_mnist.reporting.outputs import wide_console
    from keras_mnist.reporting.terminal import TerminalTable
    from keras_mnist.serving.card import Card
    from keras_mnist.serving.shelf import shelved

    rows, bad = [], 0
    for name, version, folder in shelved():
        try:
            card = Card.read(folder)
        except StoreError as error:
            print(f"error: {error}", file=sys.stderr)
            bad += 1
            continue
        data, formats = card.record.data["name"], ", ".join(p.format for p in card.parities)
        accuracy, size = f"{100 * card.accuracy:.2f}", f"{card.bytes / 1024:,.0f} KiB"
        day = card.record.created.partition("T")[0]
        about = [name, str(version), accuracy, data, _classes(card)]
        rows.append([*about, size, day, formats, str(folder)])
    headings = ["name", "version", "accuracy %", "data", "classes"]
    headings += ["size", "date", "formats", "folder"]
    wide_console().print(TerminalTable("Exported networks", headings, rows))
    return 1 if bad else 0


def _classes(card, most: int = 3) -> str:
    """Return the first names of its classes, or how many there are."""
    if not card.class_names:
        return str(len(card.confusion))
    return ", ".join(card.class_names[:most]) + (", ..." if len(card.class_names) > most else "")


if __name__ == "__main__":
    sys.exit(guarded(main))
