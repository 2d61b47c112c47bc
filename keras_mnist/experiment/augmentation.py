"""How training images are varied, anew in each epoch."""

from dataclasses import dataclass

from keras_mnist.base.checks import real
from keras_mnist.base.errors import ExperimentError

LEAST_SIGMA = 0.1  # of the blur, in pixels


@dataclass(frozen=True)
class Augmentation:
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

    shift: float = 0.0
    rotation: float = 0.0
    blur: float = 0.0

    def __post_init__(self):
        real(self, "shift", 0, 0.5, "[]")
        real(self, "rotation", 0, 180, "[]")
        real(self, "blur", 0, 100, "[]")
        if 0 < self.blur < LEAST_SIGMA:
            raise ExperimentError(f"blur must be 0 or at least {LEAST_SIGMA}", repr(self.blur))
