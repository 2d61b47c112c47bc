"""Ablations: experiments beside their baseline, and any two of them against each other."""

from collections import defaultdict
from dataclasses import fields

from keras_mnist.analysis.effects import effect, holm
from keras_mnist.experiment import Experiment
from keras_mnist.published import Number, Source, models
from keras_mnist.reporting import wording
from keras_mnist.reporting.page.experiments import Experiments, short
from keras_mnist.results import RunRecord
from keras_mnist.results.record import SCHEMA
from keras_mnist.study import name_of

METRICS = ("test_accuracy", "gap", "test_loss")
MOST_VARIANTS = 30  # of a study; of more, the rest are counted only


def studies(
    documents: list[Source], records: list[RunRecord], data: dict, experiments: Experiments
) -> list[dict]:
    """Return every study that the completed runs on one data set make up.

    The experiments of a document are a study, those under a reading of it are another; what no
    document names is compared with the published network that it differs from least.

    Args:
        documents: in the order of the page.
        records: on that data set.
        data: its identity.
        experiments: of the page, to which those shown are added.
    """
    digest = data["digest"]
    left = {r.key: r.experiment for r in records if r.completed}
    found = []
    for source in documents:
        for reading in (None, *source.readings):
            named = {
                name: source.under(reading, name) if reading else source.experiment(name)
                for name in source.changes
            }
            there = {
                n: e for n, e in named.items() if e is not None and experiments.runs(e, digest)
            }
            for experiment in there.values():
                left.pop(experiment.key(digest, SCHEMA), None)
            title = (
                f"{source.short}: {source.title}"
                if reading is None
                else f"{source.short}, with {reading.name}"
            )
            found.append(
                _study(
                    title,
                    there,
                    digest,
                    experiments,
                    source if data["canonical"] and not reading else None,
                )
            )
    for model, there in _by_model(left.values()).items():
        base = models()[model][1]
        others = {_changes(base, experiment): experiment for experiment in there}
        named = {f"{model} as published": base} if experiments.runs(base, digest) else {}
        found.append(_study(f"others like {model}", named | others, digest, experiments, None))
    return [study for study in found if study]


def _by_model(left) -> dict[str, list[Experiment]]:
    """Return experiments by the published network that each differs from least."""
    found = defaultdict(list)
    for experiment in left:
        alike = {name: e for name, (_, e) in models().items() if e.kind == experiment.kind}
        nearest = min(alike, key=lambda name: len(_differences(alike[name], experiment)))
        found[nearest].append(experiment)
    return found


def _differences(base: Experiment, other: Experiment) -> tuple[tuple[str, object], ...]:
    """Return (field, value) of `other` where it differs; both have a model of one kind."""
    return tuple(
        (f.name, getattr(getattr(other, part.name), f.name))
        for part in fields(base)
        for f in fields(getattr(base, part.name))
        if f.name != "dataset"
        and getattr(getattr(other, part.name), f.name) != getattr(getattr(base, part.name), f.name)
    )


def _changes(base: Experiment, other: Experiment) -> str:
    return name_of(_differences(base, other)) or other.name


def _study(
    title: str,
    named: dict[str, Experiment],
    digest: str,
    experiments: Experiments,
    source: Source | None,
) -> dict | None:
    """Return a study, its first experiment the baseline; `None` of fewer than two."""
    if len(named) < 2:
        return None
    more = max(0, len(named) - MOST_VARIANTS)
    named = dict(list(named.items())[:MOST_VARIANTS])
    runs = {name: experiments.runs(e, digest) for name, e in named.items()}
    baseline, *others = named
    variants = [
        {"name": name, "key": experiments.show(name, e, digest), "n": len(runs[name])}
        for name, e in named.items()
    ]
    metrics = []
    for metric in METRICS:
        by_name = {name: _values(found, metric) for name, found in runs.items()}
        if not any(by_name.values()):
            continue
        intervals = [effect(by_name[name], by_name[baseline]) for name in others]
        adjusted = holm([i.p for i in intervals])
        published = _published(source, metric) if source else {}
        metrics.append(
            {
                "name": metric,
                "label": wording.name(metric),
                "axis": f"effect on {wording.axis(metric, difference=True)}",
                "effects": [
                    _effect(metric, interval)
                    | {"p": wording.p_value(p), "published": published.get(name)}
                    for name, interval, p in zip(others, intervals, adjusted, strict=True)
                ],
                # Every later experiment against every earlier one.
                "pairs": [
                    [
                        wording.effect(metric, effect(by_name[later], by_name[earlier]))
                        for earlier in list(named)[:place]
                    ]
                    for place, later in enumerate(named)
                ],
            }
        )
    return {
        "title": title,
        "baseline": baseline,
        "variants": variants,
        "metrics": metrics,
        "more": more,
    }


def _values(runs: dict[int, RunRecord], metric: str) -> dict[int, float]:
    return {
        seed: r.metrics[metric] for seed, r in runs.items() if r.metrics.get(metric) is not None
    }


def _effect(metric: str, interval) -> dict:
    ends = {
        end: short(wording.in_units(metric, getattr(interval, end)))
        for end in ("mean", "low", "high")
    }
    return {**ends, "n": interval.n, "words": wording.effect(metric, interval)}


def _published(source: Source, metric: str) -> dict[str, float]:
    """Return the published effects: variant minus baseline, in units that people read."""
    numbers = [
        c
        for c in source.claims
        if isinstance(c, Number) and (c.metric, c.epoch) == (metric, "last")
    ]
    values = {c.experiment: wording.in_units(metric, c.as_metric) for c in numbers}
    baseline = next(iter(source.changes))
    if baseline not in values:
        return {}
    return {name: short(value - values[baseline]) for name, value in values.items()}
