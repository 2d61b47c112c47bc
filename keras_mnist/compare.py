"""`keras-mnist compare RESULTS.csv`: what each variant changes, of anybody's numbers."""

import sys

from keras_mnist.command import Parser, guarded


def parser() -> Parser:
    """Return the command's parser."""
    top = Parser(
        prog="keras-mnist compare",
        description="Compare the variants in a table of results, a row a run, from any framework: "
        "the effect of each against the baseline with its interval, paired by seed where seeds "
        "match, else Welch's; a table and a forest plot.",
    )
    top.add_argument("table", metavar="RESULTS.csv", help="a row a run, with a line of names")
    top.add_argument("--by", required=True, metavar="COLUMN", help="of the variants' names")
    top.add_argument("--metric", required=True, metavar="COLUMN", help="of the number compared")
    top.add_argument("--seed", metavar="COLUMN", help="of the seeds: runs of one are paired")
    top.add_argument(
        "--baseline", metavar="NAME", help="a variant (default: baseline, or the first)"
    )
    top.add_argument(
        "--margin",
        type=float,
        metavar="X",
        help="tell what is the same within X, in the metric's own unit",
    )
    top.add_argument("--out", metavar="DIR", help="for table and figure (default: only printed)")
    top.add_argument("--json", metavar="PATH", help="write everything as data")
    return top


def main(arguments=None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)

    from keras_mnist.data.results import values_of

    values = values_of(options.table, options.by, options.metric, options.seed)

    from keras_mnist.analysis.comparison import compare
    from keras_mnist.reporting.compared import Compared, present

    usual = "baseline" if "baseline" in values else next(iter(values))
    baseline = usual if options.baseline is None else options.baseline
    found = compare(values, baseline, options.margin)
    present(
        Compared(options.metric, baseline, values, found, options.margin),
        options.out,
        options.json,
    )
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
