"""`python -m keras_mnist.reproduce`: every claim of the published documents, with a verdict."""

import sys

from keras_mnist.command import Parser, guarded, stores_runs
from keras_mnist.documented import (
    add_document_code_option,
    data_of_documents,
    learn,
    on_data,
    picked,
)
from keras_mnist.options import add_claim_options, add_run_options, how_to_run, seeds_of


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="python -m keras_mnist.reproduce",
        description="Run what the published documents describe and say of each of their numbers "
        "and statements whether it reproduces.",
    )
    top.add_argument(
        "--list", action="store_true", help="list the documents, or the claims of those named"
    )
    add_document_code_option(top)
    add_run_options(top, seeds="15, and 8 for runs of many minutes")
    add_claim_options(top, "reproduction")
    return top


@stores_runs
def main(arguments=None) -> int:
    """Run the command and return its exit code: 0, or 1 if any run did not complete."""
    options = parser().parse_args(arguments)
    named = picked(options)
    if options.list:
        return _list(named)
    seeds = seeds_of(options.seeds) if options.seeds else None

    from keras_mnist.reporting.announce import announce
    from keras_mnist.reporting.console import told_aside
    from keras_mnist.reporting.outputs import check_writable
    from keras_mnist.reporting.wording import count
    from keras_mnist.runs.workbench import plan_runs, train_missing
    from keras_mnist.tracking.told import group_of, spread_of
    from keras_mnist.tracking.tracking import Tracking, teller

    dataset, theirs = data_of_documents(named, options)
    if theirs:
        named = on_data(named, dataset)
    needed = {}
    for document, claims in named.items():
        for experiment, (label, default) in document.needed(claims).items():
            needed.setdefault(experiment, (label, seeds or tuple(range(default))))
    console = told_aside()
    if theirs:
        learn(named, options.runs)
    plan = plan_runs(needed, **how_to_run(options, dataset))
    announce(plan, count(len(needed), "experiment"), console)
    if options.plan:
        return 0
    check_writable(options.out, options.json)
    group = group_of(" ".join(["reproduce", *(one.name for one in named)]), [plan.dataset.digest])
    with Tracking(options.track, group, teller(console)) as tracking:
        how = console, options.quiet, options.fail_fast, tracking
        records = list(train_missing(plan, *how).values())
        tracking.summary(spread_of((plan.labels[record.experiment], record) for record in records))
    present(named if theirs else {}, plan, records, options)
    return 1 if any(not record.completed for record in records) else 0


def present(named: dict, plan, records: list, options) -> None:
    """Show verdicts on documents or, where the data are what none of them is about, our numbers."""
    if named:
        from keras_mnist.documents.judging.judged import judged
        from keras_mnist.reporting.claim_outputs import present_claims

        found = [judged(document, records, claims) for document, claims in named.items()]
        present_claims(found, plan.dataset.identity, options.out, options.json)
    else:
        from keras_mnist.reporting.own_numbers import present_own_numbers

        present_own_numbers(plan, records, options.out, options.json)


def _list(named: dict) -> int:
    for document, claims in named.items():
        if claims is None and len(named) > 1:
            size = f"{len(document.claims)} claims"
            print(f"{document.name}: {document.file}, {document.title}: {size}")
        else:
            for claim in claims or document.claims:
                print(f"{document.claim_id(claim)}  ({claim.kind}, {claim.where})")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
