"""Taking the paper away: how far each pixel of a picture stands out from its surroundings."""

from typing import Any

import numpy as np
from PIL import Image

# A larger picture may be a photograph, whose paper is estimated place by place, unless its
# border and most of the rest are EVEN: then it was drawn or scanned.
PHOTOGRAPH = 64  # pixels on the longer side
EVEN = 4  # grey levels
FINE = 256  # to which it is reduced where strokes are told from edges
WINDOW = 13  # of the 32 pixels to which a photograph's longer side is reduced
LEAST_CONTRAST = 16  # grey levels by which ink differs from paper
DARKEST = 16  # grey levels; a paper's brightness is not trusted below it


def contrast(grey: np.ndarray) -> np.ndarray:
    """Return how far ink stands out from its paper, whichever of them is the lighter.

    By the difference, except for dark ink in a photograph: there by the share of the light
    that it takes away, which in a shadow is the same as in the sun.

    Args:
        grey: float32 (h, w), 0-255.

    Returns:
        float32 (h, w), at most 255; 0 on paper, positive on ink.
    """
    if is_even(grey):
        difference = grey - np.float32(np.median(_border(grey)))
        return difference * _sign_of_ink(difference)
    small = reduced(grey, PHOTOGRAPH)
    sign, rough = _rough_paper(small)
    return _contrast(grey, resized(_paper_around_ink(small, rough, sign), grey.shape), sign)


def is_even(grey: np.ndarray) -> bool:
    """Say whether a picture, (h, w), 0-255, was drawn or scanned, or is too small to tell."""
    low, paper, high = np.percentile(_border(grey), [5, 50, 95])
    # The rest, too: the border of a page on a table may be the table's.
    rest = np.median(np.abs(grey[::4, ::4] - np.float32(paper)))
    return max(grey.shape) <= PHOTOGRAPH or bool(high - low <= EVEN and rest <= EVEN)


def _border(grey: np.ndarray) -> np.ndarray:
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def strokes(grey: np.ndarray) -> np.ndarray:
    """Return how far each pixel stands out from what is on both sides of it.

    The edge between two surfaces does not: it has one of them on either side.

    Args:
        grey: float32 (h, w), 0-255.

    Returns:
        float32 (h, w), 0 or more grey levels; of strokes thinner than a fifth of the picture.
    """
    from scipy import ndimage  # slow to import

    small = ndimage.gaussian_filter(reduced(grey, FINE), 1)
    size = max(small.shape) // 5
    padded = np.pad(small, size, "edge")  # surfaces go on outside
    dark = ndimage.grey_closing(padded, (size, size)) - padded
    light = padded - ndimage.grey_opening(padded, (size, size))
    found = np.maximum(dark, light)[size:-size, size:-size]
    return resized((found - np.median(found)).clip(0), grey.shape)  # the rest is noise


def noise(contrasts: np.ndarray) -> float:
    """Return the standard deviation of the paper's noise, in grey levels.

    It is estimated from the other side than the ink's, at the tenth percentile: a normal
    distribution has it 1.28 standard deviations below its middle.

    Args:
        contrasts: as `contrast` returns them.
    """
    step = max(1, len(contrasts) // 256)  # some of the rows are enough
    return max(0.0, -float(np.percentile(contrasts[::step], 10)) / 1.28)


def resized(levels: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return `levels`, float32 (h, w), antialiased and resized to `shape`, height first."""
    image = Image.fromarray(np.ascontiguousarray(levels, np.float32))
    height, width = shape
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))


def reduced(levels: np.ndarray, extent: int) -> np.ndarray:
    """Return `levels` resized so that the longer side is `extent`, in the same proportions."""
    scale = extent / max(levels.shape)
    height, width = (max(1, round(side * scale)) for side in levels.shape)
    return levels if levels.shape == (height, width) else resized(levels, (height, width))


def _contrast(grey: np.ndarray, paper: np.ndarray, sign: int) -> np.ndarray:
    if sign > 0:
        return grey - paper
    return 255 * (1 - grey / np.maximum(paper, DARKEST))


def _sign_of_ink(difference: np.ndarray) -> int:
    """Return 1 if ink is lighter than paper, else -1.

    Ink is what stands out much and covers little, so the sum of the cubes has its sign.
    """
    return 1 if (difference.astype(np.float64) ** 3).sum() >= 0 else -1


def _rough_paper(small: np.ndarray) -> tuple[int, np.ndarray]:
    """Return the ink's sign and the median around each pixel of `small`, (h, w), 0-255.

    The median is the paper's wherever ink covers less than half of the window.
    """
    from scipy import ndimage  # slow to import

    smaller = reduced(small, PHOTOGRAPH // 2)
    paper = ndimage.median_filter(smaller, WINDOW)
    # The light of a lamp bends within the window, and what is left of it could outweigh thin
    # strokes: a second median takes that away as well.
    left = smaller - paper
    return _sign_of_ink(left - ndimage.median_filter(left, WINDOW)), resized(paper, small.shape)


def _paper_around_ink(small: np.ndarray, rough: np.ndarray, sign: int) -> np.ndarray:
    """Return `small`, (h, w), 0-255, with the ink replaced by the paper around it."""
    from scipy import ndimage  # slow to import

    paper = rough
    for _ in range(3):  # bold strokes and shadows are found whole by and by
        found = _contrast(small, paper, sign)
        ink = found > max(LEAST_CONTRAST, 0.35 * np.percentile(found, 99.5))
        ink = ndimage.binary_dilation(ink, np.ones((3, 3)))
        if ink.all():
            break
        nearest: Any = ndimage.distance_transform_edt(  # never `None`, as its types have it
            ink, return_distances=False, return_indices=True
        )
        filled = paper = small[tuple(nearest)]
        for _ in range(40):  # rounds of smoothing, so that what is filled in has no seams
            paper = np.where(ink, ndimage.uniform_filter(paper, 3, mode="nearest"), filled)
    return paper
