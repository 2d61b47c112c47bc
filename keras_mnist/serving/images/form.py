"""Bringing a picture of a digit to MNIST's form.

MNIST's digits are light on black, at most 20 pixels wide and high, antialiased, and lie with
their centre of mass in the middle of 28 x 28 pixels. A network trained on them knows nothing
else, so a photograph or a drawing is made like them: the paper is taken away, then what is not
the digit; the digit is cropped and resized, its strokes given the usual width and brightness,
and centred. MNIST's own images come out nearly as they went in.
"""

import numpy as np

from keras_mnist.base.errors import DataError
from keras_mnist.serving.images.ink import written
from keras_mnist.serving.images.paper import reduced

SIDE = 28  # pixels of the frame
EXTENT = 20  # pixels of the digit's longer side
MIDDLE = 14  # the row and column, counted from 0, of MNIST's centres of mass
STROKE = 2.25  # pixels; as wide as the thinner half of MNIST's strokes


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
        DataError: as of `to_mnist_forms`, or it shows several digits.
    """
    forms = to_mnist_forms(grey, name)
    if len(forms) > 1:
        received = f"{len(forms)} on a line"
        raise DataError(f"{name} must show a digit, and one only", received, "Cut it to one")
    return forms[0]


def to_mnist_forms(grey: np.ndarray, name: str = "the picture") -> np.ndarray:
    """Return the digits on a line in a picture, from left to right, as MNIST would show them.

    Args:
        grey: float32 (h, w), 0-255.
        name: what messages call it.

    Returns:
        uint8 (n, 28, 28), 0-255, light on black; n at least 1.

    Raises:
        DataError: nothing stands out, or nothing but specks; or several parts do that cannot be
            put in an order.
    """
    return np.stack([_form(ink) for ink in written(grey, name)])


def _form(ink: np.ndarray) -> np.ndarray:
    if max(ink.shape) > EXTENT:
        ink = _with_usual_strokes(ink)
    return _centred(_at_full_brightness(reduced(ink, EXTENT).clip(0)))


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
