"""Seconds a run-epoch: `keras_mnist`, Keras's `fit`, PyTorch and JAX side by side, and two floors.

First a gate: on one batch, loss and gradients of all must be the same (equivalence.py). Then one
turn of every setting of each peer, on a fifth of the images: all threads in one process, or one
thread in a process for each core; `fit` returns to Python after each batch or once an epoch,
compiled by XLA or not; PyTorch's convolutions lie by channel or by pixel; JAX compiles a step or an
epoch. The two best of each peer take part in the rounds (race.py).

A turn trains fresh networks in all of a contestant's processes at the same time, in each round
with other seeds. The first epoch of each turn, with whatever is set up or traced in it, is not
timed: all processes wait at its end, and the clock runs from their common start until the last has
finished its last epoch. A round in which the machine's rate of large matrix products moved by
more than 5 % is dropped; as many rounds again are tried.

After each epoch every contestant measures loss and accuracy on the test images, in batches of
1,000, because the package does; that pass is timed. The peers get their inputs as float32, scaled
beforehand; the package keeps bytes and scales each batch. The peers take activations before
poolings, as it is usually written; the package takes them after, which is the same function for a
quarter of the work.
"""

import argparse
import contextlib
import json
import os
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

from cases import CASES, cut
from equivalence import Unequal, compare, told
from gradients import keras_layers
from measured import Measured
from peers import OURS, absent, own_settings, peer_settings, takers
from processes import Lost
from race import Race, best_settings
from reproduction import reproduction
from rounds import spread

from keras_mnist.base.errors import KerasMnistError
from keras_mnist.data import find_data
from keras_mnist.runs.executors.local import usable_cores

TRIAL = 5  # a setting is tried on one in so many images
_VERSIONS = {"tensorflow": "TensorFlow", "keras": "Keras", "torch": "PyTorch", "jax": "JAX"}
_VERSIONS |= {"numpy": "NumPy", "python": "Python"}


