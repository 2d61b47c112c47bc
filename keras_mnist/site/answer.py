"""The answer: how much of each document holds, and which of its figures."""

from collections.abc import Iterable
from pathlib import Path

from keras_mnist.documents import published_named
from keras_mnist.documents.judging import ClaimResult
from keras_mnist.documents.judging.judged import Judged
from keras_mnist.reporting.claim_chance import beside_chance
from keras_mnist.reporting.claim_tables import summary
from keras_mnist.site.standing import counted, standing


def answer(found: list[Judged]) -> dict:
    """Return the counts of all claims, and a score card a document."""
    everything = [result for one in found for result in one.results]
    blog, _ = published_named("mlp")
    return {
        "claims": len(everything),
        "findings": any(one.document.highlights for one in found),
        "counts": counted(r.verdict for r in everything),
        "verdicts": summary(everything),
        "chance": beside_chance(everything),
        "runs": len({(r.key, r.seed) for one in found for r in one.records if r.completed}),
        "data": _listed(dict.fromkeys(one.document.data.name for one in found)),
        # The blog's own card is open: it is the package's baseline.
        "cards": [_card(one) | {"open": one.document is blog} for one in found],
    }


def _listed(names: Iterable[str]) -> str:
    """Return the names of data sets as a reader knows them."""
    return ", ".join("MNIST" if name == "mnist" else Path(name).name for name in names)


def _card(one: Judged) -> dict:
    shown, lines = {"figure": [], "sentence": [], "line": []}, {}
    for result in one.results:
        shown[result.claim.shown].append(result)
    for result in sorted(shown["line"], key=lambda r: r.claim.quantity is None):  # figures first
        lines.setdefault(result.claim.plural, []).append(result)
    return {
        "name": one.document.name,
        "short": one.document.short,
        "title": one.document.title,
        "document": one.document.file,
        "total": len(one.results),
        "counts": counted(r.verdict for r in one.results),
        "summary": summary(one.results),
        "matrix": _matrix(shown["figure"]),
        "statements": [_cell(r) for r in shown["sentence"]],
        "lines": [(label, summary(results)) for label, results in lines.items()],
    }


def _matrix(final: list[ClaimResult]) -> dict:
    """Return the figures of last epochs: a row an experiment, a column a metric."""
    headings = list(dict.fromkeys(r.claim.claimed for r in final))
    rows = {}
    for result in final:
        row = rows.setdefault(result.claim.subject(result.described), {})
        row[result.claim.claimed] = _cell(result)
    return {
        "headings": headings,
        "rows": [(name, [row.get(heading) for heading in headings]) for name, row in rows.items()],
    }


def _cell(result: ClaimResult) -> dict:
    return {
        "id": result.id,
        "claim": result.claim.claimed,
        "published": result.claim.published,
        "ours": result.claim.ours(result.described),
        "verdict": result.verdict,
        "standing": standing(result.verdict),
        "reason": result.reason,
    }
