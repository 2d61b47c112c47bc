"""How training images are varied, anew in each epoch."""

from dataclasses import dataclass

from keras_mnist.base.choice import Choice, Choices, Off, Real
from keras_mnist.base.errors import ExperimentError

LEAST_SIGMA = 0.1  # of the blur, in pixels


class _Blur(Real):
    def __call__(self, name: str, value):
        value = super().__call__(name, value)
        if 0 < value < LEAST_SIGMA:
            raise ExperimentError(f"{name} must be 0 or at least {LEAST_SIGMA}", repr(value))
        return value


@dataclass(frozen=True)
class Augmentation(Choices):
    """Changes drawn for every training image of every epoch; 0 switches each off.

    Attributes:
        shift: greatest shift along each axis, as a share of the side in [0, 0.5]; drawn uniformly,
            then rounded to whole pixels. What comes in is 0.
        rotation: greatest rotation about the centre, in degrees either way; drawn uniformly,
            nearest neighbour. What comes in is 0.
        blur: greatest standard deviation, in pixels, of a Gaussian blur of 3 x 3 pixels; drawn
            uniformly from 0.1 on.

    Source: 000_9ab0130caae9d676.txt for shift and rotation, 002_21cf5367869b91da.txt for rotation
    and blur.
    """

    shift: float = Choice(
        Real(0, 0.5, "[]"),
        "greatest shift, as a share of the side",
        Off(0.0, "no shift", "no shift in the augmentation"),
    ).default(0.0)
    rotation: float = Choice(
        Real(0, 180, "[]"),
        "greatest rotation",
        Off(0.0, "no rotation", "no rotation in it"),
        metavar="DEGREES",
    ).default(0.0)
    blur: float = Choice(
        _Blur(0, 100, "[]"),
        "greatest standard deviation of the blur",
        Off(0.0, "no blur", "no blur in it"),
        metavar="PIXELS",
    ).default(0.0)


# Of the whole of it, which can be left out as one.
WHOLE = Choice(
    lambda name, value: value,
    "how training images are varied",
    Off(Augmentation(), "no augmentation", "images as they are"),
)
