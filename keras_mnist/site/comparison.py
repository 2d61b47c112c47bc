"""A study as the page shows it: effects against its baseline, and of any two experiments."""

from keras_mnist.analysis.effects import effect, holm
from keras_mnist.analysis.intervals import Interval
from keras_mnist.documents import Document
from keras_mnist.experiment import Experiment
from keras_mnist.reporting import wording
from keras_mnist.reporting.measured import compared_metrics
from keras_mnist.runs import RunRecord
from keras_mnist.site.experiments import Experiments, short

MOST_VARIANTS = 30  # of a study; of more, the rest are counted only


def comparison(
    title: str,
    named: dict[str, Experiment],
    digest: str,
    experiments: Experiments,
    document: Document | None = None,
) -> dict | None:
    """Return a study, its first experiment the baseline; `None` of fewer than two.

    Args:
        title: of the study.
        named: its experiments.
        digest: of the data set.
        experiments: of the page, to which these are added.
        document: whose published effects are shown beside ours.
    """
    if len(named) < 2:
        return None
    shown = dict(list(named.items())[:MOST_VARIANTS])
    runs = {name: experiments.runs(e, digest) for name, e in shown.items()}
    variants = [
        {"name": name, "key": experiments.show(name, e, digest), "n": len(runs[name])}
        for name, e in shown.items()
    ]
    values = {
        metric: {name: _values(found, metric) for name, found in runs.items()}
        for metric in compared_metrics()
    }
    return {
        "title": title,
        "baseline": variants[0]["name"],
        "variants": variants,
        "metrics": [
            _metric(m, by_name, document) for m, by_name in values.items() if any(by_name.values())
        ],
        "more": len(named) - len(shown),
    }


def _values(runs: dict[int, RunRecord], metric: str) -> dict[int, float]:
    found = {seed: record.metrics.get(metric) for seed, record in runs.items()}
    return {seed: value for seed, value in found.items() if value is not None}


def _metric(metric: str, by_name: dict[str, dict], document: Document | None) -> dict:
    """Return the effects on a metric.

    Args:
        metric: as in a run record.
        by_name: its values by seed, by experiment, the baseline first.
        document: as in `comparison`.
    """
    (_, baseline), *others = by_name.items()
    intervals = [effect(values, baseline) for _, values in others]
    adjusted = holm([interval.p for interval in intervals])
    published = _published(document, metric) if document else {}
    found = list(by_name.values())
    return {
        "name": metric,
        "label": wording.name(metric),
        "axis": wording.effect_axis(metric),
        "effects": [
            interval_data(metric, interval)
            | {"n": interval.n, "p": wording.p_value(p), "published": published.get(name)}
            for (name, _), interval, p in zip(others, intervals, adjusted, strict=True)
        ],
        # Every later experiment against every earlier one.
        "pairs": [
            [wording.effect(metric, effect(later, earlier)) for earlier in found[:place]]
            for place, later in enumerate(found)
        ],
    }


def interval_data(metric: str, interval: Interval) -> dict:
    """Return an effect as plain data, in words and in the units that people read."""
    ends = {"mean": interval.mean, "low": interval.low, "high": interval.high}
    units = {end: short(wording.in_units(metric, value)) for end, value in ends.items()}
    return {**units, "words": wording.effect(metric, interval)}


def _published(document: Document, metric: str) -> dict[str, float]:
    """Return the published effects: variant minus baseline, in units that people read."""
    numbers = [number for number in document.numbers if number.metric == metric]
    values = {
        c.experiment: wording.in_units(metric, c.as_metric) for c in numbers if c.epoch == "last"
    }
    baseline = values.get(next(iter(document.changes)))
    if baseline is None:
        return {}
    return {name: short(value - baseline) for name, value in values.items()}
