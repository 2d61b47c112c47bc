"""Which test images a change breaks and mends, as a table."""

import math

from keras_mnist.analysis.pictures import most_often
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.experiment.study import Variant
from keras_mnist.reporting import wording
from keras_mnist.reporting.columns import Column

_METRIC = "test_accuracy"
_LISTED = 20  # images in the data


def image_note(result: Findings) -> str:
    """Return what a reader must know to read that table."""
    new = (
        "The interval for new images holds for other seeds and other test images together, at 95 % "
        "of each variant by itself, the others for these images. "
    )
    return (
        "Broken: right with the baseline, wrong with the variant, in the mean pair of runs; "
        f"mended: the other way about. {'' if result.question else new}Spread: standard deviation "
        "of the accuracy from seed to seed, and what its mean would move by on other test images."
    )


def image_columns(result: Findings) -> list[Column]:
    """Return the columns of a table about test images; a row is a variant."""

    def count(name: str):
        def value(variant: Variant) -> float:
            change = result.images.change(variant.name)
            return float(getattr(change, name).sum()) if change else math.nan

        return Column(name, name, lambda v: _shown(value(v), ".1f"), value)

    def interval(variant: Variant) -> str:
        change = result.images.change(variant.name)
        if not change or math.isnan(change.low):
            return ""
        low, high = (wording.in_units(_METRIC, end) for end in (change.low, change.high))
        return f"{wording.in_units(_METRIC, change.mean):+z.2f} pp [{low:z.2f}, {high:z.2f}]"

    def sd(name: str, heading: str):
        def value(variant: Variant) -> float:
            _, known = result.images.changes.get(variant.name, (None, None))
            return getattr(known, name) if known else math.nan

        def cell(variant: Variant) -> str:
            return _shown(wording.in_units(_METRIC, value(variant)), ".2f")

        return Column(f"spread_{name}", heading, cell, value)

    # An answer's seeds were chosen by what they told, which this interval does not allow for.
    new = Column("new_images", "effect, for new images too", interval)
    return [
        Column("variant", "variant", lambda variant: variant.name),
        count("broken"),
        count("mended"),
        *([] if result.question else [new]),
        sd("seeds", "spread from seeds, pp"),
        sd("images", "from test images, pp"),
    ]


def images_data(result: Findings, variant: Variant) -> dict | None:
    """Return what a variant breaks and mends, as plain data; `None` where that is not known.

    McNemar's counts by seed, and the test images, by their number, that change most often.
    """
    change = result.images.change(variant.name)
    if change is None:
        return None
    return {
        "mcnemar": [
            {"seed": seed, "broken": broken, "mended": mended}
            for seed, (broken, mended) in change.by_seed.items()
        ],
        "most_broken": _most(change.broken),
        "most_mended": _most(change.mended),
    }


def _most(shares) -> list[dict]:
    return [
        {"image": image, "share": float(shares[image])} for image in most_often(shares, _LISTED)
    ]


def _shown(value: float, form: str) -> str:
    return "" if math.isnan(value) else f"{value:{form}}"
