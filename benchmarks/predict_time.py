"""Seconds of `predict`: one picture from a cold start, and 10,000 images in one call.

From a cold start: fresh processes that say which digit one picture shows, by the arrays for NumPy,
the LiteRT file and the SavedModel of the network that came with the package, beside
`import tensorflow` alone. In one call: the images of the test set in memory, against the restored
signature asked for batches of 1,000 of the same images.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rounds import spread

from keras_mnist.data import find_data
from keras_mnist.serving.classifier import BATCH, load_classifier
from keras_mnist.serving.formats import FILES
from keras_mnist.serving.shelf import PRETRAINED, find_network


def cold(line: list[str]) -> float:
    """Return the seconds that a fresh Python takes for a command."""
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, *line], capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise SystemExit(f"{' '.join(line)} ended with {done.returncode}:\n{done.stderr}")
    return seconds


def warm(network: Path, images, rounds: int) -> list[tuple[float, float]]:
    """Return, for each round, the seconds of one call and of the signature's own batches."""
    import tensorflow as tf

    classifier = load_classifier(network, "saved_model")
    signature = tf.saved_model.load(str(network)).signatures["serving_default"]

    def batches():
        for start in range(0, len(images), BATCH):
            signature(image=tf.constant(images[start : start + BATCH]))["digit"].numpy()

    seconds = []
    for _ in range(rounds + 1):
        pair = []
        for call in (lambda: classifier(images), batches):
            begin = time.perf_counter()
            call()
            pair.append(time.perf_counter() - begin)
        seconds.append(tuple(pair))
    return seconds[1:]  # the first traces


def main() -> None:
    """Measure interleaved rounds in random order and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="default %(default)s")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    load, chance, images = os.getloadavg()[0], random.Random(0), find_data("mnist").x_test
    network, raw = find_network(PRETRAINED), []
    with tempfile.TemporaryDirectory() as folder:
        from PIL import Image

        picture, alone = f"{folder}/digit.png", {}
        Image.fromarray(images[0]).save(picture)
        for name in ("numpy", "litert", "saved_model"):  # which is then the only one to take
            others = {FILES["numpy"], FILES["litert"]} - {FILES[name]}
            alone[name] = f"{folder}/{name}"
            shutil.copytree(network, alone[name], ignore=shutil.ignore_patterns(*others))
        predict = ["-m", "keras_mnist.predict", picture, "--network"]
        commands = {
            "import tensorflow": ["-c", "import tensorflow"],
            **{f"predict, {name}": [*predict, path] for name, path in alone.items()},
        }
        for number in range(options.rounds + 1):
            names = chance.sample(list(commands), len(commands))
            raw.append({name: cold(commands[name]) for name in names})
            print(f"round {number} of {options.rounds} done", file=sys.stderr)
    raw = raw[1:]  # the first read the files from the disk
    for name in commands:
        seconds = [r[name] for r in raw]
        ratios = [r[name] / r["import tensorflow"] for r in raw]
        print(f"{name}: {spread(seconds, '.2f')} s; {spread(ratios, '.2f')} of import tensorflow")
    pairs = warm(network, images, options.rounds)
    for name, i in (("one call", 0), (f"signature, batches of {BATCH:,}", 1)):
        rates = [len(images) / pair[i] for pair in pairs]
        print(f"{name}: {spread(rates, ',.0f')} images a second")
    print(f"one call / signature: {spread([b / a for a, b in pairs], '.2f')}")
    print(f"{options.rounds} rounds; Python {platform.python_version()}; load before: {load:.1f}")
    if options.json:
        options.json.write_text(json.dumps({"load": load, "cold": raw, "warm": pairs}))


if __name__ == "__main__":
    main()
