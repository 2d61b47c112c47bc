"""The answer: how much of each document holds, and which of its figures."""

from keras_mnist.documents import Number, Statement, model_named
from keras_mnist.documents.judging import ClaimResult
from keras_mnist.documents.judging.judged import Judged
from keras_mnist.reporting import claim_words, wording
from keras_mnist.reporting.claim_tables import summary
from keras_mnist.site.standing import counted, standing

_PLURALS = {"count": "parameter counts", "time": "training times"}


def answer(found: list[Judged]) -> dict:
    """Return the counts of all claims, and a score card a document."""
    everything = [result for one in found for result in one.results]
    blog, _ = model_named("mlp")
    return {
        "claims": len(everything),
        "counts": counted(r.verdict for r in everything),
        "verdicts": summary(everything),
        "runs": sum(record.completed for record in found[0].records),
        # The blog's own card is open: it is the package's baseline.
        "cards": [_card(one) | {"open": one.document is blog} for one in found],
    }


def _card(one: Judged) -> dict:
    numbers = [r for r in one.results if isinstance(r.claim, Number)]
    final = [r for r in numbers if r.claim.epoch == "last"]
    other = [r for r in one.results if not isinstance(r.claim, Number | Statement)]
    lines = [("figures by epoch", [r for r in numbers if r.claim.epoch != "last"])]
    lines += [
        (_PLURALS[kind], [r for r in other if r.claim.kind == kind])
        for kind in dict.fromkeys(r.claim.kind for r in other)
    ]
    return {
        "name": one.document.name,
        "short": one.document.short,
        "title": one.document.title,
        "document": one.document.file,
        "total": len(one.results),
        "counts": counted(r.verdict for r in one.results),
        "summary": summary(one.results),
        "matrix": _matrix(final),
        "statements": [_cell(r) for r in one.results if isinstance(r.claim, Statement)],
        "lines": [(label, summary(results)) for label, results in lines if results],
    }


def _matrix(final: list[ClaimResult]) -> dict:
    """Return the figures of last epochs: a row an experiment, a column a metric."""
    metrics = list(dict.fromkeys(r.claim.metric for r in final))
    rows = {r.claim.experiment: {} for r in final}
    for result in final:
        rows[result.claim.experiment][result.claim.metric] = _cell(result)
    return {
        "headings": [wording.heading(metric) for metric in metrics],
        "rows": [(name, [cells.get(m) for m in metrics]) for name, cells in rows.items()],
    }


def _cell(result: ClaimResult) -> dict:
    return {
        "id": result.id,
        "claim": claim_words.claim(result),
        "published": claim_words.published(result),
        "ours": claim_words.ours(result, result.described),
        "verdict": result.verdict,
        "standing": standing(result.verdict),
        "reason": claim_words.reason(result),
    }
