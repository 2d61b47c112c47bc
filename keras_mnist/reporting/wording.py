"""Numbers in words: one place for units, decimals and the phrasing of effects."""

import math
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from keras_mnist.analysis.intervals import Interval, Summary
from keras_mnist.base.metrics import SPLITS, Quantity, quantity

if TYPE_CHECKING:
    import numpy as np

_LONG = 1e6  # from which a number is written with an exponent
# A number, or many of them in an array.
Numbers = TypeVar("Numbers", float, "np.ndarray")


def name(metric: str) -> str:
    """Return what a metric is called: `test accuracy` for `test_accuracy`."""
    words = metric.split("_")
    return " ".join(SPLITS[word] if word == "val" else word for word in words)


def _unit(metric: str, difference: bool = False) -> str:
    """Return what is written after a number, with the space before it: ` %`, ` pp`, nothing."""
    return _written(quantity(metric), difference)


def _written(what: Quantity, difference: bool) -> str:
    unit = what.unit_of(difference)
    return f" {unit}" if unit and what.written else ""


def heading(metric: str) -> str:
    """Return a column's heading: `test accuracy %` for `test_accuracy`."""
    return name(metric) + _unit(metric)


def axis(metric: str, difference: bool = False) -> str:
    """Return what an axis says: `test accuracy (%)`, `gap (nats)`; of a difference, `(pp)`."""
    unit = quantity(metric).unit_of(difference)
    return f"{name(metric)} ({unit})" if unit else name(metric)


def effect_axis(metric: str) -> str:
    """Return what an axis of effects says: `effect on test accuracy (pp)`."""
    return f"effect on {axis(metric, difference=True)}"


def in_units(metric: str, value: Numbers) -> Numbers:
    """Return a metric's value, or values, in the unit that people read: accuracies in percent."""
    return value * quantity(metric).factor


def number(metric: str, value: float, decimals: int | None = None) -> str:
    """Return one value of a metric, without its unit: `97.97`, `0.0273`.

    Args:
        metric: of which it is.
        value: in the unit of records.
        decimals: other than the metric's own.
    """
    decimals = quantity(metric).decimals if decimals is None else decimals
    return _in_digits(in_units(metric, value), decimals)


def _in_digits(value: float, decimals: int, sign: str = "") -> str:
    """Return a number with its decimals; one that would fill a column, with an exponent."""
    form = f".{decimals}f" if abs(value) < _LONG else ".2e"
    return f"{value:{sign}z{form}}"  # z: no minus before a rounded zero


def spread(metric: str, summary: Summary) -> str:
    """Return `mean ± sd`, the mean alone for one run, a dash for none."""
    if summary.n == 0:
        return "–"
    mean = number(metric, summary.mean)
    return mean if summary.n == 1 else f"{mean} ± {number(metric, summary.sd)}"


def size(metric: str, value: float) -> str:
    """Return how large a difference is, with its unit: `0.35 pp`."""
    return f"{_in_digits(in_units(metric, value), quantity(metric).decimals)}{_unit(metric, True)}"


def effect(metric: str, interval: Interval, margin: float | None = None) -> str:
    """Return an effect in words: `lower by 6.29 pp [6.12, 6.46]`.

    Where the interval holds zero: `not told apart, +0.02 pp [-0.05, 0.09]`; where it lies within
    a margin: `the same within 0.2 pp, +0.02 pp [-0.05, 0.09]`. It ends where no difference can
    lie, as those of two seeds would reach beyond.

    Args:
        metric: of which it is.
        interval: of the mean difference.
        margin: a difference below it is none that matters.
    """
    return effect_of(quantity(metric), interval, margin)


def possible(what: Quantity, interval: Interval) -> Interval:
    """Return an interval of a difference that ends where no difference can lie."""
    low, high = max(interval.low, -what.most_apart), min(interval.high, what.most_apart)
    return replace(interval, low=low, high=high)


def effect_of(what: Quantity, interval: Interval, margin: float | None = None) -> str:
    """Return an effect on a quantity, as `effect` does."""
    unit, decimals = _written(what, difference=True), what.decimals
    if interval.n == 0 or math.isnan(interval.mean):
        return "no pair of runs"
    ends = possible(what, interval)
    mean, low, high = (what.factor * end for end in (ends.mean, ends.low, ends.high))
    if math.isnan(interval.low):
        pairs = "one pair" if interval.n == 1 else f"{interval.n} pairs"
        return f"{_in_digits(mean, decimals, '+')}{unit}, {pairs}: no interval"
    if low == high == 0:
        return "no difference at all"
    if margin is not None and max(abs(interval.low), abs(interval.high)) < margin:
        word = f"the same within {what.factor * margin:g}{unit},"
        size = _in_digits(mean, decimals, "+")
    elif not interval.excludes_zero:
        word, size = "not told apart,", _in_digits(mean, decimals, "+")
    elif mean > 0:
        word, size = "higher by", _in_digits(mean, decimals)
    else:
        word, size = "lower by", _in_digits(-mean, decimals)
        low, high = -high, -low
    return f"{word} {size}{unit} [{_in_digits(low, decimals)}, {_in_digits(high, decimals)}]"


def decimals(metric: str, mean: float) -> int:
    """Return with how many decimals a mean difference is written: two digits of a small one.

    A rise by epoch is of hundredths of a point; two decimals more than the metric's are the most.
    """
    usual, size = quantity(metric).decimals, abs(in_units(metric, mean))
    if not 10 ** -(usual + 2) < size < 10 ** (1 - usual):
        return usual
    return min(usual + 2, 1 - math.floor(math.log10(size)))


def difference(metric: str, summary: Summary) -> str:
    """Return `mean ± sd` of a difference, with its unit: `0.36 ± 0.07 pp`."""
    if summary.n == 0:
        return "–"
    places = decimals(metric, summary.mean)
    mean, sd = (number(metric, value, places) for value in (summary.mean, summary.sd))
    return (mean if summary.n == 1 else f"{mean} ± {sd}") + _unit(metric, difference=True)


def threshold(metric: str, value: float, difference: bool = False) -> str:
    """Return what something is held against, with its unit: `98.5 %`, `10 pp`, `0.001`."""
    return f"{in_units(metric, value):g}{_unit(metric, difference) if value else ''}"


def p_value(p: float) -> str:
    """Return a p-value with two significant digits, a dash where there is none."""
    if math.isnan(p):
        return "–"
    return "<0.0001" if p < 0.0001 else f"{p:.2g}"


def duration(seconds: float) -> str:
    """Return a time span as `12 s`, `3 min 20 s` or `2 h 5 min`."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 10:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes + (rest >= 30), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def count(n: int, noun: str) -> str:
    """Return `1 run`, `2 runs`."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def epochs(of: Collection[str | int]) -> str:
    """Return which epochs are meant, in words: `epochs 1, 3 to 5 and the last`.

    Args:
        of: `last`, or their numbers; nothing is said of the last alone.
    """
    numbers = sorted({epoch for epoch in of if isinstance(epoch, int)})
    starts = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    spans = [
        str(a) if a == b else f"{a} to {b}" if b - a > 1 else f"{a}, {b}"
        for a, b in zip(starts, ends, strict=True)
    ]
    if not spans:
        return ""
    plural = "s" * (len(numbers) > 1)
    also = " and the last" * ("last" in of)
    return f"epoch{plural} {', '.join(spans)}{also}"
