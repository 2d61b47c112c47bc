"""Where chance comes from, as a table: the spread of runs whose seed decides one thing only."""

from keras_mnist.analysis.intervals import Interval, sd_interval
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment.study import Variant
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column

_METRIC = "test_accuracy"
CHANCE_NOTE = (
    "Where chance comes from: the standard deviation over seeds, with its 95 % interval, where the "
    "seed decides that alone and all else is as with seed 0. The last column is the variance "
    "beside that of all sources; sources act on each other, so they need not add up."
)


def varied(result: Findings) -> list[Variant]:
    """Return the baseline and the variants that differ from it in what the seed decides alone."""
    baseline, *others = result.study.variants
    alone = [v for v in others if [name for name, _ in v.changes] == ["vary"]]
    return [baseline, *alone] if alone else []


def chance_columns(result: Findings) -> list[Column]:
    """Return the columns of that table; a row is a variant."""

    def sd(variant: Variant) -> Interval:
        return sd_interval(list(result.values(variant, _METRIC).values()))

    def cell(variant: Variant) -> str:
        found = sd(variant)
        if found.n < 2:
            return "–"
        ends = (wording.size(_METRIC, end) for end in (found.low, found.high))
        return f"{wording.size(_METRIC, found.mean)} [{', '.join(ends)}]"

    def share(variant: Variant) -> float:
        whole = sd(result.study.variants[0]).mean
        return (sd(variant).mean / whole) ** 2 if whole else float("nan")

    def part(variant: Variant) -> str:
        value = share(variant)
        return "–" if value != value else f"{100 * value:.0f} %"

    return [
        Column("decides", "the seed decides", lambda v: v.experiment.fit.vary),
        Column("sd", f"spread of {wording.name(_METRIC)}", cell, lambda v: sd(v).mean),
        Column("part", "variance, of all", part, share),
    ]
