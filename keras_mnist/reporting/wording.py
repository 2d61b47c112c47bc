"""Numbers in words: one place for units, decimals and the phrasing of effects."""

import math

from keras_mnist.analysis.intervals import Interval, Summary

# last word of a metric: (factor from the record's unit, unit, decimals)
_METRICS = {
    "loss": (1, "", 4),
    "gap": (1, "", 4),
    "accuracy": (100, " %", 2),
    "seconds": (1, " s", 1),
    "ratio": (1, "", 2),  # of two times
}
_AXIS_UNIT = {"loss": "nats", "gap": "nats", "ratio": ""}
_EFFECT_UNIT = {" %": " pp"}  # a difference of percentages is in percentage points


def _form(metric: str) -> tuple[float, str, int]:
    return _METRICS[metric.rsplit("_", 1)[-1]]


def name(metric: str) -> str:
    """Return what a metric is called: `test accuracy` for `test_accuracy`."""
    return metric.replace("val_", "validation ").replace("_", " ")


def heading(metric: str) -> str:
    """Return a column's heading: `test accuracy %` for `test_accuracy`."""
    return name(metric) + _form(metric)[1]


def axis(metric: str, difference: bool = False) -> str:
    """Return what an axis says: `test accuracy (%)`, `gap (nats)`; of a difference, `(pp)`."""
    unit = _form(metric)[1].strip() or _AXIS_UNIT[metric.rsplit("_", 1)[-1]]
    unit = _EFFECT_UNIT.get(f" {unit}", unit) if difference else unit
    return f"{name(metric)} ({unit.strip()})" if unit else name(metric)


def in_units(metric: str, value: float) -> float:
    """Return a metric's value in the unit that people read: accuracies in percent."""
    return value * _form(metric)[0]


def number(metric: str, value: float) -> str:
    """Return one value of a metric, without its unit: `97.97`, `0.0273`."""
    decimals = _form(metric)[2]
    return f"{in_units(metric, value):z.{decimals}f}"  # z: no minus before a rounded zero


def spread(metric: str, summary: Summary) -> str:
    """Return `mean ± sd`, the mean alone for one run, a dash for none."""
    if summary.n == 0:
        return "–"
    mean = number(metric, summary.mean)
    return mean if summary.n == 1 else f"{mean} ± {number(metric, summary.sd)}"


def effect(metric: str, interval: Interval) -> str:
    """Return an effect in words: `lower by 6.29 pp [6.12, 6.46]`.

    Where the interval holds zero: `not told apart, +0.02 pp [-0.05, 0.09]`.
    """
    factor, unit, decimals = _form(metric)
    unit = _EFFECT_UNIT.get(unit, unit)
    if interval.n == 0 or math.isnan(interval.mean):
        return "no pair of runs"
    mean, low, high = (factor * x for x in (interval.mean, interval.low, interval.high))
    if interval.n == 1:
        return f"{mean:+z.{decimals}f}{unit}, one pair: no interval"
    if low == high == 0:
        return "no difference at all"
    if not interval.excludes_zero:
        word, size = "not told apart,", f"{mean:+z.{decimals}f}"
    elif mean > 0:
        word, size = "higher by", f"{mean:.{decimals}f}"
    else:
        word, size = "lower by", f"{-mean:.{decimals}f}"
        low, high = -high, -low
    return f"{word} {size}{unit} [{low:z.{decimals}f}, {high:z.{decimals}f}]"


def difference(metric: str, summary: Summary) -> str:
    """Return `mean ± sd` of a difference, with its unit: `0.36 ± 0.07 pp`."""
    factor, unit, decimals = _form(metric)
    unit = _EFFECT_UNIT.get(unit, unit)
    if summary.n == 0:
        return "–"
    mean, sd = factor * summary.mean, factor * summary.sd
    form = ".1e" if 0 < abs(mean) < 10 ** (1 - decimals) else f"z.{decimals}f"
    return f"{mean:{form}}{unit}" if summary.n == 1 else f"{mean:{form}} ± {sd:{form}}{unit}"


def threshold(metric: str, value: float, difference: bool = False) -> str:
    """Return what something is held against, with its unit: `98.5 %`, `10 pp`, `0.001`."""
    factor, unit, _ = _form(metric)
    unit = _EFFECT_UNIT.get(unit, unit) if difference else unit
    return f"{factor * value:g}{unit if value else ''}"


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
