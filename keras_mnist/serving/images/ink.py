"""Finding the ink of digits in a picture: what stands out from the paper and is written on it."""

from typing import Any

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.serving.images.apart import digits_apart, marked
from keras_mnist.serving.images.lines import without_lines
from keras_mnist.serving.images.paper import LEAST_CONTRAST, contrast, is_even, noise, strokes
from keras_mnist.serving.images.sheet import sheets

# Shares of the ink's brightness: a part that exceeds FAINT is ink if some of it exceeds STRONG.
FAINT, STRONG = 0.25, 0.45
SPECK = 0.03  # of the ink of the largest part; the bar of a 5 has several times as much
SMALLEST = 1 / 50  # of the picture's longer side; anything smaller is dust
STROKES = 0.25  # of a part's contrast; as much of it has paper on both sides
_SQUARE = np.ones((3, 3))  # a pixel and its eight neighbours


def written(grey: np.ndarray, name: str) -> list[np.ndarray]:
    """Return the digits on the sheet that a picture shows, or in all of it where none does.

    Args:
        grey: float32 (h, w), 0-255.
        name: what messages call the picture.

    Returns:
        Of each digit, from left to right, float32 (at most h, at most w), 0-255 on ink, cropped.

    Raises:
        DataError: nothing stands out, or nothing but specks; or several parts do that cannot be
            put in an order.
    """
    for sheet, whole in sheets(grey):
        try:
            return _digits(sheet, name, within=True)
        except _NoDigit:
            if whole:
                raise
    return _digits(grey, name)


class _NoDigit(DataError):
    """Nothing is written, or what is written runs over the edge of what was taken for a sheet."""


def _digits(grey: np.ndarray, name: str, within: bool = False) -> list[np.ndarray]:
    """Return the digits alone, each cropped to its extent.

    Args:
        grey: float32 (h, w), 0-255.
        name: what messages call the picture.
        within: whether what is written must not run over the edge.

    Returns:
        float32 (at most h, at most w) each, 0-255.
    """
    from scipy import ndimage  # slow to import

    levels = without_lines(contrast(grey))
    parts, mass, full = _parts_of_ink(levels, name)
    mass = _without_edges(mass, parts, grey)
    if not mass.any():
        raise _no_digit(name, "edges of paper or of shadows and no strokes")
    mass = _without_surroundings(mass, parts)
    largest = ndimage.find_objects(parts)[mass.argmax() - 1]
    ends = zip(largest, grey.shape, strict=True)
    if within and any(side.start == 0 or side.stop == size for side, size in ends):
        raise _no_digit(name, "what runs over the edge of the paper")
    extent = max(side.stop - side.start for side in largest)
    if extent < max(3, SMALLEST * max(levels.shape)):
        raise _no_digit(name, f"specks of at most {extent} pixels")
    ink = np.flatnonzero(mass > SPECK * mass.max())
    return [_cropped(levels, marked(parts, one), full) for one in digits_apart(parts, ink, name)]


def _cropped(levels: np.ndarray, digit: np.ndarray, full: float) -> np.ndarray:
    """Return the levels of what is marked in `digit`, (h, w), cropped and at most 255."""
    from scipy import ndimage  # slow to import

    rows, columns = np.flatnonzero(digit.any(1)), np.flatnonzero(digit.any(0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    # The pixels next to it belong to it: the faint rim of antialiased strokes.
    digit = ndimage.binary_dilation(digit[box], _SQUARE)
    return np.where(digit, levels[box], 0).clip(0, full) * np.float32(255 / full)


def _parts_of_ink(levels: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Find what hangs together, diagonally too, and stands out from the noise.

    Returns:
        Whole numbers (h, w), the part to which each pixel belongs, 0 for paper; float64 (n,),
        the ink of each part, 0 for paper and what is too faint; the ink's full brightness.
    """
    from scipy import ndimage  # slow to import

    spread = noise(levels)
    least, greatest = max(LEAST_CONTRAST, 5 * spread), levels.max()
    if greatest < least:
        if least > 255:
            raise _no_digit(name, "noise of which nothing can stand out")
        found = f"contrasts of at most {greatest:.0f} grey levels where {least:.0f} are needed"
        raise _no_digit(name, found)
    full = float(np.percentile(levels[levels >= max(least, greatest / 2)], 90))
    # A pair where no array is given to be filled, which SciPy's types do not tell apart.
    labelled: Any = ndimage.label(levels > max(4 * spread, FAINT * full), _SQUARE)
    parts, count = labelled
    ink = parts > 0
    mass = np.bincount(parts[ink], levels[ink], count + 1)
    strong = np.bincount(parts[levels > STRONG * full], minlength=count + 1) > 0
    strong[0] = False
    return parts, np.where(strong, mass, 0), full


def _no_digit(name: str, received: str) -> _NoDigit:
    remedy = "Write it larger and with more contrast, on plain paper"
    return _NoDigit(f"{name} must show a digit", received, remedy)


def _without_edges(mass: np.ndarray, parts: np.ndarray, grey: np.ndarray) -> np.ndarray:
    """Leave out parts that are but the edge between a lighter and a darker surface."""
    if is_even(grey):
        return mass
    ink = parts > 0
    stroke = np.bincount(parts[ink], strokes(grey)[ink], len(mass))
    return np.where(stroke > STROKES * mass, mass, 0)


def _without_surroundings(mass: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Leave out what runs off a picture: the table around the paper, a shadow, other digits.

    Args:
        mass: (n,), the ink of each part; 0 for what is no ink.
        parts: whole numbers (h, w), the part to which each pixel belongs.

    Returns:
        (n,), 0 also for parts that fill half of an edge, or touch one while another part that is
        half as large does not. A digit that was cropped so tightly that it fills an edge stays,
        if nothing else is there.
    """
    edges = (parts[0], parts[-1], parts[:, 0], parts[:, -1])
    shares = np.array([np.bincount(edge, minlength=len(mass)) / edge.size for edge in edges])
    share = shares.max(0)
    within = np.where(share == 0, mass, 0).max()
    left = np.where((share >= 0.5) | ((share > 0) & (within > SPECK * mass.max())), 0, mass)
    return left if left.max() > SPECK * mass.max() else mass
