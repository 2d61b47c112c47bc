"""What happens to the raw pixels before the network sees them."""

from dataclasses import dataclass

from keras_mnist.base.checks import number
from keras_mnist.base.choice import Choice, Choices, Off, Switch
from keras_mnist.base.errors import ExperimentError
from keras_mnist.experiment.split import LEVELS

LARGEST = 1e38  # that an example's numbers may be, about what float32 holds
RESIZED = 32  # for which the products of a bilinear resizing are exact
_AS_THEY_ARE = 28
# Of MNIST's training pixels divided by 255; in every PyTorch tutorial, and in the four reports.
MEAN, DEVIATION = 0.1307, 0.3081
_HALF = 0.5  # the middle of [0, 1], and how far its ends are from there


class _Side:
    parse, metavar = int, "N"

    def __call__(self, name: str, value):
        if value is None or (type(value) is int and value == _AS_THEY_ARE):
            return None
        if type(value) is not int or value != RESIZED:
            raise ExperimentError(f"{name} must be {RESIZED}, or left out", repr(value))
        return value


def _moments(name: str, value) -> tuple[float, ...] | None:
    listed = value if value is None or isinstance(value, (list, tuple)) else [value]
    for one in listed or ():
        number(f"each of {name}", one, -LARGEST, LARGEST, "[]")
    return None if listed is None else tuple(map(float, listed))


def _symmetric_is_idle(pixels: "Pixels") -> str:
    if pixels.normalize:
        return "Pixels are made symmetric where the baseline has normalize=false"
    return "" if pixels.rescale else "Pixels are made symmetric where the baseline has rescale=true"


_OWN = Choice(_moments, flag=False, idle=lambda pixels: True, added=lambda pixels: not pixels.own)


@dataclass(frozen=True)
class Pixels(Choices):
    """What happens to the raw pixels (0-255) before the network sees them, in this order.

    Attributes:
        side: 32 resizes images of MNIST's 28 pixels, bilinear, to whole levels; `None` leaves them
            as they are, and so does 28, which records of before 0.3 have.
        rescale: divide by 255, where they are levels from 0 to 255.
        normalize: subtract 0.1307 and divide by 0.3081, mean and standard deviation of MNIST's
            training pixels when rescaled; of other data, `mean` and `deviation`, not rescaled.
        symmetric: from [0, 1] to [-1, 1], where they are rescaled and not normalized.
        mean, deviation: of the data set's training part as it is, one for a channel or column, as
            `Experiment.on` gives them; `None`: MNIST's. The digest of the data says them.

    Source: 000_9ab0130caae9d676.txt and its fellows, for side and normalization.
    """

    rescale: bool = Choice(
        Switch(),
        "pixels / 255",
        Off(False, "no rescale", "pixels as they are, 0-255, instead of / 255"),
    ).default(True)
    normalize: bool = Choice(
        Switch(),
        "inputs minus their mean, over their deviation (MNIST: 0.1307 and 0.3081)",
        Off(False, "no normalize", "pixels neither centred nor scaled after / 255"),
    ).default(False)
    side: int | None = Choice(_Side(), "pixels a side, resized").default(None)
    symmetric: bool = Choice(
        Switch(),
        "pixels from -1 to 1 after / 255, where they are not normalized",
        Off(False, "no symmetric", "pixels from 0 to 1 after / 255"),
        idle=_symmetric_is_idle,
        added=True,
    ).default(False)
    mean: tuple[float, ...] | None = _OWN.default(None, compare=False)
    deviation: tuple[float, ...] | None = _OWN.default(None, compare=False)

    @property
    def own(self) -> bool:
        """Whether they are normalized by the mean and deviation of data other than MNIST."""
        return self.normalize and self.mean is not None and self.deviation is not None

    @property
    def made_symmetric(self) -> bool:
        """Whether they are made symmetric: asked for, and neither normalized nor left as levels."""
        return self.symmetric and "symmetric" not in self.idle

    def divisible(self, values: str) -> bool:
        """Whether `rescale` decides anything of examples of such `VALUES`.

        Only levels are divided by 255, and a mean of their own takes that out again.
        """
        return values == LEVELS and not self.own

    def divided(self, values: str) -> bool:
        """Whether examples of such `VALUES` are divided by 255."""
        return self.rescale and self.divisible(values)

    @property
    def moments(self) -> tuple | None:
        """What is subtracted from them, and what they are divided by then; `None`: neither."""
        if self.own:
            return self.mean, self.deviation
        if self.normalize:
            return MEAN, DEVIATION
        return (_HALF, _HALF) if self.made_symmetric else None
