"""Seconds a run-epoch of the baseline: `keras_mnist`, Keras's `fit` in six settings, the floor.

All contestants' processes start first and live until the end; those whose turn it is not sleep.
A turn trains fresh networks in all of a contestant's processes at the same time. The first epoch
of each turn, with whatever is set up or traced in it, is not timed: all processes wait at its
end, and the clock runs from their common start until the last has finished its last epoch.

Every contestant trains on all 60,000 images of MNIST in batches of 128: 468 whole ones and a last
one of 96, which Keras takes too, whatever `steps_per_execution` is.

The floor is the time for the matrix products of training alone, at the rate at which TensorFlow
multiplies large matrices on all cores at once, measured anew in each round.
"""

import argparse
import json
import os
import random
import statistics
import sys
from pathlib import Path

from contestants import BASELINE, BATCH, Contestant, fit, ours, peak

from keras_mnist.data import find_data
from keras_mnist.execution.local import usable_cores


def measure(dataset, rounds: int, epochs: int, cores: int) -> tuple[dict, list[dict]]:
    """Return the workers' environment and, for each round, its raw figures."""
    train, _ = BASELINE.data.split(len(dataset.x_train))
    turns = (dataset, epochs + 1)  # the first is not timed
    contestants = {"keras_mnist": Contestant(cores, True, ours, *turns)}
    for k in dict.fromkeys((1, 50, -(-train // BATCH))):
        name = f"fit, steps_per_execution={k}"
        contestants[f"{name}, all threads"] = Contestant(1, False, fit, *turns, k)
        contestants[f"{name}, one thread"] = Contestant(cores, True, fit, *turns, k)
    peaks = Contestant(cores, True, peak, *turns)
    environments = [said for c in (*contestants.values(), peaks) for said in c.hear()]
    sizes, chance = BASELINE.model.layer_sizes, random.Random(0)
    # Three products a layer, forward, by the weights and by the inputs, but for the images.
    flop = 2 * (3 * BASELINE.model.multiply_adds - sizes[0] * sizes[1]) * train
    raw = []
    for number in range(rounds):
        _, rates = peaks.turn(number)
        seconds, accuracies = dict.fromkeys(contestants), {}
        for name in chance.sample(list(contestants), len(contestants)):
            wall, accuracies[name] = contestants[name].turn(number)
            seconds[name] = wall / (contestants[name].processes * epochs)
        floor = flop / sum(rates)
        raw.append(
            {"rates": rates, "floor": floor, "seconds": seconds, "train_accuracy": accuracies}
        )
        print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    about = {
        "processes": {name: c.processes for name, c in contestants.items()},
        "train": train,
        "mflop_a_step": flop / train * BATCH / 1e6,
    }
    return environments[0] | about, raw


def spread(values: list[float], form: str = ".3f") -> str:
    """Return the median and the range."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:{form}} ({low:{form}} to {high:{form}})"


def report(about: dict, raw: list[dict]) -> None:
    """Print the table and the two ratios."""
    from rich.console import Console
    from rich.table import Table

    seconds = {name: [r["seconds"][name] for r in raw] for name in raw[0]["seconds"]}
    mine, floor = seconds["keras_mnist"], [r["floor"] for r in raw]
    best = min(list(seconds)[1:], key=lambda name: statistics.median(seconds[name]))
    table = Table("contestant", "processes", "seconds a run-epoch", "keras_mnist / it")
    for name, theirs in [*seconds.items(), ("floor: training's products alone", floor)]:
        ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
        processes = str(about["processes"].get(name, about["cores"]))
        table.add_row(name, processes, spread(theirs), spread(ratios))
    console = Console(width=max(110, Console().width), highlight=False)
    console.print(table)
    console.print("Medians over rounds (least to greatest); ratios are taken within each round.")
    console.print(f"Best setting of fit: {best}.")
    rates = [rate / 1e9 for r in raw for rate in r["rates"]]
    console.print(f"Matrix products, all cores busy: {spread(rates, '.1f')} GFLOP/s a core.")
    console.print(
        f"{about['processor']}, {about['cores']} cores; TensorFlow {about['tensorflow']}, Keras "
        f"{about['keras']}, Python {about['python']}; {len(raw)} rounds of {about['epochs']} "
        f"epochs; {about['train']:,} images of {about['data']}, "
        f"{about['mflop_a_step']:.1f} MFLOP a step; load before: {about['load']:.1f}."
    )


def main() -> None:
    """Measure, print, and write the raw figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="default %(default)s")
    parser.add_argument("--epochs", type=int, default=3, metavar="N", help="timed in each turn")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    options = parser.parse_args()
    if options.rounds < 1 or options.epochs < 1:
        parser.error("--rounds and --epochs must be at least 1")
    dataset, cores, load = find_data("mnist"), usable_cores(), os.getloadavg()[0]
    about, raw = measure(dataset, options.rounds, options.epochs, cores)
    about |= {"cores": cores, "epochs": options.epochs, "load": load, "data": dataset.name}
    report(about, raw)
    if options.json:
        options.json.write_text(json.dumps({"about": about, "rounds": raw}, indent=1))


if __name__ == "__main__":
    main()
