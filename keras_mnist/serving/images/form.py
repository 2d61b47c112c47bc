"""Bringing a picture of a digit to MNIST's form.

MNIST's digits are light on black, at most 20 pixels wide and high, antialiased, and lie with
their centre of mass in the middle of 28 x 28 pixels. A network trained on them knows nothing
else, so a photograph or a drawing is made like them: the paper is taken away, then what is not
the digit; the digit is cropped and resized, its strokes given the usual width and brightness,
and centred. MNIST's own images come out nearly as they went in.
"""

from typing import Any

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.serving.images.paper import LEAST_CONTRAST, PHOTOGRAPH, contrast, noise, reduced

SIDE = 28  # pixels of the frame
EXTENT = 20  # pixels of the digit's longer side
MIDDLE = 14  # the row and column, counted from 0, of MNIST's centres of mass
STROKE = 2.25  # pixels; as wide as the thinner half of MNIST's strokes

# Shares of the ink's brightness: a part that exceeds FAINT is ink if some of it exceeds STRONG.
FAINT, STRONG = 0.25, 0.45
SPECK = 0.03  # of the ink of the largest part; the bar of a 5 has several times as much
SMALLEST = 1 / 50  # of the picture's longer side; anything smaller is dust
_SQUARE = np.ones((3, 3))  # a pixel and its eight neighbours


def as_is(grey: np.ndarray, name: str = "the picture") -> np.ndarray:
    """Return a picture that has MNIST's size, rounded but otherwise unchanged.

    Args:
        grey: float32 (28, 28), 0-255.
        name: what messages call it.

    Returns:
        uint8 (28, 28), 0-255.

    Raises:
        DataError: it has another size.
    """
    if grey.shape != (SIDE, SIDE):
        height, width = grey.shape
        raise DataError(
            f"{name} must be {SIDE} pixels wide and high to be taken as it is",
            f"{width} x {height} pixels",
            "Resize it, or have it brought to MNIST's form",
        )
    return np.rint(grey).astype(np.uint8)


def to_mnist_form(grey: np.ndarray, name: str = "the picture") -> np.ndarray:
    """Return the digit in a picture, dark on light or light on dark, as MNIST would show it.

    Args:
        grey: float32 (h, w), 0-255.
        name: what messages call it.

    Returns:
        uint8 (28, 28), 0-255, light on black.

    Raises:
        DataError: nothing stands out, or nothing but specks.
    """
    ink = _digit(contrast(grey), name)
    if max(ink.shape) > EXTENT:
        ink = _with_usual_strokes(ink)
    return _centred(_at_full_brightness(reduced(ink, EXTENT).clip(0)))


def _digit(levels: np.ndarray, name: str) -> np.ndarray:
    """Return the digit alone, cropped to its extent.

    Args:
        levels: float32 (h, w), about 0 on paper, positive on ink.
        name: what messages call the picture.

    Returns:
        float32 (at most h, at most w), 0-255.
    """
    from scipy import ndimage  # slow to import

    parts, mass, full = _parts_of_ink(levels, name)
    if max(levels.shape) > PHOTOGRAPH:
        mass = _without_surroundings(mass, parts)
    largest = ndimage.find_objects(parts)[mass.argmax() - 1]
    extent = max(side.stop - side.start for side in largest)
    if extent < max(3, SMALLEST * max(levels.shape)):
        raise _no_digit(name, f"specks of at most {extent} pixels")

    digit = (mass > SPECK * mass.max())[parts]
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


def _no_digit(name: str, received: str) -> DataError:
    remedy = "Write it larger and with more contrast, on plain paper"
    return DataError(f"{name} must show a digit", received, remedy)


def _without_surroundings(mass: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Leave out what runs off a photograph: the table around the paper, the rest of a shadow.

    Args:
        mass: (n,), the ink of each part; 0 for what is no ink.
        parts: whole numbers (h, w), the part to which each pixel belongs.

    Returns:
        (n,), 0 also for parts that fill half of an edge, or touch one and have less ink than
        one that does not. A digit that was cropped so tightly that it fills an edge stays, if
        nothing else is there.
    """
    edges = (parts[0], parts[-1], parts[:, 0], parts[:, -1])
    shares = np.array([np.bincount(edge, minlength=len(mass)) / edge.size for edge in edges])
    share = shares.max(0)
    within = np.where(share == 0, mass, 0).max()
    left = np.where((share >= 0.5) | ((share > 0) & (mass < within)), 0, mass)
    return left if left.max() > SPECK * mass.max() else mass


def _with_usual_strokes(ink: np.ndarray) -> np.ndarray:
    """Return a digit, float32 (h, w), 0-255, whose strokes are at least of MNIST's width.

    A pen's strokes would be a fraction of a pixel wide, hence faint, in 20 x 20 pixels. They
    are widened at four times that size, which is returned.
    """
    from scipy import ndimage  # slow to import

    ink = _at_full_brightness(reduced(ink, 4 * EXTENT).clip(0))
    solid = ink > 127
    rim = solid & np.logical_not(ndimage.binary_erosion(solid))
    width = 2 * solid.sum() / rim.sum()  # a stroke has a rim on either side
    radius = round((4 * STROKE - width) / 2)
    if radius < 1:
        return ink
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return ndimage.grey_dilation(np.pad(ink, radius), footprint=x * x + y * y <= radius * radius)


def _at_full_brightness(ink: np.ndarray) -> np.ndarray:
    """Return `ink`, float32 (h, w), 0 or more, scaled so that strokes reach 255."""
    bright = np.percentile(ink[ink > ink.max() / 2], 95)
    return (ink * (255 / bright)).clip(0, 255)


def _centred(ink: np.ndarray) -> np.ndarray:
    """Place a digit, float32 (at most 20, at most 20), 0-255, in the frame by its centre of mass.

    One that is heavy on one side is placed as near to it as the frame allows.
    """
    frame = np.zeros((SIDE, SIDE), np.uint8)
    place = []
    for axis, size in enumerate(ink.shape):
        profile = ink.sum(1 - axis)
        centre = profile @ np.arange(size) / profile.sum()
        start = int(np.clip(round(MIDDLE - centre), 0, SIDE - size))
        place.append(slice(start, start + size))
    frame[tuple(place)] = np.rint(ink)
    return frame
