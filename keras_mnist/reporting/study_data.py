"""A study's result as data: the content of `--json`."""

from dataclasses import asdict, is_dataclass
from typing import Any

from keras_mnist.base.files import finite
from keras_mnist.base.metrics import METRICS
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment.study import Variant
from keras_mnist.reporting.chance_columns import chance_columns, varied
from keras_mnist.reporting.class_columns import class_columns, classes_data
from keras_mnist.reporting.columns import plain
from keras_mnist.reporting.image_columns import image_columns, images_data
from keras_mnist.reporting.shares import shares_data
from keras_mnist.reporting.study_columns import effect_columns, effect_rows, result_columns
from keras_mnist.runs import RunRecord
from keras_mnist.runs.store import place

_RUN = ("seed", "status", "reason", "metrics", "history", "weights_sha256", "seconds")


def as_data(result: Findings) -> dict:
    """Return the result as plain data; a number that does not exist is `None`.

    `tables` holds what the tables show, each cell's number in the record's unit; the variants hold
    every metric.
    """
    study = result.study
    content = {
        "study": {
            "name": study.name,
            "seeds": list(study.seeds),
            "baseline": study.variants[0].experiment.to_dict(),
        },
        "data": result.data,
        "variants": [_variant(result, variant) for variant in study.variants],
        "question": asdict(result.question) if result.question else None,
        "interactions": [
            {"name": joint.name, "metrics": _by_metric(result.interactions, joint.name)}
            for joint, _ in ([] if result.question else study.interactions)
        ],
        "shares": {name: shares_data(result, found) for name, found in result.shares.items()},
        "tables": {
            "results": plain(result_columns(result), study.variants),
            "effects": plain(effect_columns(result), effect_rows(result)),
            "chance": plain(chance_columns(result), varied(result)),
            "images": plain(image_columns(result), study.variants) if result.images.changes else [],
            "classes": plain(class_columns(result), study.variants)
            if result.images.by_class
            else [],
        },
        "trained": result.trained,
        "cached": result.cached,
        "failed": len(result.failed),
    }
    return finite(content)


def _variant(result: Findings, variant: Variant) -> dict:
    summaries = {metric: result.summary(variant, metric) for metric in METRICS}
    return {
        "name": variant.name,
        "changes": {name: _plain(value) for name, value in variant.changes},
        "experiment": variant.experiment.to_dict(),
        "runs": [_run(record) for record in result.runs(variant)],
        "summary": {m: asdict(s) for m, s in summaries.items() if s.n},
        "effects": _by_metric(result.effects, variant.name),
        "answer": asdict(result.answers[variant.name]) if variant.name in result.answers else None,
        "images": images_data(result, variant),
        "classes": classes_data(result, variant),
        "published": [
            {
                **asdict(c.claim),
                "source": c.document.name,
                "ours": asdict(c.ours),
                "low": c.low,
                "high": c.high,
                "inside": c.inside,
            }
            for c in result.comparisons(variant)
        ],
    }


def _plain(value: Any):
    """Return a field's value, or a whole part, as plain data."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _run(record: RunRecord) -> dict:
    plain = record.to_dict()
    where = place(record.experiment, record.data["digest"], record.seed)
    return {name: plain[name] for name in _RUN} | {"record": where}


def _by_metric(effects: dict, name: str) -> dict:
    """Return one variant's effects, for the metrics that have pairs of runs."""
    found = {}
    for metric, by_name in effects.items():
        interval, adjusted = by_name.get(name, (None, None))
        if interval is not None and interval.n:
            found[metric] = {**asdict(interval), "p_holm": adjusted}
    return found
