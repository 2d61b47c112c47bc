"""The options of commands that tell differences: until when, and within which margin."""

import argparse
import math
import re

from keras_mnist.analysis.answers import Question
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.metrics import quantity
from keras_mnist.command import Parser
from keras_mnist.options import seeds_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.measured import compared_metrics

SEEDS, AT_MOST = "5", 20  # by default


def add_question_options(parser: Parser) -> None:
    """Add the options that `asked` reads beside `--seeds`."""
    metrics = compared_metrics()
    parser.set_defaults(seeds=None)
    parser.apart("seeds", "until_told")
    group = parser.add_argument_group("answers (docs/reading.md)")
    group.add_argument(
        "--until-told",
        action="store_true",
        help="in place of --seeds: 3, 5, 8, 12, 20, ... seeds, each variant until it is told",
    )
    group.add_argument(
        "--at-most", type=int, metavar="N", help=f"seeds of --until-told (default {AT_MOST})"
    )
    group.add_argument(
        "--margin",
        metavar="X",
        help="a difference below X is none that matters: tell what is the same within X, in "
        "percentage points of accuracy, or nats",
    )
    group.add_argument("--of", choices=metrics, help=f"the metric asked of (default {metrics[0]})")


def asked(options: argparse.Namespace) -> tuple[tuple[int, ...], Question | None]:
    """Return the seeds that the options ask for, and what is to be told, if an answer is asked.

    Raises:
        ExperimentError: a value out of range, or options that contradict each other.
    """
    metric = options.of or compared_metrics()[0]
    margin = None if options.margin is None else margin_of(options.margin, metric)
    if options.until_told:
        if options.seeds is not None:
            raise ExperimentError(
                "--until-told must stand without --seeds",
                options.seeds,
                "It takes as many as it needs: --at-most N",
            )
        at_most = AT_MOST if options.at_most is None else options.at_most
        return tuple(range(max(at_most, 0))), Question.until_told(at_most, metric, margin)
    if options.at_most is not None:
        raise ExperimentError("--at-most must stand with --until-told", None, "Or use --seeds")
    seeds = seeds_of(options.seeds or SEEDS)
    if margin is None:
        if options.of:
            raise ExperimentError("--of must stand with --until-told or --margin", options.of)
        return seeds, None
    return seeds, Question((len(seeds),), metric, margin)


def margin_of(text: str, metric: str) -> float:
    """Return a margin in the record's unit: `0.2` or `0.2pp` of an accuracy is 0.002.

    Raises:
        ExperimentError: no positive number, or one of another unit.
    """
    unit = quantity(metric).unit_of(difference=True)
    found = re.fullmatch(r"\s*(\S+?)\s*([a-zA-Z%]*)\s*", text)
    try:
        value, given = (float(found[1]), found[2]) if found else (math.nan, "")
    except ValueError:
        value, given = math.nan, ""
    if not (0 < value < math.inf) or given not in ("", unit):
        raise ExperimentError(
            f"--margin must be a positive number of {unit}, the unit of differences in "
            f"{wording.name(metric)}",
            repr(text),
            f"Such as --margin {'0.2' if unit == 'pp' else '0.01'}",
        )
    return value / quantity(metric).factor
