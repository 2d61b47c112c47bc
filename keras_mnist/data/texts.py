"""Texts in data: as labels, none of them long; and where numbers should be."""

import re
from collections.abc import Iterable

import numpy as np

from keras_mnist.base.errors import DataError, shown
from keras_mnist.data.memory import require_room

LONGEST = 300  # letters of a class's name
_LETTER = 4  # bytes of one in an array, where each text takes as many as the longest

# What texts that are nearly numbers look like, and what makes numbers of them.
_NEARLY = (
    (r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", "Read it with pandas.read_csv(..., thousands=',')"),
    (r"[-+]?\d*,\d+", "Decimals take a point: pandas.read_csv(..., decimal=',') reads such a file"),
    (r"\d{4}-\d\d?-\d\d?\b.*", "Of dates, days since one: (pandas.to_datetime(c) - start).dt.days"),
)


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


def remedy_for_text(text: str) -> str:
    """Return what makes numbers of a column that holds such a text."""
    found = (remedy for looks, remedy in _NEARLY if re.fullmatch(looks, text.strip()))
    return next(found, "pandas.get_dummies makes numbers of them; or leave those columns out")
