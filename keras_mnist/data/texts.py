"""Texts as labels: none is long, and the array they make is counted before it is made."""

from collections.abc import Iterable

import numpy as np

from keras_mnist.base.errors import DataError, shown
from keras_mnist.data.memory import require_room

LONGEST = 300  # letters of a class's name
_LETTER = 4  # bytes of one in an array, where each text takes as many as the longest


def text_array(texts: Iterable[str], whose: str) -> np.ndarray:
    """Return texts (n,) as an array.

    Args:
        texts: of labels.
        whose: they are, for messages.

    Raises:
        DataError: one is too long for the name of a class, or all together for memory.
    """
    texts = list(texts)
    width = require_names(texts, whose)
    require_room(whose, _LETTER * width * len(texts), "as texts of one width")
    return np.array(texts, dtype=str)


def require_names(texts: Iterable[str], whose: str) -> int:
    """Return the length of the longest text, which a class may be called; arguments as above."""
    longest = max(texts, key=len, default="")
    if len(longest) > LONGEST:
        raise DataError(
            f"{whose} must be names of classes, of at most {LONGEST} letters",
            f"{shown(longest, 40)}..., {len(longest):,} letters",
            "Is it the right column? Give the classes shorter names",
        )
    return len(longest)
