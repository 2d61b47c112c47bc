"""Finding what was written on: a light sheet on a darker table, a dark board in light surroundings.

Strokes are closed first, so that what was written does not matter; what is then the lighter or
the darker half of the picture is a sheet if it is about as straight-sided as a rectangle.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from keras_mnist.serving.images.paper import PHOTOGRAPH, reduced, resized

FINE = 128  # pixels to which the longer side is reduced
CLOSED = 13  # of these; strokes are thinner
LEAST, MOST = 0.08, 0.93  # shares of the picture that a sheet covers
SEEN = 0.7  # of the picture's border; the rest at least is of what the sheet lies on
STRAIGHT = 0.86  # of the rectangle around it; an ellipse covers 0.79
STEP = 20  # grey levels by which it differs at least from what is around it
BROAD = 16  # of the fine pixels, from the middle of a sheet to its nearest edge, at least
RIM = 3  # of the fine pixels that are left out along its edge, where it is shaded or blurred


def sheets(grey: np.ndarray) -> Iterator[tuple[np.ndarray, bool]]:
    """Yield each sheet in a photograph, cropped, with what is around it taken for paper.

    Args:
        grey: float32 (h, w), 0-255.

    Returns:
        float32 (at most h, at most w), 0-255, and whether its edges are nearly all in the picture:
        others may be the edge of a shadow. None where the picture itself is the sheet.
    """
    from scipy import ndimage  # slow to import

    if max(grey.shape) <= PHOTOGRAPH:
        return
    small = reduced(grey, FINE)
    for sign in (1, -1):
        closed = ndimage.grey_closing(sign * small, (CLOSED, CLOSED))
        closed = ndimage.grey_opening(closed, (CLOSED, CLOSED))
        if np.ptp(closed) < STEP:
            continue
        plain = ndimage.median_filter(sign * small, 3)
        light = plain > _threshold(closed)
        if _at_border(light) > SEEN:
            continue
        found: Any = ndimage.label(light)
        regions, count = found
        areas = np.bincount(regions.ravel(), minlength=count + 1)
        for number in areas[1:].argsort()[::-1][:2] + 1:
            region = ndimage.binary_fill_holes(regions == number)
            if region is not None and _is_sheet(region, plain):
                yield _alone(grey, region), _lies_within(region)


def _threshold(levels: np.ndarray) -> float:
    """Return the level that parts a picture best in two, by Otsu's rule."""
    counts, edges = np.histogram(levels, 64)
    middles = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()[:-1]
    mass = (counts * middles).cumsum()
    above = below[-1] + counts[-1] - below
    between = (mass[-1] * below / (below + above) - mass[:-1]) ** 2 / np.maximum(below * above, 1)
    return float(edges[between.argmax() + 1])


def _is_sheet(region: np.ndarray, levels: np.ndarray) -> bool:
    """Say whether a region (h, w) of a picture is a sheet that lies in other surroundings."""
    from scipy import ndimage  # slow to import

    if not LEAST < region.mean() < MOST or _straightness(region) < STRAIGHT:
        return False
    edge = ndimage.binary_dilation(region) & ~region
    # The border of lamp light is no edge: what is next to it on either side differs little.
    near = ndimage.maximum_filter(levels, 7) - ndimage.minimum_filter(levels, 7)
    return bool(np.percentile(near[edge], 20) >= STEP)


def _lies_within(region: np.ndarray) -> bool:
    """Say whether a region (h, w) has all its edges in the picture, and is no broad stroke."""
    from scipy import ndimage  # slow to import

    broad = ndimage.distance_transform_edt(np.pad(region, 1)).max() >= BROAD  # pyright: ignore
    return bool(broad) and _at_border(region) < 0.1


def _at_border(region: np.ndarray) -> float:
    """Return the share of a picture's border that is of a region (h, w) of it."""
    return np.concatenate([region[0], region[-1], region[:, 0], region[:, -1]]).mean()


def _straightness(region: np.ndarray) -> float:
    """Return which share a region (h, w) covers of the smallest rectangle around it."""
    from scipy import ndimage  # slow to import

    rim = region & np.logical_not(ndimage.binary_erosion(region))
    angles = np.radians(np.arange(0, 90, 3))
    y, x = np.nonzero(rim)
    along = np.outer(np.cos(angles), x) + np.outer(np.sin(angles), y)
    across = np.outer(np.cos(angles), y) - np.outer(np.sin(angles), x)
    return float(region.sum() / ((np.ptp(along, 1) + 1) * (np.ptp(across, 1) + 1)).min())


def _alone(grey: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Return a picture cropped to a region (h, w) of fewer pixels, filled from within it."""
    from scipy import ndimage  # slow to import

    # What lies outside the picture is no edge of the sheet.
    within = ndimage.binary_erosion(region, np.ones((3, 3)), RIM, border_value=1)
    if not within.any():
        within = region
    rows, columns = np.flatnonzero(within.any(1)), np.flatnonzero(within.any(0))
    mask = resized(within.astype(np.float32), grey.shape) > 0.5
    scale = np.array(grey.shape) / np.array(within.shape)
    box = tuple(
        slice(int(places[0] * factor), int(np.ceil((places[-1] + 1) * factor)))
        for places, factor in zip((rows, columns), scale, strict=True)
    )
    grey, mask = grey[box], mask[box]
    nearest: Any = ndimage.distance_transform_edt(
        ~mask, return_distances=False, return_indices=True
    )
    return grey[tuple(nearest)]
