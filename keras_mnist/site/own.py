"""The answer of each study that is of no document, and what its runs were."""

from keras_mnist.analysis.intervals import summarize
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column, cells, headings
from keras_mnist.reporting.own_notes import network_notes, paired_share
from keras_mnist.runs import RunRecord
from keras_mnist.site.apart import Apart
from keras_mnist.site.comparison import MOST_VARIANTS, told_of, values_of
from keras_mnist.site.experiments import Experiments
from keras_mnist.site.networks import details
from keras_mnist.site.told import METRIC, Row, sentence


def own(studies: list[Apart], records: list[RunRecord], experiments: Experiments) -> dict:
    """Return what the page says of the studies that are of no document.

    Args:
        studies: of all data sets.
        records: all of the store's.
        experiments: of the page.
    """
    cards = [_card(study, experiments) for study in studies]
    return {
        "title": "; ".join(_first([study.title for study in studies], 3)),
        "cards": cards,
        "runs": wording.count(sum(record.completed for record in records), "run"),
        "studies": "1 study" if len(cards) == 1 else f"{len(cards)} studies",
    }


def _first(titles: list[str], most: int) -> list[str]:
    more = len(titles) - most
    return [*titles[:most], f"and {more} more"] if more > 0 else titles


def _card(study: Apart, experiments: Experiments) -> dict:
    rows = _rows(study, experiments)
    columns = _columns(rows)
    return {
        "title": study.title,
        "network": study.network,
        "data": study.data["name"],
        "sentence": sentence(rows),
        "facts": _facts(study, rows),
        "notes": network_notes(study.baseline),
        "headings": headings(columns),
        "rows": cells(columns, rows),
        "more": len(study.named) - len(rows),
    }


def _rows(study: Apart, experiments: Experiments) -> list[Row]:
    shown = list(study.named.items())[:MOST_VARIANTS]
    runs = {name: experiments.runs(e, study.data["digest"]) for name, e in shown}
    values = {METRIC: {name: {} for name in runs}} | values_of(runs)
    told = [(None, float("nan")), *told_of(dict(shown), values)[METRIC].values()]
    return [
        Row(
            *(name, experiment, runs[name], study.asked[name], interval, p),
            "" if interval is None else paired_share(study.baseline, experiment),
        )
        for (name, experiment), (interval, p) in zip(shown, told, strict=True)
    ]


def _facts(study: Apart, rows: list[Row]) -> list[tuple[str, str]]:
    data, split = study.data, study.baseline.data
    shape = "×".join(map(str, split.shape))
    seeds = sorted({seed for row in rows for seed in row.runs})
    return [
        ("network", f"{study.network}, {study.baseline.parameters:,} parameters"),
        ("data", f"{data['name']}: {shape}, {split.classes} classes{_counted(data)}"),
        ("baseline", ", ".join(details(study.baseline))),
        ("seeds", ", ".join(map(str, seeds)) or "none"),
    ]


def _counted(data: dict) -> str:
    images = data.get("images")
    parts = [images.get(part) for part in ("train", "test")] if isinstance(images, dict) else []
    if not parts or not all(isinstance(n, int) for n in parts):
        return ""
    return ", {:,} examples to train on and {:,} to test on".format(*parts)


def _columns(rows: list[Row]) -> list[Column]:
    """Return the columns of a study's table; those that would be empty are left out."""

    def count(row: Row) -> str:
        done = len(row.runs)
        return str(done) if done == row.asked else f"{done} of {row.asked}"

    def measured(row: Row) -> str:
        return wording.spread(METRIC, summarize(list(row.values.values())))

    def compared(row: Row) -> str:
        return "" if row.effect is None else wording.effect(METRIC, row.effect)

    found = [
        Column("change", "change", lambda row: row.name),
        Column("seeds", "seeds", count),
        Column(METRIC, wording.heading(METRIC), measured),
    ]
    if len(rows) > 1:
        p = lambda row: "" if row.effect is None else wording.p_value(row.p)  # noqa: E731
        found += [
            Column("effect", f"effect on {wording.name(METRIC)}", compared),
            Column("p", "p (Holm)", p),
        ]
    found.append(Column("parameters", "parameters", lambda r: f"{r.experiment.parameters:,}"))
    if any(row.paired for row in rows):
        found.append(Column("paired", "first weights paired", lambda row: row.paired))
    return found
