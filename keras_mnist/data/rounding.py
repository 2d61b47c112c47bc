"""What the 24 bits of float32 do to columns of numbers: told, or refused where little is left."""

import numpy as np

from keras_mnist.base.errors import DataError, shown

_LEVELS = 2**12  # different numbers in a column that are enough, however many there were
_KEPT = 0.5  # else: the share of them of which more must be left


def require_distinct(whose: str, x, rounded, columns: tuple[str, ...], told: list[str]) -> None:
    """Check that float32 tells a column's numbers apart, and say where it rounds whole ones.

    Decimals are rounded without a word: float64 rounds them, too.

    Args:
        whose: the rows are, for messages.
        x: (n, columns), as they came.
        rounded: the same as float32.
        columns: their names, if they are known.
        told: to which is added what is to be said.

    Raises:
        DataError: of a column's different numbers too few are left.
    """
    if x.dtype == rounded.dtype:
        return
    named = len(columns) == x.shape[1]
    whole = []
    for place in range(x.shape[1]):
        column, kept = x[:, place], rounded[:, place]
        if (column == kept).all():  # as float64
            continue
        called = shown(columns[place], 40) if named else str(place + 1)
        after = len(np.unique(kept[: 4 * _LEVELS]))
        if after < _LEVELS and len(kept) > 4 * _LEVELS:
            after = len(np.unique(kept))
        if after < _LEVELS and after <= _KEPT * (before := len(np.unique(column))):
            raise DataError(
                f"column {called} of {whose} must be numbers that float32, with 24 bits, tells "
                "apart",
                f"{before:,} different ones from {column.min():.17g} to {column.max():.17g}, of "
                f"which {after:,} are left",
                "Subtract an offset before: x - x.min()",
            )
        if (column == np.rint(column)).all():
            whole.append(called)
    if whole:
        some = f"{', '.join(whole[:6])}{', ...' if len(whole) > 6 else ''}"
        told.append(f"whole numbers of column {some} rounded to 24 bits, float32")
