"""What a study found, in one sentence with an effect and its interval."""

from dataclasses import dataclass

from keras_mnist.analysis.intervals import Interval, summarize
from keras_mnist.experiment import Experiment
from keras_mnist.reporting import wording
from keras_mnist.runs import RunRecord

METRIC = "test_accuracy"  # the one that every run has


@dataclass(frozen=True)
class Row:
    """A study's experiment, its completed runs, and what it does to the baseline.

    Attributes:
        name: what a person calls it.
        experiment: that was run.
        runs: by seed.
        asked: how many runs there are, those that did not complete too.
        effect: on `METRIC`; of the baseline, `None`.
        p: of the effect, adjusted.
        paired: the share of its first weights that are the baseline's; nothing if not known.
    """

    name: str
    experiment: Experiment
    runs: dict[int, RunRecord]
    asked: int
    effect: Interval | None
    p: float
    paired: str

    @property
    def values(self) -> dict[int, float]:
        """`METRIC` by seed."""
        return {seed: record.metrics[METRIC] for seed, record in self.runs.items()}


def sentence(rows: list[Row]) -> str:
    """Return what a study found: its largest effect that is told apart, and what of the others.

    Args:
        rows: of the study, the baseline first.
    """
    if not any(row.runs for row in rows):
        return "None of its runs completed."
    base, *variants = rows
    if not variants:
        shown = wording.spread(METRIC, summarize(list(base.values.values())))
        return f"One experiment, compared with no other: {wording.heading(METRIC)} {shown}."
    known = [(row, row.effect) for row in variants if row.effect and row.effect.n]
    if not known:
        return "Nothing can be compared: no change shares a seed with the baseline."
    apart = [(row, found) for row, found in known if found.excludes_zero]
    row, found = max(apart or known, key=lambda one: abs(one[1].mean))
    told = f"{row.name}: {_said(found)}"
    if found.n > 1:
        told += f", over {wording.count(found.n, 'pair')} of runs"
    if apart and len(variants) > 1:
        p = wording.p_value(row.p)
        told += f" (p {p}, adjusted for all comparisons of the study)"
    return told + _others(len(apart), len(variants)) + "."


def _said(found: Interval) -> str:
    name, words = wording.name(METRIC), wording.effect(METRIC, found)
    if found.n == 1:
        number, *_ = words.split(",")
        return f"{name} {number}, from one pair of runs and so without an interval"
    if found.low == found.high == 0:
        return f"{words} in {name}"
    return f"{name} {words}".replace("not told apart,", "not told apart from the baseline’s,")


def _others(apart: int, changes: int) -> str:
    """Return what there is to say of the changes that are not named."""
    if changes == 1:
        return ""
    if not apart:
        return f"; nor is any of the other {changes - 1}" if changes > 2 else "; nor is the other"
    others, too = changes - 1, apart - 1
    if others == 1:
        return "; the other change is told apart, too" if too else "; the other is not told apart"
    if not too:
        return f"; of the other {others} none is told apart"
    return f"; of the other {others}, {too} {'is' if too == 1 else 'are'} told apart, too"
