"""`keras-mnist table`: stored runs as one table, for pandas, R, a spreadsheet or a paper."""

import sys

from keras_mnist.command import Parser, guarded
from keras_mnist.options import add_runs_option


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="keras-mnist table",
        description="Write stored runs as one table, a row a run: every choice, seed, status, what "
        "was measured, best epoch, seconds, versions. From records alone: trains nothing and runs "
        "no code. Without --out, a short one on the terminal, or CSV into a pipe.",
    )
    add_runs_option(top)
    top.add_argument(
        "--out",
        metavar="FILE",
        help="runs.csv, .parquet, .xlsx; .tex: what tells runs apart",
    )
    top.add_argument("--long", action="store_true", help="the curves: a row a run and epoch")
    return top


def main(arguments=None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    from keras_mnist.reporting.table_files import as_csv, require_kind, write_table

    if options.out:
        require_kind(options.out)

    from keras_mnist.documents.judging.stored import stored_records
    from keras_mnist.reporting.announce import tell_notes
    from keras_mnist.reporting.run_frame import run_frame

    records, set_aside = stored_records(options.runs)
    tell_notes(set_aside)
    if options.out is None and sys.stdout.isatty() and not options.long:
        from keras_mnist.reporting.outputs import wide_console
        from keras_mnist.reporting.run_columns import print_runs

        print_runs(records, wide_console())
        return 0
    frame = run_frame((("", record) for record in records), options.long)
    if options.out is None:
        sys.stdout.write(as_csv(frame))
    else:
        print(write_table(frame, options.out))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
