"""A study as the page shows it: effects against its baseline, and of any two experiments."""

from functools import partial

from keras_mnist.analysis.effects import effect, effects, together
from keras_mnist.analysis.intervals import Interval
from keras_mnist.base.metrics import compared_among
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
    values = values_of(runs)
    told = told_of(shown, values)
    return {
        "title": title,
        "baseline": variants[0]["name"],
        "variants": variants,
        "metrics": [_metric(m, by_name, told[m], document) for m, by_name in values.items()],
        "more": len(named) - len(shown),
    }


def values_of(runs: dict[str, dict[int, RunRecord]]) -> dict[str, dict[str, dict[int, float]]]:
    """Return by metric and experiment what is compared, by seed: those metrics that any run has.

    Args:
        runs: by experiment and seed.
    """
    found = {
        metric: {name: _values(of, metric) for name, of in runs.items()}
        for metric in compared_metrics()
    }
    return {metric: by_name for metric, by_name in found.items() if any(by_name.values())}


def told_of(named: dict[str, Experiment], values: dict) -> dict[str, dict[str, tuple]]:
    """Return by metric and experiment the effects and their p, as a study of these has them.

    Args:
        named: the experiments, the baseline first.
        values: as from `values_of`.
    """
    return effects(values, compared_among([e.data.watched for e in named.values()]))


def _values(runs: dict[int, RunRecord], metric: str) -> dict[int, float]:
    found = {seed: record.metrics.get(metric) for seed, record in runs.items()}
    return {seed: value for seed, value in found.items() if value is not None}


def _metric(
    metric: str, by_name: dict[str, dict], told: dict[str, tuple], document: Document | None
) -> dict:
    """Return the effects on a metric.

    Args:
        metric: as in a run record.
        by_name: its values by seed, by experiment, the baseline first.
        told: its effects and their p, by experiment.
        document: as in `comparison`.
    """
    published = _published(document, metric) if document else {}
    found = list(by_name.values())
    asked = [partial(effect, late, early) for n, late in enumerate(found) for early in found[:n]]
    pairs = iter([wording.effect(metric, interval) for interval, _ in together(asked)])
    return {
        "name": metric,
        "label": wording.name(metric),
        "axis": wording.effect_axis(metric),
        "effects": [
            interval_data(metric, interval)
            | {"n": interval.n, "p": wording.p_value(p), "published": published.get(name)}
            for name, (interval, p) in told.items()
        ],
        # Every later experiment against every earlier one.
        "pairs": [[next(pairs) for _ in range(place)] for place in range(len(found))],
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
