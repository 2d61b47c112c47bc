"""Mean and deviation of training examples, per channel or column."""

import numpy as np

_CHUNK = 4096  # examples that are held in double precision at a time
_DIGITS = 6  # kept of each, so that processors that add in another order agree


def moments_of(examples: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return means and standard deviations, one of each for a channel or column.

    Grey images of levels have one of each. What does not vary is divided by 1.

    Args:
        examples: uint8 or float32 (n, *shape).
    """
    grey = examples.dtype == np.uint8 and examples.ndim == 3
    flat = examples.reshape(-1, 1 if grey else examples.shape[-1])
    mean = _summed(flat, lambda part: part) / len(flat)
    deviation = np.sqrt(_summed(flat, lambda part: np.square(part - mean)) / len(flat))
    return _rounded(mean), _rounded(np.where(deviation > 0, deviation, 1.0))


def _summed(flat: np.ndarray, change) -> np.ndarray:
    total = np.zeros(flat.shape[1])
    rows = _CHUNK * max(1, 784 // flat.shape[1])
    for start in range(0, len(flat), rows):
        total += change(flat[start : start + rows].astype(np.float64)).sum(axis=0)
    return total


def _rounded(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(f"{value:.{_DIGITS}g}") for value in values)
