"""`python -m keras_mnist.page`: everything that stored runs say, as one HTML file."""

import sys

from keras_mnist.command import Parser, guarded
from keras_mnist.documented import add_document_code_option, read_for_page
from keras_mnist.options import add_data_choice, add_runs_option, data_of


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="python -m keras_mnist.page",
        description="Make one HTML file that needs no network: what each study found, the effects, "
        "the curves, the networks, the search; where documents were reproduced, which of their "
        "claims hold; of digits, a field to draw them in. From stored records alone: trains "
        "nothing, and needs a data set only to show its images.",
    )
    add_runs_option(top)
    top.add_argument(
        "--search", metavar="DIR", help="of a finished search (default search, if it is there)"
    )
    add_data_choice(top, None, "whose test images are shown where a change breaks or mends them")
    top.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="FILE.toml",
        help="of yours, beside those of the package; repeatable",
    )
    add_document_code_option(top)
    top.add_argument("--out", default="page.html", metavar="FILE.html", help="default %(default)s")
    top.add_argument("--open", action="store_true", help="show it in the browser")
    return top


def main(arguments=None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    from keras_mnist.reporting.announce import tell_notes
    from keras_mnist.site.content import content
    from keras_mnist.site.document import write_page

    dataset = data_of(options) if options.data else None
    page = content(options.runs, options.search, read_for_page(options), dataset)
    path = write_page(page, options.out)
    tell_notes(page.text["method"]["set_aside"])
    print(path)
    if options.open:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
