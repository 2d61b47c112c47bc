"""Wall time from nothing to the stored result: `keras_mnist.ablate` against plain scripts.

All train the baseline with and without its activation, four seeds each, five epochs: eight
runs. Each command is a fresh process that writes to a fresh folder.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from rounds import spread

from keras_mnist.base.extras import installed

HERE = Path(__file__).parent


def ablate(folder: Path, seeds: int, epochs: int) -> int:
    """Run the package's command; return how many runs it stored."""
    runs = folder / "runs"
    command = ["-m", "keras_mnist.ablate", "--no-relu", "--quiet", "--out", str(folder / "out")]
    _run([*command, "--seeds", str(seeds), "--epochs", str(epochs), "--runs", str(runs)])
    return len(list(runs.rglob("seed-*.json")))


def plain(script: str, folder: Path, seeds: int, epochs: int) -> int:
    """Run a plain script; return how many runs it stored."""
    path = folder / "accuracies.json"
    line = [str(HERE / f"{script}.py"), "--seeds", str(seeds), "--epochs", str(epochs)]
    _run([*line, "--json", str(path)])
    return sum(map(len, json.loads(path.read_text()).values()))


def _run(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")


def timed(contestant, seeds: int, epochs: int) -> float:
    """Return the seconds that a contestant takes, having checked that it stored its runs."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        stored = contestant(Path(folder), seeds, epochs)
        seconds = time.perf_counter() - begin
    if stored != 2 * seeds:
        raise SystemExit(f"{contestant.__name__} must store {2 * seeds} runs. Received: {stored}.")
    return seconds


def main() -> None:
    """Measure interleaved pairs in random order and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="default %(default)s")
    parser.add_argument("--seeds", type=int, default=4, metavar="N", help="default %(default)s")
    parser.add_argument("--epochs", type=int, default=5, metavar="N", help="default %(default)s")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    options = parser.parse_args()
    if min(options.rounds, options.seeds, options.epochs) < 1:
        parser.error("--rounds, --seeds and --epochs must be at least 1")
    load, chance = os.getloadavg()[0], random.Random(0)
    contestants = {"ablate": ablate, "plain_fit": partial(plain, "plain_fit")}
    if installed("torch"):
        contestants["plain_torch"] = partial(plain, "plain_torch")
    else:
        print("PyTorch is not installed: pip install '.[bench]'", file=sys.stderr)
    # Once untimed, so that none reads TensorFlow from the disk for the other.
    _run(["-c", "import keras_mnist.training.run"])
    raw = []
    for number in range(options.rounds):
        order = chance.sample(list(contestants), len(contestants))
        raw.append({c: timed(contestants[c], options.seeds, options.epochs) for c in order})
        shown = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in raw[-1].items())
        print(f"round {number + 1} of {options.rounds}: {shown}", file=sys.stderr)
    for name in contestants:
        print(f"seconds, {name}:", spread([r[name] for r in raw], ".2f"))
    for name in list(contestants)[1:]:
        print(f"ablate / {name}:", spread([r["ablate"] / r[name] for r in raw], ".2f"))
    about = f"{options.rounds} rounds, {2 * options.seeds} runs of {options.epochs} epochs"
    print(f"{about}; Python {platform.python_version()}; load before: {load:.1f}")
    if options.json:
        about = {"seeds": options.seeds, "epochs": options.epochs, "load": load}
        options.json.write_text(json.dumps({"about": about, "rounds": raw}, indent=1))


if __name__ == "__main__":
    main()
