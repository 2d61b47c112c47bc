"""The claims as the page shows them: a row each, and what opens below it."""

import shlex

from keras_mnist.data.dataset import CANONICAL_MNIST
from keras_mnist.documents import Count, Document, Number, Statement
from keras_mnist.documents.claims import experiments_in
from keras_mnist.documents.judging import ClaimResult, Finding, Runs, evidence
from keras_mnist.documents.judging.judged import Judged
from keras_mnist.reporting import claim_words, wording
from keras_mnist.site.experiments import Experiments, short
from keras_mnist.site.standing import standing


def claim_rows(found: list[Judged], experiments: Experiments) -> list[dict]:
    """Return plain data of every claim, in the documents' order.

    Args:
        found: a document each.
        experiments: of the page, to which those that claims are about are added.
    """
    rows = []
    for one in found:
        runs = Runs(one.document, one.records)
        for result in one.results:
            rows.append(_row(result, runs, experiments))
    return rows


def _row(result: ClaimResult, runs: Runs, experiments: Experiments) -> dict:
    claim, document = result.claim, result.document
    about, claimed, published, *_ = claim_words.cells(result)
    names = experiments_in(claim) or [claim.experiment]
    keys = [experiments.show(n, document.experiment(n), CANONICAL_MNIST) for n in names]
    return {
        "id": result.id,
        "document": document.name,
        "short": document.short,
        "where": claim.where,
        "kind": claim.kind,
        "about": about,
        "claim": claimed,
        "published": published,
        "ours": claim_words.ours(result, result.described),
        "interval": claim_words.interval(result, result.described),
        "noise": claim_words.noise(result, result.described),
        "verdict": result.verdict,
        "standing": standing(result.verdict),
        "reason": claim_words.reason(result),
        "experiments": [list(pair) for pair in zip(names, keys, strict=True)],
        "command": f"keras-mnist reproduce --only {shlex.quote(result.id)}",
        "strip": None if isinstance(claim, Count) else _strip(result, runs),
        "curves": _curves(result, document, experiments),
    }


def _strip(result: ClaimResult, runs: Runs) -> dict:
    """Return what is drawn of our runs, in the units that people read."""
    claim, metric = result.claim, result.described.metric
    statement = isinstance(claim, Statement)
    rows = [_strip_row(result, result.described, runs, "our runs")]
    if result.read:
        rows.append(_strip_row(result, result.read, runs, f"with {result.reading.name}"))
    mark = claim.parts[result.described.part].by if statement else None
    mark = claim.as_metric if isinstance(claim, Number) else mark
    mark = getattr(claim, "seconds", None) if mark is None else mark
    return {
        "axis": wording.axis(metric, difference=statement),
        "mark": None if mark is None else short(wording.in_units(metric, mark)),
        "statement": statement,
        "rows": rows,
    }


def _strip_row(result: ClaimResult, found: Finding, runs: Runs, label: str) -> dict:
    def units(value):
        return short(wording.in_units(found.metric, value))

    values = evidence(result, found, runs)
    return {
        "label": label,
        "values": [[seed, units(value)] for seed, value in values.items()],
        "mean": units(found.ours.mean),
        "low": units(found.low),
        "high": units(found.high),
    }


def _curves(result: ClaimResult, document: Document, experiments: Experiments) -> dict | None:
    """Return which curves belong to a claim: `quantity`, `series`, published values by epoch."""
    claim, metric = result.claim, result.described.metric
    if isinstance(claim, Number):
        described = document.experiment(claim.experiment)
        shown = [(claim.experiment, described, m) for m in _pair(metric, described)]
        if result.reading and (read := document.under(result.reading, claim.experiment)):
            wanted = [m for m in _pair(metric, read) if metric in (m, "gap")]
            name = f"{claim.experiment}, {result.reading.name}"
            shown += [(name, read, m) for m in wanted]
    elif isinstance(claim, Statement):
        sides = claim.parts[result.described.part].quantities
        shown = [
            (side.experiment, document.experiment(side.experiment), m)
            for side in sides
            for m in _series(side.metric, document.experiment(side.experiment))
        ]
    else:
        return None
    series = [
        {"name": name, "metric": m, "key": experiments.show(name, experiment, CANONICAL_MNIST)}
        for name, experiment, m in dict.fromkeys(shown)
    ]
    marks = published_marks(document, {(name, m) for name, _, m in shown})
    return {"quantity": _quantity(metric), "series": series, "marks": marks}


def published_marks(document: Document, wanted: set[tuple[str, str]]) -> list[dict]:
    """Return the published values of (experiment, metric) pairs: epoch and value, as read."""
    return [
        {
            "epoch": document.experiment(c.experiment).training.epochs
            if c.epoch == "last"
            else c.epoch,
            "value": short(wording.in_units(c.metric, c.as_metric)),
            "metric": c.metric,
            "name": c.experiment,
        }
        for c in document.claims
        if isinstance(c, Number) and (c.experiment, c.metric) in wanted
    ]


def _pair(metric: str, experiment) -> list[str]:
    """Return the metrics of training and of held-out images that a number is seen among."""
    held_out = "val" if experiment.data.validation_split else "test"
    return [f"{split}_{_quantity(metric)}" for split in ("train", held_out)]


def _series(metric: str, experiment) -> list[str]:
    return _pair(metric, experiment) if metric == "gap" else [metric]


def _quantity(metric: str) -> str:
    return "accuracy" if metric.endswith("accuracy") else "loss"
