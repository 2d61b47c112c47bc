"""Options that several commands have, and what they are read as."""

import argparse

from keras_mnist.base.errors import ExperimentError
from keras_mnist.data.sets import SETS
from keras_mnist.takes import Named, claims, documents


def add_data_choice(group, default: str | None = "auto", what: str = "the data set") -> None:
    """Add the options that name a data set, which `data_of` reads."""
    given = f" (default {default})" if default else " (default: none)"
    group.add_argument(
        "--data",
        default=default,
        metavar=f"{{{','.join(SETS)},PATH}}",
        help=f"{what}; PATH: a file or folder, see docs/data.md{given}",
    )
    group.add_argument(
        "--target", metavar="COLUMN", help="of a table: the column of the classes (default: label)"
    )
    group.add_argument(
        "--test-split",
        type=float,
        metavar="X",
        help="share of the examples to draw as test part, from a file that has none",
    )


def add_data_options(group) -> None:
    """Add the options of every command that trains: on what, how loudly."""
    add_data_choice(group)
    group.add_argument("--quiet", action="store_true", help="show no progress")


def add_training_options(group) -> None:
    """Add the options of every command that trains many runs: those, and by how many workers."""
    add_data_options(group)
    group.add_argument(
        "--jobs", type=int, metavar="N", help="worker processes (default: usable cores)"
    )


def add_executor_option(group) -> None:
    """Add the option of every command that trains many runs: by whom."""
    group.add_argument(
        "--executor",
        default="local",
        metavar="{local,dask://HOST:PORT}",
        help="who trains: this machine, or the workers of a Dask scheduler; dask+tls:// with "
        "certificates (default %(default)s)",
    )
    group.add_argument(
        "--stalled-after",
        type=float,
        metavar="SECONDS",
        help="end a worker that has finished no epoch for so long, at least 10, and try its run "
        "once more (default: only say so)",
    )


def add_track_option(group) -> None:
    """Add the option of every command that trains many runs: which trackers are told of them."""
    group.add_argument(
        "--track",
        action="append",
        default=[],
        metavar="NAME[:URI]",
        help="tell mlflow[:URI], wandb[:PROJECT], trackio[:PROJECT] or tensorboard[:DIR] of the "
        "runs, see docs/tables.md; repeatable",
    )


def add_baseline_option(group) -> None:
    """Add the option of every command that trains variants of a baseline: what that is to be."""
    group.add_argument(
        "--baseline",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a choice of the baseline, and so of all that differs from it in others: "
        "normalize=true, optimizer=adam, width=64; repeatable",
    )


def add_code_option(parser) -> None:
    """Add the option of every command that trains again what a record tells: by which code."""
    parser.add_argument(
        "--model",
        metavar="FILE.py[:FUNCTION]",
        help="the code of a network of your own: no record makes any code run",
    )


def add_runs_option(parser) -> None:
    """Add the option of every command that reads or keeps run records: where."""
    parser.add_argument(
        "--runs", default="runs", metavar="DIR", help="where run records are kept (default runs)"
    )


def add_claim_options(parser: argparse.ArgumentParser, folder: str) -> None:
    """Add the options of every command about claims: which, and where the tables go.

    Args:
        parser: the command's.
        folder: the default of `--out`.
    """
    parser.add_argument(
        "documents",
        nargs="*",
        metavar=Named("DOCUMENT", documents),
        help="which, by name, or a file of yours, mine.toml (default: all that come along)",
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar=Named("CLAIM", claims),
        help="this claim, and no other; repeatable",
    )
    output = parser.add_argument_group("results")
    output.add_argument(
        "--out", default=folder, metavar="DIR", help="for tables and figures (default %(default)s)"
    )
    output.add_argument("--json", metavar="PATH", help="write everything as data")


def add_run_options(parser: argparse.ArgumentParser, seeds: str = "") -> None:
    """Add the options of every command that trains runs into a store.

    Args:
        parser: the command's.
        seeds: what the default is, in words, where it is not 5 for every experiment.
    """
    group = parser.add_argument_group("runs")
    group.add_argument(
        "--seeds",
        default=None if seeds else "5",
        metavar="N|A,B,C",
        help=f"how many seeds, from 0, or which: 3,7,11 (default {seeds or 5})",
    )
    add_training_options(group)
    add_runs_option(group)
    add_executor_option(group)
    add_track_option(group)
    group.add_argument("--plan", action="store_true", help="say what would be trained, and stop")
    group.add_argument(
        "--fail-fast", action="store_true", help="start no run after one that failed"
    )
    group.add_argument("--retry-failed", action="store_true", help="train failed runs again")


def how_to_run(options: argparse.Namespace, data=None) -> dict:
    """Return what `plan_runs` takes of the options that `add_run_options` added.

    Args:
        options: the command's.
        data: the data set, if it is at hand.
    """
    names = ("runs", "jobs", "retry_failed", "executor", "stalled_after")
    found = data_of(options) if data is None else data
    return {"data": found, **{name: getattr(options, name) for name in names}}


def data_of(options: argparse.Namespace):
    """Return the data set that the options of `add_data_choice` name.

    Raises:
        KerasMnistError: it cannot be had or read.
    """
    from keras_mnist.data import find_data

    return find_data(options.data, options.target, options.test_split)


def seeds_of(text: str) -> tuple[int, ...]:
    """Return the seeds that `--seeds` names: `5` is 0 to 4, `3,7,11` those three.

    Raises:
        ExperimentError: it is neither.
    """
    try:
        numbers = [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        numbers = []
    if len(numbers) == 1 and "," not in text and 1 <= numbers[0] <= 10_000:
        return tuple(range(numbers[0]))
    if "," in text and numbers:
        return tuple(numbers)
    raise ExperimentError(
        "--seeds must be how many (1 to 10000) or a list such as 3,7,11 (one seed: 3,)", repr(text)
    )