def measure(name: str, dataset, options, about: dict) -> Measured:
    """Return what was measured of a network; what the processes say of themselves enters `about`.

    Raises:
        Lost: the package's process, or the floors', could not go on.
        Unequal: a contestant does not do the same.
    """
    found, cores = Measured(len(dataset.x_train)), usable_cores()
    settings = peer_settings(name, found.train, cores)
    found.left_out |= absent(settings)
    asked = {who: taker for who, taker in takers(name).items() if who not in found.left_out}
    compared = compare(name, dataset, keras_layers, asked, options.timeout)
    found.differences, lost = compared
    if OURS in lost:
        raise Lost(f"{OURS} {lost[OURS]}")
    found.left_out |= lost
    print(told(found.differences), file=sys.stderr)
    turns = (name, dataset, options.epochs, options.timeout)
    trial, raced = (name, cut(dataset, max(1, found.train // TRIAL)), 1, options.timeout), []
    for peer in [peer for peer in settings if peer not in found.left_out]:
        best, tried, lost = best_settings(settings[peer][: options.settings], trial)
        found.settings[peer] = [setting.name for setting in best]
        found.tried |= tried
        found.left_out |= lost
        raced += best
    with contextlib.closing(Race(own_settings(cores), raced, turns)) as race:
        found.rounds = race.rounds(options.rounds, options.drift / 100)
        found.left_out |= race.left_out
        about |= race.about | about
    return found


def summary(console, all_measured: dict[str, Measured]) -> None:
    """Print the ratios of every network."""
    from rich.table import Table

    columns = ("best peer", "JAX", "tighter floor")
    table = Table(
        "network", "images", "seconds a run-epoch", *(f"ours / {column}" for column in columns)
    )
    for name, found in all_measured.items():
        if found.kept:
            shares = [found.ratios.get(column) for column in columns]
            cells = [spread(values, ".2f") if values else "" for values in shares]
            seconds = spread(found.seconds[OURS], ".3f")
            table.add_row(name, f"{found.train:,}", seconds, *cells)
    console.print(table)


def show_reproduction(console, found: dict | None) -> None:
    """Print what all that `reproduce` trains would take."""
    if found is None:
        console.print("What `reproduce` trains: not every network has a figure of both sides.")
        return
    hours = {side: found[side] / 3600 for side in (OURS, "PyTorch")}
    console.print(
        "All that `reproduce` trains, from the figures above, all cores busy: ours "
        f"{hours[OURS]:.2f} h, PyTorch at its best {hours['PyTorch']:.2f} h, ratio "
        f"{found['ratio']:.3f}. An experiment not measured counts as the nearest that was."
    )


def show_versions(console, about: dict, options) -> None:
    """Print what the processes said of themselves, if they came to it, and the circumstances."""
    versions = [f"{word} {about[key]}" for key, word in _VERSIONS.items() if key in about]
    cores = f"{about['cores']} cores"
    processor = [about["processor"]] if "processor" in about else []
    console.print(
        f"{', '.join([*processor, *versions, cores])}; {options.rounds} rounds "
        f"of {options.epochs} epochs; load before: {about['load']:.1f}."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    models = (*CASES, "all")
    parser.add_argument("--model", choices=models, default="mlp", help="default %(default)s")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="default %(default)s")
    parser.add_argument("--epochs", type=int, default=2, metavar="N", help="timed in each turn")
    parser.add_argument("--settings", type=int, metavar="N", help="try the first N of each peer")
    parser.add_argument("--train-size", type=int, metavar="N", help="fewer images, for a trial")
    parser.add_argument("--data", default="mnist", metavar="NAME", help="in place of MNIST")
    parser.add_argument(
        "--drift", type=float, default=5.0, metavar="PERCENT", help="more drops a round"
    )
    parser.add_argument(
        "--timeout", type=float, default=600.0, metavar="S", help="longer silence ends a process"
    )
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    parser.add_argument(
        "--stored",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="measure nothing; sum up what earlier calls wrote, a network each",
    )
    return parser


def main() -> int:
    """Measure, print, and write the raw figures; return 1 if a network could not be measured."""
    from rich.console import Console

    parser = _parser()
    options = parser.parse_args()
    for option in ("rounds", "epochs", "settings", "train_size", "drift", "timeout"):
        value = getattr(options, option)
        if value is not None and not value > 0:
            parser.error(f"--{option.replace('_', '-')} must be positive")
    console = Console(width=max(110, Console().width), highlight=False, markup=False)
    if options.stored:
        found = stored(options.stored)
        summary(console, found)
        show_reproduction(console, reproduction(found))
        return 0
    about = {"cores": usable_cores(), "load": os.getloadavg()[0], "epochs": options.epochs}
    names = list(CASES) if options.model == "all" else [options.model]
    found, failed, total = {}, {}, None
    find = cache(lambda: find_data(options.data))
    for name in names:
        try:
            dataset = CASES[name].data(find, options.train_size)
            found[name] = measure(name, dataset, options, about)
        except (Lost, Unequal, KerasMnistError) as error:
            failed[name] = str(error)
            console.print(f"{name} is not measured: {error}")
            continue
        finally:
            if options.json:
                write(options.json, about, found, failed, total)
        console.print(f"\n{name}: {found[name].train:,} images an epoch, of {dataset.name}")
        console.print(told(found[name].differences))
        found[name].show(console)
    if len(names) > 1:
        summary(console, found)
        total = reproduction(found)
        show_reproduction(console, total)
    show_versions(console, about, options)
    if options.json:
        write(options.json, about, found, failed, total)
    return 1 if failed else 0


def stored(paths: list[Path]) -> dict[str, Measured]:
    """Return what files of `write` hold, by network; of one in several files, the last."""
    contents = [json.loads(path.read_text())["networks"] for path in paths]
    return {name: Measured.of(of) for networks in contents for name, of in networks.items()}


def write(path: Path, about: dict, found: dict, failed: dict, total: dict | None) -> None:
    """Write all raw figures so far."""
    networks = {n: asdict(m) | {"best": m.best, "ratios": m.ratios} for n, m in found.items()}
    content = {"about": about, "networks": networks, "failed": failed, "reproduce": total}
    path.write_text(json.dumps(content, indent=1))


if __name__ == "__main__":
    sys.exit(main())
