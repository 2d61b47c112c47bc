"""The test images that each change breaks and mends most often, drawn."""

from matplotlib.figure import Figure

from keras_mnist.analysis.pictures import most_often
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting.figures import folded, new_figure, sign

SHOWN = 6  # images a side
ROWS = 16  # variants at most


def drawable(result: Findings) -> bool:
    """Return whether there are pictures, and a variant that is known to change some."""
    if result.images.test is None or result.images.test[0].ndim not in (3, 4):
        return False
    return any(change and change.pairs for change, _ in result.images.changes.values())


def broken_images(result: Findings) -> Figure:
    """Return a row a variant: the images that it breaks most often, and those that it mends.

    Over each: its class, what was said instead most often, and in how many of the pairs of runs.
    """
    found = {name: change for name, (change, _) in result.images.changes.items() if change}
    shown = [variant for variant in result.study.variants if variant.name in found][:ROWS]
    figure = new_figure((2 * SHOWN * 0.78 + 0.4, 1.32 * len(shown) + 1.0))
    parts = figure.subfigures(len(shown), 1, squeeze=False)[:, 0]
    base = result.images.said[result.study.variants[0].name]
    for part, variant in zip(parts, shown, strict=True):
        change, ours = found[variant.name], result.images.said[variant.name]
        part.suptitle(f"{folded(variant.name)}: breaks (left), mends (right)", fontsize=9)
        grid = part.subplots(1, 2 * SHOWN + 1, width_ratios=[*[1] * SHOWN, 0.25, *[1] * SHOWN])
        for axes in grid:
            axes.axis("off")
        for places, often, wrong in (
            (grid[:SHOWN], change.broken, ours),
            (grid[SHOWN + 1 :], change.mended, base),
        ):
            for axes, image in zip(places, most_often(often, SHOWN), strict=False):
                _draw(axes, result, image, often[image], wrong)
    sign(figure, result)
    return figure


def _draw(axes, result: Findings, image: int, share: float, wrong: dict) -> None:
    images, _ = result.images.test or ((), ())
    picture = images[image].squeeze()
    axes.imshow(picture, cmap="gray_r" if picture.ndim == 2 else None)
    axes.set_title(f"{result.images.mistake(image, wrong)}\n{share:.0%}", fontsize=7, pad=2)
