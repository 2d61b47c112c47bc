"""What happens to the raw pixels before the network sees them."""

from dataclasses import dataclass

from keras_mnist.base.checks import boolean
from keras_mnist.base.errors import ExperimentError

SIDES = (28, 32)


@dataclass(frozen=True)
class Preprocessing:
    """What happens to the raw pixels (0-255) before the network sees them, in this order.

    Attributes:
        side: 28 leaves the images as they are; 32 resizes them, bilinear, to whole levels.
        rescale: divide by 255.
        normalize: subtract 0.1307 and divide by 0.3081, mean and standard deviation of MNIST's
            training pixels when rescaled.

    Source: 000_9ab0130caae9d676.txt and its fellows, for side and normalization.
    """

    rescale: bool = True
    normalize: bool = False
    side: int = 28

    def __post_init__(self):
        boolean("rescale", self.rescale)
        boolean("normalize", self.normalize)
        if type(self.side) is not int or self.side not in SIDES:
            raise ExperimentError(f"side must be one of {SIDES}", repr(self.side))
