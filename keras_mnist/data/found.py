"""What a file was found to hold, before it is a data set."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from keras_mnist.base.errors import DataError, shown
from keras_mnist.data.dataset import ARRAYS


@dataclass
class Found:
    """Arrays by name, of `ARRAYS`, and what is to be said of how they were read.

    Attributes:
        columns: names of those of a table, beside that of the classes.
    """

    arrays: dict[str, np.ndarray]
    told: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, Any]:
        """What was found, as `Dataset` takes it by name."""
        return {**self.arrays, "columns": self.columns}

    def in_order(self, columns: tuple[str, ...], whose) -> "Found":
        """Return a table's examples with their columns in the order of another table's.

        Raises:
            DataError: it has other columns.
        """
        if self.columns == columns:
            return self
        if sorted(self.columns) != sorted(columns):
            lacking = [name for name in columns if name not in self.columns]
            more = [name for name in self.columns if name not in columns]
            raise DataError(
                f"{whose} must have the same columns",
                f"{_listed(lacking)} in one of them, {_listed(more)} in another",
            )
        order = [self.columns.index(name) for name in columns]
        arrays = {name: a[:, order] if name[0] == "x" else a for name, a in self.arrays.items()}
        return replace(self, arrays=arrays, columns=columns)

    @property
    def missing(self) -> list[str]:
        """The arrays that are not there."""
        return [name for name in ARRAYS if name not in self.arrays]


def not_read(names: Iterable[str]) -> list[str]:
    """Return the line that names what lies beside what was read; none where nothing does."""
    names = list(names)
    return [f"not read: {_listed(names)}"] if names else []


def column_names(fields: Iterable) -> tuple[str, ...]:
    """Return the names in a table's first line: without blanks around them, each once.

    One without a name is called by its place, a name's second `name.1`: as pandas has it.
    """
    names, again = [], Counter()
    for place, field_ in enumerate(fields):
        name = str(field_).strip() or f"Unnamed: {place}"
        names.append(f"{name}.{again[name]}" if again[name] else name)
        again[name] += 1
    return tuple(names)


def _listed(names: list[str]) -> str:
    cut = ", ".join(shown(name, 40) for name in names[:6])
    return f"{cut or 'none more'}{', ...' if len(names) > 6 else ''}"


def no_numbers(name, dtype, shape) -> DataError:
    """Return the error about an array that holds no numbers, or has too many axes."""
    if dtype.kind in "biufUS":
        remedy = "np.squeeze leaves out axes of 1, a.reshape(len(a), -1) makes rows"
    else:
        remedy = "Convert it: a.astype('float32'), or of labels a.astype(str)"
    return DataError(f"{name} must hold numbers in 1 to 4 dimensions", f"{dtype} {shape}", remedy)


def require_pairs(names, whose, there, remedy: str = "") -> None:
    """Check that examples have their labels, and that there are some to train on.

    Args:
        names: of the arrays that were found.
        whose: what they lie in, for messages.
        there: what lies there, by the names that it has.
        remedy: what to do.

    Raises:
        DataError: some are missing.
    """
    wanted = ARRAYS if any(name.endswith("test") for name in names) else ARRAYS[:2]
    if any(name not in names for name in wanted):
        lacking = ", ".join(name for name in wanted if name not in names)
        raise DataError(
            f"{whose} must hold the arrays {', '.join(ARRAYS)}, or others of names as clear",
            f"{', '.join(list(map(str, there))[:12]) or 'none'}: no {lacking}",
            remedy or "Save them so: np.savez('mine.npz', x_train=..., y_train=..., ...)",
        )
