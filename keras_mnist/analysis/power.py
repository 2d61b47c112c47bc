"""Power: what difference a number of seeds can tell, and how many seeds a difference takes."""

import math
from collections.abc import Callable

POWER = 0.8
_EXACT = 1e-6


def told_difference(sd: float, n: int, level: float, power: float = POWER) -> float:
    """Return the mean difference that `n` pairs tell from zero with probability `power`.

    Args:
        sd: of the differences, from seed to seed.
        n: pairs, at least 2.
        level: of the interval that must exclude zero, such as 0.95.
        power: in (0, 1).
    """
    from keras_mnist.analysis.intervals import quantiles

    def is_told(shift: float) -> bool:
        return power_of(shift / math.sqrt(n), n, level) >= power

    most = float(quantiles(n - 1, level))
    while not is_told(most):
        most *= 2
    least = 0.0
    while most - least > _EXACT * most:
        middle = (least + most) / 2
        least, most = (least, middle) if is_told(middle) else (middle, most)
    return most * sd / math.sqrt(n)


def power_of(shift: float, n: int, level: float) -> float:
    """Return how probable it is that `n` pairs tell a mean difference from zero, on its side.

    Args:
        shift: the mean in standard deviations of the differences, 0 or more.
        n, level: as in `told_difference`.
    """
    from scipy.special import nctdtr

    from keras_mnist.analysis.intervals import quantiles

    return 1 - float(nctdtr(n - 1, shift * math.sqrt(n), float(quantiles(n - 1, level))))


def power_within(sd: float, half: float, n: int, level: float) -> float:
    """Return how probable it is that half the prediction interval of `n` runs is within `half`.

    Args:
        sd: of the runs, above 0.
        half: above 0, in the unit of `sd`.
        n: at least 2.
        level: of the interval.
    """
    from scipy.special import chdtr

    from keras_mnist.analysis.intervals import quantiles

    widest = half / (float(quantiles(n - 1, level)) * math.sqrt(1 + 1 / n))
    return float(chdtr(n - 1, (n - 1) * (widest / sd) ** 2))


def fewest(is_enough: Callable[[int], bool], least: int, most: int) -> int | None:
    """Return the smallest number from `least` to `most` that is enough, as all above it are.

    `None` where `most` is not.
    """
    if least > most or not is_enough(most):
        return None
    while least < most:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle + 1, most)
    return least


def pooled_sd(samples) -> float:
    """Return the standard deviation within samples, each around its own mean; NaN if unknown.

    Args:
        samples: of real numbers (n,); one with fewer than two says nothing.
    """
    import numpy as np

    kept = [np.asarray(sample, float) for sample in samples if len(sample) > 1]
    degrees = sum(len(sample) - 1 for sample in kept)
    if not degrees:
        return math.nan
    return math.sqrt(sum(((s - s.mean()) ** 2).sum() for s in kept) / degrees)
