"""Seconds a run-epoch: `keras_mnist`, Keras's `fit` in six settings, PyTorch, the floor.

All contestants' processes start first and live until the end; those whose turn it is not sleep.
A turn trains fresh networks in all of a contestant's processes at the same time. The first epoch
of each turn, with whatever is set up or traced in it, is not timed: all processes wait at its
end, and the clock runs from their common start until the last has finished its last epoch.

Every contestant trains on all 60,000 images of MNIST in batches of 128: 468 whole ones and a last
one of 96, which Keras takes too, whatever `steps_per_execution` is. After each epoch every one
measures loss and accuracy on the 10,000 test images, in batches of 1,000, because the package
does; that pass is timed. The peers get their inputs as float32, scaled beforehand; the package
keeps bytes and scales each batch. In the LeNet-5 the peers take ReLU before the pooling, as it is
usually written; the package takes it after, which is the same function for a quarter of the work.

The floor is the time for the matrix products of training alone, at the rate at which TensorFlow
multiplies large matrices on all cores at once, measured anew in each round. The test pass is not
in it.
"""

import argparse
import importlib.util
import json
import os
import random
import statistics
import sys
from pathlib import Path

from contestants import EXPERIMENTS, Contestant
from rounds import spread
from tensorflow_turns import fit, ours, peak, tensorflow
from torch_turns import loop, pytorch

from keras_mnist.data import find_data
from keras_mnist.execution.local import usable_cores

NO_PYTORCH = "PyTorch is not installed:\npip install '.[bench]'"
WITH_PYTORCH = importlib.util.find_spec("torch") is not None


def gather(model: str, dataset, epochs: int, cores: int) -> dict[str, Contestant]:
    """Return the contestants by name, started: the package, its peers, the matrix products."""
    turns = (model, dataset, epochs + 1)  # the first is not timed
    steps = -(-len(dataset.x_train) // EXPERIMENTS[model].training.batch_size)
    peers = {
        f"fit, steps_per_execution={k}": (tensorflow, fit, k) for k in dict.fromkeys((1, 50, steps))
    }
    if WITH_PYTORCH:
        peers["PyTorch"] = (pytorch, loop, False)
        if model != "mlp":  # whose inputs have no channels
            peers["PyTorch, channels_last"] = (pytorch, loop, True)
    contestants = {"keras_mnist": Contestant(cores, tensorflow, 1, ours, *turns)}
    for name, (start, make, setting) in peers.items():
        for threads, processes, word in ((cores, 1, "all threads"), (1, cores, "one thread")):
            contestants[f"{name}, {word}"] = Contestant(
                processes, start, threads, make, *turns, setting
            )
    return contestants | {"peak": Contestant(cores, tensorflow, 1, peak, *turns)}


def measure(model: str, dataset, rounds: int, epochs: int, cores: int) -> tuple[dict, list[dict]]:
    """Return the workers' environment and, for each round, its raw figures."""
    contestants, about = gather(model, dataset, epochs, cores), {}
    for contestant in contestants.values():
        for said in contestant.hear():
            about = said | about
    peaks, chance = contestants.pop("peak"), random.Random(0)
    experiment = EXPERIMENTS[model]
    train, _ = experiment.data.split(len(dataset.x_train))
    # Three products a layer, forward, by the weights and by the inputs, but for the images.
    flop = 2 * (3 * experiment.multiply_adds - experiment.layers[0].multiply_adds) * train
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
    about |= {
        "processes": {name: c.processes for name, c in contestants.items()},
        "train": train,
        "mflop_a_step": flop / train * experiment.training.batch_size / 1e6,
    }
    return about, raw


def report(about: dict, raw: list[dict]) -> None:
    """Print the table, the best of the peers' settings and the circumstances."""
    from rich.console import Console
    from rich.table import Table

    seconds = {name: [r["seconds"][name] for r in raw] for name in raw[0]["seconds"]}
    mine, floor = seconds["keras_mnist"], [r["floor"] for r in raw]
    table = Table("contestant", "processes", "seconds a run-epoch", "keras_mnist / it")
    for name, theirs in [*seconds.items(), ("floor: training's products alone", floor)]:
        ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
        processes = str(about["processes"].get(name, about["cores"]))
        table.add_row(name, processes, spread(theirs, ".3f"), spread(ratios, ".3f"))
    if not WITH_PYTORCH:
        table.add_row(NO_PYTORCH)
    console = Console(width=max(110, Console().width), highlight=False, markup=False)
    console.print(table)
    console.print("Medians over rounds (least to greatest); ratios are taken within each round.")
    for peer in ("fit", "PyTorch"):
        settings = [name for name in seconds if name.startswith(peer)]
        if settings:
            best = min(settings, key=lambda name: statistics.median(seconds[name]))
            console.print(f"Best setting of {peer}: {best}.")
    rates = [rate / 1e9 for r in raw for rate in r["rates"]]
    console.print(f"Matrix products, all cores busy: {spread(rates, '.1f')} GFLOP/s a core.")
    with_torch = f", PyTorch {about['torch']}" if "torch" in about else ""
    console.print(
        f"{about['processor']}, {about['cores']} cores; TensorFlow {about['tensorflow']}, Keras "
        f"{about['keras']}{with_torch}, Python {about['python']}; {len(raw)} rounds of "
        f"{about['epochs']} epochs; {about['model']}, {about['train']:,} images of "
        f"{about['data']}, {about['mflop_a_step']:.1f} MFLOP a step; load before: "
        f"{about['load']:.1f}."
    )


def main() -> None:
    """Measure, print, and write the raw figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=EXPERIMENTS, default="mlp", help="default %(default)s")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="default %(default)s")
    parser.add_argument("--epochs", type=int, default=3, metavar="N", help="timed in each turn")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    options = parser.parse_args()
    if options.rounds < 1 or options.epochs < 1:
        parser.error("--rounds and --epochs must be at least 1")
    dataset, cores, load = find_data("mnist"), usable_cores(), os.getloadavg()[0]
    about, raw = measure(options.model, dataset, options.rounds, options.epochs, cores)
    about |= {"model": options.model, "data": dataset.name, "cores": cores}
    about |= {"epochs": options.epochs, "load": load}
    report(about, raw)
    if options.json:
        options.json.write_text(json.dumps({"about": about, "rounds": raw}, indent=1))


if __name__ == "__main__":
    main()
