"""`keras-mnist new-document`: a document's file to begin with."""

import json
import re
import sys
from pathlib import Path

from keras_mnist.base.errors import DocumentError, StoreError
from keras_mnist.base.files import write_whole
from keras_mnist.command import Parser, guarded
from keras_mnist.documents.file import SUFFIX

_START = Path(__file__).parent / "documents" / "file" / "new.toml"


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="keras-mnist new-document",
        description="Write NAME.toml, a published document to begin with: every part once, with a "
        "word of what it is. Put the paper's own in their places, then: keras-mnist reproduce "
        "NAME.toml. See docs/documents.md.",
    )
    top.add_argument("name", metavar="NAME", help="of the document; the file is NAME.toml")
    top.add_argument(
        "--schema", action="store_true", help="print the form as a JSON Schema, and write nothing"
    )
    return top


def main(arguments=None) -> int:
    """Write the file and return the exit code."""
    options = parser().parse_args(arguments)
    if options.schema:
        from keras_mnist.documents.file.form import schema

        print(json.dumps(schema(), indent=1))
        return 0
    path = Path(options.name.removesuffix(SUFFIX) + SUFFIX)
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", path.stem, re.ASCII):
        raise DocumentError(
            "a document must have a name of letters without accents, digits, and - _ .",
            path.stem,
        )
    if path.exists():
        raise StoreError(f"{path} must not be there yet", "a file", "Name another")
    text = _START.read_text(encoding="utf-8")
    for word, said in (("NAME", path.stem), ("TITLE", path.stem), ("SHORT", path.stem)):
        text = text.replace(word, said)
    print(write_whole(path, text))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
