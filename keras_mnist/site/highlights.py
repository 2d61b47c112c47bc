"""What a reader will remember: told only where the records bear it out, numbers filled in."""

from keras_mnist.analysis.intervals import Interval
from keras_mnist.analysis.verdicts import EXPLAINED, NOT_REPRODUCED, REPRODUCED
from keras_mnist.documents import Highlight
from keras_mnist.documents.judging import ClaimResult, Runs
from keras_mnist.documents.judging.judged import Judged
from keras_mnist.documents.judging.stored import digest_of
from keras_mnist.documents.quantities import At, values
from keras_mnist.reporting import wording
from keras_mnist.site.claims import published_marks
from keras_mnist.site.comparison import interval_data
from keras_mnist.site.experiments import Experiments, short

_CAPTIONS = {
    "readings": "The figures in question, as described and with {0}",
    "contrasts": "What each does",
    "runs": "{0} of every run, a dot each",
    "curves": "{0} by epoch, mean over seeds",
}


def highlights(found: list[Judged], experiments: Experiments) -> list[dict]:
    """Return title, text and plot of each highlight that the records bear out."""
    told = []
    for one in found:
        words = _words(one)
        for highlight in one.document.highlights:
            if _borne_out(highlight, one, words):
                plot = _plot(highlight.plot, one, experiments)
                told.append(
                    {
                        "title": highlight.title,
                        "text": highlight.text.format(**words),
                        "caption": _caption(*highlight.plot[:2]),
                        "plot": plot,
                    }
                )
    return told


def _caption(kind: str, about: str) -> str:
    named = wording.name(about).capitalize() if kind in ("runs", "curves") else about
    return _CAPTIONS[kind].format(named)


def _words(one: Judged) -> dict:
    """Return what the placeholders of a highlight's text stand for."""
    numbers = [r for r in one.results if r.claim.quantity]
    runs = Runs(one.document, one.records)
    statements = {r.claim.name: r for r in one.results if r.claim.difference}
    return {
        "numbers": len(numbers),
        "outside": sum(r.described.verdict == NOT_REPRODUCED for r in numbers),
        "explained": sum(r.verdict == EXPLAINED for r in numbers),
        "effect": {c.question: wording.effect(c.metric, e) for c, e, _ in one.contrasts},
        "weights": {c.question: _equal_weights(c, runs) for c, _, _ in one.contrasts},
        "difference": {name: _difference(result) for name, result in statements.items()},
        "published": {r.claim.name: r.claim.published for r in one.results},
        "settled": _settled(numbers),
    }


def _borne_out(highlight: Highlight, one: Judged, words: dict) -> bool:
    # What is explained by a reading fails, or is not reproduced, as described.
    said = {r.claim.name: (r.verdict, r.described.verdict) for r in one.results}
    said |= {question: (effect,) for question, effect in words["effect"].items()}
    for name, wanted in highlight.requires.items():
        if not any(words.startswith(wanted) for words in said[name]):
            return False
    explained = [
        r.verdict == EXPLAINED
        and r.reading is not None
        and r.reading.name == highlight.explained_by
        for r in one.results
        if r.claim.quantity and r.described.verdict == NOT_REPRODUCED
    ]
    return not highlight.explained_by or sum(explained) > len(explained) / 2


def _equal_weights(contrast, runs: Runs) -> str:
    variant, base = runs.of(contrast.variant), runs.of(contrast.base)
    pairs = sorted(variant.keys() & base.keys())
    same = sum(variant[s].weights_sha256 == base[s].weights_sha256 for s in pairs)
    pairs = wording.count(len(pairs), "pair")
    return f"{same} of {pairs} of runs end with the same weights, bit for bit"


def _difference(result: ClaimResult) -> str:
    found = result.described
    about = Interval(found.ours.mean, found.low, found.high, found.p, found.ours.n)
    return wording.effect(found.metric, about)


def _settled(numbers: list[ClaimResult]) -> dict[str, int]:
    """Return, by experiment and split, the epoch from which on all its numbers reproduce."""
    found = {}
    for result in numbers:
        published = result.claim.quantity
        assert published is not None  # they are numbers
        name = f"{published.experiment} {published.metric.split('_')[0]}"
        found.setdefault(name, 1)
        if result.described.verdict != REPRODUCED:
            found[name] = max(found[name], result.document.epoch_of(published) + 1)
    return found


def _plot(plot: tuple[str, ...], one: Judged, experiments: Experiments) -> dict:
    kind, *names = plot
    return {"kind": kind, **_PLOTS[kind](names, one, experiments)}


def _readings(names: list[str], one: Judged, _experiments) -> dict:
    """Where numbers lie as described and under a reading, in half prediction intervals."""
    rows = [
        {
            "label": f"{r.claim.subject(r.described)}: {wording.heading(r.described.metric)}",
            "described": short(r.described.place_of(r.claim.as_metric)),
            "read": short(r.read.place_of(r.claim.as_metric)),
        }
        for r in one.results
        if r.claim.quantity
        and r.described.verdict == NOT_REPRODUCED
        and r.reading
        and r.read
        and r.reading.name == names[0]
    ]
    return {"reading": names[0], "rows": rows}


def _contrasts(names: list[str], one: Judged, _experiments) -> dict:
    rows = [
        {"label": contrast.question, **interval_data(contrast.metric, effect)}
        for contrast, effect, _ in one.contrasts
        if contrast.question in names
    ]
    metric = next(c.metric for c, _, _ in one.contrasts if c.question in names)
    return {"axis": f"effect on {wording.axis(metric, difference=True)}", "rows": rows}


def _runs(names: list[str], one: Judged, _experiments) -> dict:
    metric, *names = names
    runs = Runs(one.document, one.records)
    found = {name: values(At(name, metric), runs.of(name)) for name in names}
    rows = [
        {
            "label": name,
            "values": [[s, short(wording.in_units(metric, v))] for s, v in by_seed.items()],
        }
        for name, by_seed in found.items()
    ]
    return {"axis": wording.axis(metric), "rows": rows}


def _curves(names: list[str], one: Judged, experiments: Experiments) -> dict:
    metric, *names = names
    series = [
        {
            "name": name,
            "metric": metric,
            "key": experiments.show(name, one.document.experiment(name), digest_of(one.document)),
        }
        for name in names
    ]
    marks = published_marks(one.document, {(name, metric) for name in names})
    return {"quantity": metric.split("_")[-1], "series": series, "marks": marks}


_PLOTS = {"readings": _readings, "contrasts": _contrasts, "runs": _runs, "curves": _curves}
