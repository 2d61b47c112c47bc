"""`keras-mnist compare RESULTS.csv`: what each variant changes, of anybody's numbers."""

import argparse
import sys
from pathlib import Path

from keras_mnist.base.errors import DataError, ExperimentError, nearest, shown
from keras_mnist.command import Parser, guarded

LARGEST = 100_000_000  # bytes of a table


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    top = Parser(
        prog="keras-mnist compare",
        description="Compare the variants in a table of results, a row a run, from any framework: "
        "the effect of each against the baseline with its interval, paired by seed where seeds "
        "match, else Welch's; a table and a forest plot.",
    )
    top.add_argument("table", metavar="RESULTS.csv", help="a row a run, with a line of names")
    top.add_argument("--by", required=True, metavar="COLUMN", help="of the variants' names")
    top.add_argument("--metric", required=True, metavar="COLUMN", help="of the number compared")
    top.add_argument("--seed", metavar="COLUMN", help="of the seeds: runs of one are paired")
    top.add_argument(
        "--baseline", metavar="NAME", help="a variant (default: baseline, or the first)"
    )
    top.add_argument(
        "--margin",
        type=float,
        metavar="X",
        help="tell what is the same within X, in the metric's own unit",
    )
    top.add_argument("--out", metavar="DIR", help="for table and figure (default: only printed)")
    top.add_argument("--json", metavar="PATH", help="write everything as data")
    return top


def values_of(path: str, by: str, metric: str, seed: str | None) -> dict[str, dict]:
    """Return the metric by variant and seed; without seeds, by the number of the row.

    Args:
        path: of a CSV file with a line of column names.
        by, metric, seed: columns of it.

    Raises:
        DataError: it cannot be read, has no such column, or has a seed of a variant twice.
        ExperimentError: numbers that are none.
    """
    import numpy as np
    import pandas

    frame = _read(path)
    for option, column in (("--by", by), ("--metric", metric), ("--seed", seed)):
        if column is not None and column not in frame.columns:
            raise DataError(
                f"{option} must be a column of {path}",
                shown(column),
                nearest(column, list(frame.columns)) or f"It has {', '.join(frame.columns)}",
            )
    numbers = pandas.to_numeric(frame[metric], errors="coerce")
    texts = frame[metric][numbers.isna() & frame[metric].notna()]
    if len(texts):
        raise ExperimentError(
            f"column {metric} must hold numbers",
            f"{shown(str(texts.iloc[0]), 40)} in row {texts.index[0] + 1}",
            "A run without a result has an empty field",
        )
    infinite = frame.index[np.isinf(numbers)]
    if len(infinite):
        raise ExperimentError(
            f"column {metric} must hold finite numbers", f"row {infinite[0] + 1} does not"
        )
    names = frame[by].fillna("").astype(str)
    seeds = frame[seed] if seed else pandas.Series(frame.index, frame.index)
    if seeds.isna().any():
        raise DataError(f"column {seed} must say a seed in every row", "empty fields")
    twice = pandas.DataFrame({"by": names, "seed": seeds}).duplicated()
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
    if not place.is_file():
        raise DataError("RESULTS.csv must be a file", path)
    if place.stat().st_size > LARGEST:
        raise DataError(f"{path} must be at most {LARGEST // 10**6} MB", place.stat().st_size)
    try:
        frame = pandas.read_csv(place, encoding="utf-8-sig", low_memory=False)
    except (OSError, ValueError) as error:  # pandas's own are of the latter
        raise DataError(
            f"{path} must be a table of text in UTF-8 with a line of names", shown(str(error))
        ) from None
    if not len(frame):
        raise DataError(f"{path} must have a row for each run", "none")
    frame.columns = list(map(str, frame.columns))
    return frame


def main(arguments=None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    values = values_of(options.table, options.by, options.metric, options.seed)

    from keras_mnist.analysis.comparison import compare
    from keras_mnist.reporting.compared import Compared, present

    usual = "baseline" if "baseline" in values else next(iter(values))
    baseline = usual if options.baseline is None else options.baseline
    found = compare(values, baseline, options.margin)
    present(
        Compared(options.metric, baseline, values, found, options.margin),
        options.out,
        options.json,
    )
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
