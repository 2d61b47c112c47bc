"""What happens to the raw pixels before the network sees them."""

from dataclasses import dataclass

from keras_mnist.base.choice import Choice, Choices, Off, Switch
from keras_mnist.base.errors import ExperimentError

RESIZED = 32  # for which the products of a bilinear resizing are exact
_AS_THEY_ARE = 28


class _Side:
    parse, metavar = int, "N"

    def __call__(self, name: str, value):
        if value is None or (type(value) is int and value == _AS_THEY_ARE):
            return None
        if type(value) is not int or value != RESIZED:
            raise ExperimentError(f"{name} must be {RESIZED}, or left out", repr(value))
        return value


@dataclass(frozen=True)
class Pixels(Choices):
    """What happens to the raw pixels (0-255) before the network sees them, in this order.

    Attributes:
        side: 32 resizes images of MNIST's 28 pixels, bilinear, to whole levels; `None` leaves them
            as they are, and so does 28, which records of before 0.3 have.
        rescale: divide by 255.
        normalize: subtract 0.1307 and divide by 0.3081, mean and standard deviation of MNIST's
            training pixels when rescaled.

    Source: 000_9ab0130caae9d676.txt and its fellows, for side and normalization.
    """

    rescale: bool = Choice(
        Switch(),
        "pixels / 255",
        Off(False, "no rescale", "pixels as they are, 0-255, instead of / 255"),
    ).default(True)
    normalize: bool = Choice(
        Switch(),
        "pixels minus 0.1307, over 0.3081",
        Off(False, "no normalize", "pixels neither centred nor scaled after / 255"),
    ).default(False)
    side: int | None = Choice(_Side(), "pixels a side, resized").default(None)
