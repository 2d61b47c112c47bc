"""`python -m keras_mnist.report`: verdicts, tables and figures from stored runs alone."""

import sys

from keras_mnist.command import Parser, guarded
from keras_mnist.documented import add_document_code_option
from keras_mnist.options import add_claim_options, add_runs_option


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="python -m keras_mnist.report",
        description="Say of each claim of the published documents what the stored runs say: as a "
        "table (Markdown, CSV, LaTeX) and figures. Trains nothing, and needs no data set for "
        "documents about MNIST.",
    )
    add_runs_option(top)
    add_document_code_option(top)
    add_claim_options(top, "report")
    return top


def main(arguments=None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    from keras_mnist.documented import learn, on_data, picked, their_data
    from keras_mnist.documents.judging.judged import judged
    from keras_mnist.documents.judging.stored import MNIST, records_of
    from keras_mnist.reporting.announce import tell_notes
    from keras_mnist.reporting.claim_outputs import present_claims
    from keras_mnist.reporting.outputs import check_writable

    named, data = picked(options), MNIST
    if any(document.data.name != "mnist" for document in named):
        dataset = their_data(named)
        named, data = on_data(named, dataset), dataset.identity
    check_writable(options.out, options.json)
    learn(named, options.runs)
    records, data, notes = records_of(options.runs, named, data)
    found = [judged(document, records, claims) for document, claims in named.items()]
    tell_notes(notes)
    present_claims(found, data, options.out, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
