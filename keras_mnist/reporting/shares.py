"""Who is to blame, as a table: each choice's share in the change that all of them make."""

from dataclasses import asdict
from typing import NamedTuple

from keras_mnist.analysis.intervals import Interval
from keras_mnist.analysis.shares import Shares
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment.study import name_of
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column

METRIC = "test_accuracy"


class Share(NamedTuple):
    """A row: what a choice, or two of them together, adds."""

    name: str
    interval: Interval
    whole: bool = False  # whether it is a share in the whole, not what a pair adds


def share_columns(found: Shares) -> list[Column]:
    """Return the columns of a table of shares; a row is a `Share`."""

    def part(row: Share) -> str:
        value = _part(row)
        return "" if value is None else f"{100 * value:.0f} %"

    def _part(row: Share) -> float | None:
        told = row.whole and found.whole.excludes_zero
        return row.interval.mean / found.whole.mean if told else None

    return [
        Column("choice", "choice", lambda row: row.name),
        Column(
            "share",
            f"share in the change of {wording.name(METRIC)}",
            lambda row: wording.effect(METRIC, row.interval),
            lambda row: row.interval.mean,
        ),
        Column("part", "of the whole", part, _part),
    ]


def share_rows(result: Findings, found: Shares) -> list[Share]:
    """Return the whole, each choice, then each pair of them."""
    names = names_in(result, found)
    singles = [Share(names[choice], i, True) for choice, i in found.single.items()]
    pairs = [Share(f"{names[a]} with {names[b]}", i) for (a, b), i in found.pairs.items()]
    return [Share("all together", found.whole, True), *singles, *pairs]


def names_in(result: Findings, found: Shares) -> dict:
    """Return what a person calls each choice."""
    by_changes = {frozenset(v.changes): v for v in result.study.variants}
    return {
        choice: name_of((choice,), by_changes[frozenset((choice,))].experiment)
        for choice in found.single
    }


def in_path(result: Findings, name: str) -> str:
    """Return the cheapest path in words: `baseline 98.27, no dropout 98.09, no relu 91.2`."""
    found = result.shares[name]
    names = names_in(result, found)
    stops = ["baseline", *(f"then {names[choice]}" for choice in found.path)]
    values = [wording.number(METRIC, step.mean) for step in found.steps]
    way = ", ".join(f"{stop} {value}" for stop, value in zip(stops, values, strict=True))
    return f"Cheapest way to {name} (its costliest step is the smallest): {way}."


def shares_data(result: Findings, found: Shares) -> dict:
    """Return shares as plain data, in the record's unit."""
    names = names_in(result, found)
    return {
        "metric": METRIC,
        "whole": asdict(found.whole),
        "single": {names[choice]: asdict(i) for choice, i in found.single.items()},
        "pairs": [[names[a], names[b], asdict(i)] for (a, b), i in found.pairs.items()],
        "path": [names[choice] for choice in found.path],
        "steps": [asdict(step) for step in found.steps],
    }
