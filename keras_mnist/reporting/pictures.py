"""The test images that each change breaks and mends most often, drawn."""

from typing import Any

import numpy as np

from keras_mnist.analysis.pictures import most_often
from keras_mnist.documents.judging.findings import Findings
from keras_mnist.reporting.figures import folded, new_figure, sign
from keras_mnist.reporting.plots import Figure, as_it_comes

SHOWN = 6  # images a side
ROWS = 16  # variants at most
_INCHES, _EDGE = 0.72, 0.2  # that an image is wide, and that stay free around all
# In widths or heights of an image: from one to the next, between what is broken and what is mended,
# above the images of a row, where its words stand, and from row to row.
_APART, _GAP, _HEAD, _ROW = 1.09, 0.35, 0.72, 1.9


def drawable(result: Findings) -> bool:
    """Return whether there are pictures, and a variant that is known to change some."""
    if result.images.test is None or result.images.test[0].ndim not in (3, 4):
        return False
    return any(change and change.pairs for change, _ in result.images.changes.values())


@as_it_comes
def broken_images(result: Findings) -> Figure:
    """Return a row a variant: the images that it breaks most often, and those that it mends.

    Over each: its class, what was said instead most often, and in how many of the pairs of runs.
    All of them are one picture in one pair of axes: to make, fit and write axes for each of up to
    192 takes longer than all else that a study draws.
    """
    found = {name: change for name, (change, _) in result.images.changes.items() if change}
    shown = [variant for variant in result.study.variants if variant.name in found][:ROWS]
    base = result.images.said[result.study.variants[0].name]
    test: Any = result.images.test  # there is one, or nothing is drawable
    high, wide = test[0].shape[1:3]
    all_wide, all_high = round((2 * SHOWN * _APART + _GAP) * wide), round(_ROW * high) * len(shown)
    sheet = np.ones((all_high, all_wide, 3), np.float32)
    figure, axes = _sheet(all_wide * _INCHES / wide, all_high * _INCHES / wide)
    for row, variant in enumerate(shown):
        change, ours = found[variant.name], result.images.said[variant.name]
        top = round(_ROW * high) * row
        title = f"{' '.join(folded(variant.name).split())}: breaks (left), mends (right)"
        axes.text(all_wide / 2, top, title, fontsize=9, ha="center", va="top")
        top += round(_HEAD * high)
        for start, often, wrong in (
            (0, change.broken, ours),
            (SHOWN * _APART + _GAP, change.mended, base),
        ):
            for place, image in enumerate(most_often(often, SHOWN)):
                left = round((start + _APART * place) * wide)
                sheet[top : top + high, left : left + wide] = _picture(test[0][image])
                said = f"{result.images.mistake(image, wrong)}\n{often[image]:.0%}"
                middle, over = left + wide / 2, top - 0.06 * high
                axes.text(middle, over, said, fontsize=7, ha="center", va="bottom")
    axes.imshow(sheet, extent=(0, all_wide, all_high, 0))
    sign(figure, result)
    return figure


def _sheet(width: float, height: float) -> tuple:
    """Return a figure, and axes on it of that size in inches."""
    whole, tall = width + 2 * _EDGE, height + 2.5 * _EDGE
    figure = new_figure((whole, tall), layout=None)
    axes = figure.add_axes((_EDGE / whole, 1.5 * _EDGE / tall, width / whole, height / tall))
    axes.axis("off")
    return figure, axes


def _picture(picture: np.ndarray) -> np.ndarray:
    """Return an image as red, green and blue from 0 to 1; one of grey levels as ink on white.

    Grey levels span the whole from white to black, whatever the least and largest of the image.
    """
    if picture.ndim == 3 and picture.shape[2] > 2:
        return picture[..., :3] / 255
    grey = picture.reshape(*picture.shape[:2], -1)[..., :1]  # of two channels, the other is opacity
    grey = grey.astype(np.float32)
    least, most = grey.min(), grey.max()
    return np.broadcast_to(1 - (grey - least) / max(most - least, 1), (*grey.shape[:2], 3))
