"""The table, the forest plot and the data of a comparison of anybody's numbers."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path

from keras_mnist.analysis.comparison import Contrast
from keras_mnist.analysis.intervals import Summary, summarize
from keras_mnist.base.files import finite, write_whole
from keras_mnist.base.metrics import Quantity
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column, cells, headings
from keras_mnist.reporting.files import save
from keras_mnist.reporting.forest import forest_of
from keras_mnist.reporting.grids import markdown_table, markdown_text, print_notes
from keras_mnist.reporting.outputs import check_writable, finish, wide_console
from keras_mnist.reporting.plots import Figure, as_it_comes
from keras_mnist.reporting.terminal import TerminalTable

_MOST_DECIMALS = 8


@dataclass(frozen=True)
class Compared:
    """A comparison, and what it is of.

    Attributes:
        metric: what the numbers are called.
        baseline: the variant that the others are compared with.
        values: by variant, a number by seed; NaN where a run has none.
        contrasts: what each of the other variants changes.
        margin: a difference below it is none that matters; `None` where none was named.
    """

    metric: str
    baseline: str
    values: dict[str, dict]
    contrasts: list[Contrast]
    margin: float | None = None

    @property
    def quantity(self) -> Quantity:
        """How its numbers are written: with two digits of the narrowest interval's half."""
        halves = [(c.interval.high - c.interval.low) / 2 for c in self.contrasts]
        halves = [half for half in halves if half > 0]
        digits = 1 - math.floor(math.log10(min(halves))) if halves else 4
        return Quantity("", min(max(digits, 0), _MOST_DECIMALS))

    def summary(self, variant: str) -> Summary:
        """Return mean, sd and n of a variant's numbers."""
        return summarize([v for v in self.values[variant].values() if not math.isnan(v)])


def columns(found: Compared) -> list[Column]:
    """Return the table's columns; a row is a variant's name and, but for the baseline, contrast."""
    what = found.quantity

    def spread(row) -> str:
        summary = found.summary(row[0])
        mean, sd = (f"{x:z.{what.decimals}f}" for x in (summary.mean, summary.sd))
        return mean if math.isnan(summary.sd) else f"{mean} ± {sd}"

    def effect(row) -> str:
        return wording.effect_of(what, row[1].interval, found.margin) if row[1] else ""

    def how(row) -> str:
        if not row[1]:
            return ""
        return f"{row[1].interval.n} pairs" if row[1].paired else "unpaired (Welch)"

    def p(row) -> float:
        return row[1].p_holm if row[1] else math.nan

    return [
        Column("variant", "variant", lambda row: row[0]),
        Column("n", "n", lambda row: str(found.summary(row[0]).n)),
        Column("mean", found.metric, spread, lambda row: found.summary(row[0]).mean),
        Column("effect", f"effect against {found.baseline}", effect),
        Column("p", "p (Holm)", lambda row: wording.p_value(p(row)) if row[1] else "", p),
        Column("how", "compared", how),
    ]


def _rows(found: Compared) -> list[tuple[str, Contrast | None]]:
    return [(found.baseline, None), *((c.variant, c) for c in found.contrasts)]


def notes(found: Compared) -> list[str]:
    """Return what a reader must know to read the table."""
    level = (
        "intervals that allow for all variants together; p adjusted by Holm."
        if found.margin
        else "intervals of the level that Holm's adjustment of p leaves: they exclude zero just "
        "where p is below 0.05."
    )
    lines = [
        f"Mean ± standard deviation over n runs. Effects: variant minus {found.baseline}, with "
        f"{level}"
    ]
    if any(not c.paired for c in found.contrasts):
        lines.append(
            "Unpaired: fewer than three seeds in common with the baseline, so the means are "
            "compared by Welch's interval; pairing by seed usually tells smaller differences."
        )
    lines += [
        f"{c.variant}: {wording.count(c.left_out, 'run')} left out, of seeds that only one side has"
        for c in found.contrasts
        if c.left_out
    ]
    lines += [
        f"{name}: {wording.count(lost, 'run')} without a number"
        for name, of in found.values.items()
        if (lost := sum(map(math.isnan, of.values())))
    ]
    return lines


@as_it_comes
def figure(found: Compared) -> Figure:
    """Return the forest plot."""
    label = f"effect on {found.metric}, against {found.baseline}"
    rows = {c.variant: c.interval for c in found.contrasts}
    return forest_of(rows, label, found.margin)


def as_data(found: Compared) -> dict:
    """Return everything as plain data; a number that does not exist is `None`."""
    return finite(
        {
            "metric": found.metric,
            "baseline": found.baseline,
            "margin": found.margin,
            "variants": {name: asdict(found.summary(name)) for name in found.values},
            "effects": [asdict(contrast) for contrast in found.contrasts],
            "notes": notes(found),
        }
    )


def present(found: Compared, folder: str | None, json_path: str | None) -> None:
    """Print the table; write it, the figure and the data where they are wanted.

    Raises:
        StoreError: they cannot be written.
    """
    if folder or json_path:
        check_writable(folder or ".", json_path)
    shown, title = columns(found), "Comparison"
    texts = headings(shown), cells(shown, _rows(found))
    written = []
    if folder:
        text = (
            "\n\n".join([markdown_table(title, *texts), *map(markdown_text, notes(found))]) + "\n"
        )
        written.append(write_whole(Path(folder) / "table.md", text))
        written += save({"forest": figure(found)}, Path(folder))

    def tables() -> None:
        console = wide_console()
        console.print(TerminalTable.of(title, shown, _rows(found)))
        print_notes(notes(found), console)

    finish(written, json_path, as_data(found), tables)
