"""A table of results, a row a run, of any framework."""

import re
import warnings
from pathlib import Path
from typing import Any

from keras_mnist.base.errors import DataError, ExperimentError, nearest, shown
from keras_mnist.base.reading import regular
from keras_mnist.data.table import separator_of

LARGEST = 100_000_000  # bytes
_LINE = 2**16  # bytes of the names, from which the separator is known
_SAVE = "Save it as CSV in UTF-8, a line of names and then a row for each run"
EMPTY = ("", "nan", "na", "n/a", "none", "null")  # of a run without a number


def values_of(path: str, by: str, metric: str, seed: str | None) -> dict[str, dict]:
    """Return the metric by variant and seed; without seeds, by the number of the row.

    Args:
        path: of a CSV file with a line of column names; commas, tabs or semicolons between them.
        by, metric, seed: columns of it.

    Raises:
        DataError: it cannot be read, has no such column, or has a seed of a variant twice.
        ExperimentError: numbers that are none.
    """
    import numpy as np
    import pandas

    frame: Any = _read(path)
    for option, column in (("--by", by), ("--metric", metric), ("--seed", seed)):
        if column is not None and column not in frame.columns:
            raise DataError(
                f"{option} must be a column of {path}",
                shown(column),
                nearest(column, frame.columns),
            )
    words = frame[metric].str.strip()
    numbers: Any = pandas.to_numeric(words, errors="coerce")
    texts = words[numbers.isna() & ~words.str.lower().isin(EMPTY)]
    if len(texts):
        comma = re.fullmatch(r"-?\d+,\d+", texts.iloc[0])
        raise ExperimentError(
            f"column {metric} must hold numbers",
            f"{shown(str(texts.iloc[0]), 40)} in row {texts.index[0] + 1}",
            f"Numbers have a point: {comma[0].replace(',', '.')}"
            if comma
            else "A run without a result has an empty field",
        )
    infinite = frame.index[np.isinf(numbers)]
    if len(infinite):
        raise ExperimentError(
            f"column {metric} must hold finite numbers", f"row {infinite[0] + 1} does not"
        )
    names = frame[by]
    seeds = frame[seed] if seed else pandas.Series(frame.index, frame.index)
    if seed and (seeds.str.strip() == "").any():
        raise DataError(f"column {seed} must say a seed in every row", "empty fields")
    twice: Any = pandas.DataFrame({"by": names, "seed": seeds}).duplicated()
    if twice.any():
        row = int(twice.idxmax())
        raise DataError(
            f"a variant must have a seed once in {path}",
            f"{shown(names[row], 60)}, seed {seeds[row]}, again in row {row + 1}",
            "Name the column that tells them apart with --by, or leave --seed out",
        )
    return {
        str(name): dict(zip(seeds[part.index], part, strict=True))
        for name, part in numbers.groupby(names, sort=False)
    }


def _read(path: str):
    import pandas

    place = Path(path)
    try:
        with regular(place, LARGEST).open("rb") as file:
            first = file.readline(_LINE).decode("utf-8-sig", "replace")
        with warnings.catch_warnings():
            warnings.simplefilter("error", pandas.errors.ParserWarning)
            # Texts as they stand: a variant may be called None.
            frame = pandas.read_csv(
                place,
                sep=separator_of(first),
                encoding="utf-8-sig",
                dtype=str,
                keep_default_na=False,
                index_col=False,
            )
    except (OSError, ValueError, Warning) as error:  # pandas's own are of ValueError
        raise DataError(
            f"{path} must be a table of text in UTF-8 with a line of names",
            shown(str(error)).rstrip("."),
            _SAVE,
        ) from None
    if not len(frame):
        raise DataError(f"{path} must have a row for each run", "none", _SAVE)
    frame.columns = list(map(str, frame.columns))
    return frame
