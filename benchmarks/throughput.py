"""Seconds a run-epoch: `keras_mnist`, Keras's `fit`, PyTorch and JAX side by side, and two floors.

Each peer is measured with all threads in one process and with one thread in a process for each
core; `fit` returns to Python after each batch or once an epoch; PyTorch's convolutions lie by
channel or, `channels_last`, by pixel. First a gate: on one batch, loss and gradients of all must be
the same (equivalence.py).

All contestants' processes start first and live until the end; those whose turn it is not sleep.
A turn trains fresh networks in all of a contestant's processes at the same time, in each round
with other seeds. The first epoch of each turn, with whatever is set up or traced in it, is not
timed: all processes wait at its end, and the clock runs from their common start until the last has
finished its last epoch. A round in which the machine's rate of large matrix products moved by
more than 5 % is dropped; as many rounds again are tried.

Every contestant trains on all 60,000 images of MNIST in batches of 128: 468 whole ones and a last
one of 96. After each epoch every one measures loss and accuracy on the 10,000 test images, in
batches of 1,000, because the package does; that pass is timed. The peers get their inputs as
float32, scaled beforehand; the package keeps bytes and scales each batch. The peers take ReLU
before the pooling, as it is usually written; the package takes it after, which is the same function
for a quarter of the work.
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
from equivalence import gate
from floors import floors
from jax_turns import jax_cpu, scan
from rounds import spread
from tensorflow_turns import fit, ours, tensorflow
from torch_turns import loop, pytorch

from keras_mnist.data import find_data
from keras_mnist.runs.executors.local import usable_cores

DRIFT = 0.05
LIBRARIES = {"PyTorch": "torch", "JAX": "jax"}
HERE = {name: bool(importlib.util.find_spec(package)) for name, package in LIBRARIES.items()}


def gather(model: str, dataset, epochs: int, cores: int) -> dict[str, Contestant]:
    """Return the contestants by name, started: the package, its peers, the floors."""
    turns = (model, dataset, epochs + 1)  # the first is not timed
    steps = -(-len(dataset.x_train) // EXPERIMENTS[model].fit.batch_size)
    peers = {f"fit, steps_per_execution={k}": (tensorflow, fit, k) for k in (1, steps)}
    if HERE["PyTorch"]:
        peers["PyTorch"] = (pytorch, loop, False)
        if model != "mlp":  # whose inputs have no channels
            peers["PyTorch, channels_last"] = (pytorch, loop, True)
    if HERE["JAX"] and model == "mlp":
        peers["JAX"] = (jax_cpu, scan)
    contestants = {"keras_mnist": Contestant(cores, tensorflow, 1, ours, *turns)}
    for name, (start, make, *setting) in peers.items():
        for threads, processes, word in ((cores, 1, "all threads"), (1, cores, "one thread")):
            contestants[f"{name}, {word}"] = Contestant(
                processes, start, threads, make, *turns, *setting
            )
    return contestants | {"floors": Contestant(cores, tensorflow, 1, floors, *turns)}


def measure(model: str, dataset, rounds: int, epochs: int, cores: int) -> tuple[dict, list[dict]]:
    """Return the workers' environment and, for each round, its raw figures."""
    contestants, about = gather(model, dataset, epochs, cores), {}
    for contestant in contestants.values():
        for said in contestant.hear():
            about = said | about
    rates, chance = contestants.pop("floors"), random.Random(0)
    experiment = EXPERIMENTS[model]
    train = len(dataset.x_train)
    # Three products a layer, forward, by the weights and by the inputs, but for the images.
    flop = 2 * (3 * experiment.multiply_adds - experiment.sizes[0].multiply_adds) * train
    raw = []
    for number in range(2 * rounds):
        before = _together(rates, 2 * number)
        seconds, accuracies = dict.fromkeys(contestants), {}
        for name in chance.sample(list(contestants), len(contestants)):
            wall, accuracies[name] = contestants[name].turn(number)
            seconds[name] = wall / (contestants[name].processes * epochs)
        after = _together(rates, 2 * number + 1)
        drift = after["peak"] / before["peak"] - 1
        mean = {name: (before[name] + after[name]) / 2 for name in before}
        raw.append(
            {
                "kept": abs(drift) <= DRIFT,
                "drift": drift,
                **mean,
                "floors": [flop / mean["peak"] / cores, mean["tighter"] / cores],
                "seconds": seconds,
                "train_accuracy": accuracies,
            }
        )
        kept = sum(r["kept"] for r in raw)
        print(f"round {number + 1}: drift {drift:+.1%}; {kept} of {rounds} kept", file=sys.stderr)
        if kept == rounds:
            break
    about |= {
        "processes": {name: c.processes for name, c in contestants.items()},
        "train": train,
        "mflop_a_step": flop / train * experiment.fit.batch_size / 1e6,
    }
    return about, raw


