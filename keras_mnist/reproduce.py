"""`python -m keras_mnist.reproduce`: every number of a published document, with a verdict."""

import argparse
import sys

from keras_mnist.command import add_run_options, guarded, seeds_of


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    top = argparse.ArgumentParser(
        prog="python -m keras_mnist.reproduce",
        description="Run what a published document describes and say of each of its numbers "
        "whether it reproduces. So far: the MLP ablation blog.",
    )
    top.add_argument("sources", nargs="*", metavar="SOURCE", help="which (default: all)")
    top.add_argument("--list", action="store_true", help="list the sources, and stop")
    add_run_options(top)
    output = top.add_argument_group("results")
    output.add_argument(
        "--out", default="reproduction", metavar="DIR", help="for the tables (default %(default)s)"
    )
    output.add_argument("--json", metavar="PATH", help="write everything as data")
    return top


def main(arguments=None) -> int:
    """Run the command and return its exit code: 0, or 1 if any run did not complete."""
    options = parser().parse_args(arguments)
    from keras_mnist.published import SOURCES, source_named

    if options.list:
        for source in SOURCES:
            print(f"{source.name}: {source.document}, {source.title}: {len(source.claims)} claims")
        return 0
    sources = [source_named(name) for name in options.sources] or list(SOURCES)
    seeds = seeds_of(options.seeds)

    from rich.console import Console

    from keras_mnist.reporting.announce import announce
    from keras_mnist.reporting.claims import experiments_of, judge
    from keras_mnist.reporting.outputs import check_writable
    from keras_mnist.reporting.wording import count
    from keras_mnist.workbench import plan_experiments, train_missing

    labels = {e: label for source in sources for e, label in experiments_of(source).items()}
    console = Console(stderr=True)
    plan = plan_experiments(
        labels, seeds, options.data, options.runs, options.jobs, options.retry_failed
    )
    what = f"{count(len(labels), 'experiment')}, {count(len(seeds), 'seed')} each"
    announce(plan, what, console)
    if options.plan:
        return 0
    check_writable(options.out, options.json)
    records = train_missing(plan, console, options.quiet, options.fail_fast)
    if plan.dataset.canonical:
        from keras_mnist.reporting.claim_outputs import present_claims

        judged = {source: judge(source, records.values()) for source in sources}
        present_claims(judged, plan.dataset.identity, options.out, options.json)
    else:
        print(f"no verdicts: {plan.dataset.note}")
    return 1 if any(not record.completed for record in records.values()) else 0


if __name__ == "__main__":
    sys.exit(guarded(main))
