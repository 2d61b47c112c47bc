"""`python -m keras_mnist.verify RUN...`: train stored runs again and compare."""

import sys
from dataclasses import replace
from pathlib import Path

from keras_mnist.base.errors import StoreError
from keras_mnist.base.files import write_whole
from keras_mnist.base.reading import read_text
from keras_mnist.command import Parser, guarded
from keras_mnist.options import add_code_option, add_training_options, data_of

_SHOWN = 3  # figures that came out otherwise; the first of them mostly entail the others


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="python -m keras_mnist.verify",
        description="Train stored runs again and compare the SHA-256 of their weights and every "
        "figure. Nothing stored is changed, but for --refresh.",
    )
    top.add_argument("runs", nargs="+", metavar="RUN", help="a record, or a folder of records")
    top.add_argument(
        "--refresh",
        action="store_true",
        help="add what records of older versions lack, such as which test images were right, where "
        "the weights come out the same",
    )
    add_code_option(top)
    add_training_options(top)
    return top


def records_at(path: Path) -> dict:
    """Return the records that `path` names, one file or all below a folder, by their paths.

    Raises:
        StoreError: there is none, or one cannot be read.
    """
    from keras_mnist.runs import RunRecord

    paths = sorted(path.rglob("seed-*.json")) if path.is_dir() else [path]
    if not paths:
        raise StoreError(f"{path} must hold run records", "none", "Name a file seed-<n>.json")
    try:
        return {p: RunRecord.from_json(read_text(p)) for p in paths}
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError("a run record must be readable", error) from None


def main(arguments=None) -> int:
    """Run the command and return its exit code: 0 if all came out the same, else 1."""
    options = parser().parse_args(arguments)
    by_path = {path: r for run in options.runs for path, r in records_at(Path(run)).items()}
    records = list(by_path.values())

    from keras_mnist.reporting.console import told_aside
    from keras_mnist.reporting.progress import progress_for
    from keras_mnist.runs.baseline import with_code
    from keras_mnist.runs.executors.local import checked_jobs
    from keras_mnist.runs.verification import verify_runs

    console = told_aside()
    jobs = checked_jobs(options.jobs)
    if options.model:
        records = [
            replace(record, experiment=with_code(record.experiment, options.model))
            for record in records
        ]
    same = 0
    verified = verify_runs(
        records,
        data_of(options),
        jobs,
        lambda plan: progress_for(plan, console, options.quiet),
    )
    for path, found in zip(by_path, verified, strict=True):
        print(_told(found))
        same += found.same
        if options.refresh and found.refreshed:
            print(f"refreshed: {write_whole(path, found.refreshed.to_json())}")
    print(f"{same} of {len(records)} runs have the same weights and figures")
    return 0 if same == len(records) else 1


def _told(found) -> str:
    name = f"{found.stored.experiment.name}, seed {found.stored.seed}"
    if found.same:
        return f"same weights and figures: {name}"
    if found.same_weights:
        return f"same weights, other figures: {name}: {'; '.join(found.other_figures[:_SHOWN])}"
    if not found.stored.weights_sha256:
        reason = found.stored.reason or "no weights in it"
        return f"nothing to compare with: {name}: the record is {found.stored.status}: {reason}"
    moved = ", ".join(found.moved[:_SHOWN]) or found.again.reason
    if found.causes:
        why = f"to be expected, by any of: {'; '.join(found.causes)}"
    else:
        why = "not to be expected: nothing differs that can change weights"
    return f"other weights: {name}: {why}. Moved: {moved}"


if __name__ == "__main__":
    sys.exit(guarded(main))