def _together(rates: Contestant, number: int) -> dict:
    """Return the mean over all cores of what `floors` measures, all busy at once."""
    _, values = rates.turn(number)
    return {name: statistics.mean(value[name] for value in values) for name in values[0]}


def report(about: dict, raw: list[dict], equivalent: str) -> None:
    """Print the table, the best of the peers' settings and the circumstances."""
    from rich.console import Console
    from rich.table import Table

    kept = [r for r in raw if r["kept"]]
    console = Console(width=max(110, Console().width), highlight=False, markup=False)
    if not kept:
        console.print(f"None of {len(raw)} rounds was quiet enough to be kept.")
        return
    seconds = {name: [r["seconds"][name] for r in kept] for name in kept[0]["seconds"]}
    below = {
        "floor: large products' rate": [r["floors"][0] for r in kept],
        "tighter floor: own shapes, optimizer": [r["floors"][1] for r in kept],
    }
    table = Table("contestant", "processes", "seconds a run-epoch", "keras_mnist / it")
    for name, theirs in (seconds | below).items():
        ratios = [a / b for a, b in zip(seconds["keras_mnist"], theirs, strict=True)]
        processes = str(about["processes"].get(name, about["cores"]))
        table.add_row(name, processes, spread(theirs, ".3f"), spread(ratios, ".3f"))
    for name, here in HERE.items():
        if not here:
            table.add_row(f"{name} is not installed: pip install '.[bench]'")
    console.print(equivalent)
    console.print(table)
    console.print("Medians over rounds (least to greatest); ratios are taken within each round.")
    for peer in ("fit", *LIBRARIES):
        settings = [name for name in seconds if name.startswith(peer)]
        if settings:
            best = min(settings, key=lambda name: statistics.median(seconds[name]))
            console.print(f"Best setting of {peer}: {best}.")
    peaks, widths = ([r[name] / 1e9 for r in kept] for name in ("peak", "bandwidth"))
    console.print(
        f"A core, all busy: {spread(peaks, '.1f')} GFLOP/s, {spread(widths, '.1f')} GB/s. "
        f"{len(raw) - len(kept)} of {len(raw)} rounds dropped."
    )
    versions = [f"{name} {about[p]}" for name, p in LIBRARIES.items() if p in about]
    versions = [f"TensorFlow {about['tensorflow']}", f"Keras {about['keras']}", *versions]
    console.print(
        f"{about['processor']}, {about['cores']} cores; {', '.join(versions)}, Python "
        f"{about['python']}; {len(kept)} rounds of {about['epochs']} epochs; {about['model']}, "
        f"{about['train']:,} images of {about['data']}, {about['mflop_a_step']:.1f} MFLOP a "
        f"step; load before: {about['load']:.1f}."
    )


def main() -> None:
    """Measure, print, and write the raw figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=EXPERIMENTS, default="mlp", help="default %(default)s")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="default %(default)s")
    parser.add_argument("--epochs", type=int, default=2, metavar="N", help="timed in each turn")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    options = parser.parse_args()
    if options.rounds < 1 or options.epochs < 1:
        parser.error("--rounds and --epochs must be at least 1")
    dataset, cores, load = find_data("mnist"), usable_cores(), os.getloadavg()[0]
    equivalent = gate(options.model, dataset)
    about, raw = measure(options.model, dataset, options.rounds, options.epochs, cores)
    about |= {"model": options.model, "data": dataset.name, "cores": cores}
    about |= {"epochs": options.epochs, "load": load}
    report(about, raw, equivalent)
    if options.json:
        options.json.write_text(json.dumps({"about": about, "rounds": raw}, indent=1))


if __name__ == "__main__":
    main()
