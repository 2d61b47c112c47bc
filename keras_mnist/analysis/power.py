"""Power: what difference a number of seeds can tell, before any is trained."""

import math

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
    from scipy.special import nctdtr

    from keras_mnist.analysis.intervals import quantiles

    degrees, needed = n - 1, float(quantiles(n - 1, level))

    def is_told(shift: float) -> bool:
        return float(nctdtr(degrees, shift, needed)) <= 1 - power

    most = needed
    while not is_told(most):
        most *= 2
    least = 0.0
    while most - least > _EXACT * most:
        middle = (least + most) / 2
        least, most = (least, middle) if is_told(middle) else (middle, most)
    return most * sd / math.sqrt(n)


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
