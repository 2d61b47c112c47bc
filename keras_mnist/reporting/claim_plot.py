"""Published numbers on the scale of our prediction intervals, a row a number."""

import math

from keras_mnist.documents import Finding
from keras_mnist.documents.judging import ClaimResult
from keras_mnist.reporting.figures import OURS, PUBLISHED, diamond, new_figure, tidy
from keras_mnist.reporting.plots import Figure, Line2D, Patch, as_it_comes

EDGE = 6.0  # half intervals; what lies beyond is drawn here as an arrow


def final_numbers(results: list[ClaimResult]) -> list[ClaimResult]:
    """Return the results that the figure shows: published figures of a last epoch."""
    return [r for r in results if r.claim.shown == "figure"]


@as_it_comes
def claim_plot(results: list[ClaimResult]) -> Figure:
    """Return the figure: where each published number lies in, or beside, our interval.

    The interval of one further run spans -1 to 1 in every row, its middle is our mean.

    Args:
        results: as from `final_numbers`, at least one, of any documents.
    """
    figure = new_figure((8.0, 0.24 * len(results) + 1.8))
    axes = figure.subplots()
    axes.axvspan(-1, 1, color=OURS, alpha=0.15, lw=0)
    axes.axvline(0, color=OURS, lw=1)
    places = [_place(row, r, r.read, "none") for row, r in enumerate(results) if r.read]
    places += [_place(row, r, r.described, PUBLISHED) for row, r in enumerate(results)]
    for look in dict.fromkeys(place[2:] for place in places if place):
        alike = [place[:2] for place in places if place and place[2:] == look]
        marker, fill, size = look
        axes.plot(*zip(*alike, strict=True), marker, color=PUBLISHED, mfc=fill, ms=size)
    names = [
        f"{r.document.short}: {r.claim.subject(r.described)}: {r.claim.claimed}" for r in results
    ]
    axes.set_yticks(range(len(results)), names)
    axes.set_ylim(len(results) - 0.4, -0.6)
    axes.set_xlim(-EDGE - 0.5, EDGE + 0.5)
    axes.set_xlabel("published minus our mean, in half prediction intervals")
    tidy(axes)
    handles = [
        Patch(color=OURS, alpha=0.15, label="where one further run of ours should fall"),
        diamond("published, against our runs as described"),
    ]
    readings = list(dict.fromkeys(r.reading.name for r in results if r.reading is not None))
    if readings:
        (under,) = (
            readings if len(readings) == 1 else ["the reading that serves its experiment most"]
        )
        label = f"published, against our runs with {under}"
        handles.append(
            Line2D([], [], color=PUBLISHED, marker="D", mfc="none", ls="", ms=6, label=label)
        )
    figure.legend(handles=handles, loc="outside upper center", frameon=False, fontsize=9)
    return figure


def _place(row: int, result: ClaimResult, found: Finding, fill: str) -> tuple | None:
    """Return where a number is marked, and how: x, y, marker, fill, size."""
    place = found.place_of(result.claim.as_metric)
    if math.isnan(place):
        return None
    marker = "D" if abs(place) <= EDGE else ">" if place > 0 else "<"
    return max(-EDGE, min(EDGE, place)), row, marker, fill, 5 if fill != "none" else 7
