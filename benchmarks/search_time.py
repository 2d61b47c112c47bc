"""Trials an hour: `python -m tuner.search` against keras-tuner's `RandomSearch` through `fit`.

All run the same trials of the MLP of file 001 (the same oracle with the same seed proposes the same
widths and dropouts, which is checked), with as many runs a trial, from a fresh process and a
fresh folder. The clock stops when the last trial has ended; the package then goes on to hold the
best against the baseline, which `RandomSearch` does not and which is not counted.
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
from pathlib import Path

from rounds import spread

from keras_mnist.runs.executors.local import usable_cores

STOCK = Path(__file__).with_name("stock_search.py")


def ours(folder: Path, size: list[str], how: list[str]) -> tuple[float, list[dict]]:
    """Return the seconds until the package's last trial has ended, and the trials' values."""
    line = ["-m", "tuner.search", *size, *how, "--quiet", "--directory", str(folder / "search")]
    begin = time.perf_counter()
    with _start([*line, "--runs", str(folder / "runs")]) as process:
        journal, wanted = folder / "search" / "journal.jsonl", int(size[1])
        while process.poll() is None and _ended(journal) < wanted:
            time.sleep(0.02)
        seconds = time.perf_counter() - begin
        _require_success(process)
    events = map(json.loads, journal.read_text().splitlines())
    return seconds, [event["values"] for event in events if event["event"] == "created"]


def _ended(journal: Path) -> int:
    return journal.read_bytes().count(b'"event": "ended"') if journal.exists() else 0


def stock(folder: Path, size: list[str]) -> tuple[float, list[dict]]:
    """Return the seconds that `RandomSearch` takes, and its completed trials' values."""
    path = folder / "trials.json"
    begin = time.perf_counter()
    with _start([str(STOCK), *size, "--json", str(path)]) as process:
        _require_success(process)
    return time.perf_counter() - begin, json.loads(path.read_text())


def _start(line: list[str]) -> subprocess.Popen:
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, *line], **silent)


def _require_success(process: subprocess.Popen) -> None:
    if process.wait():
        raise SystemExit(f"{' '.join(map(str, process.args))} ended with {process.returncode}")


def main() -> None:
    """Measure interleaved rounds in random order and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="default %(default)s")
    parser.add_argument("--trials", type=int, default=8, metavar="N", help="default %(default)s")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="runs a trial")
    parser.add_argument("--epochs", type=int, default=5, metavar="N", help="of every run")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all raw figures")
    options = parser.parse_args()
    if min(options.rounds, options.trials, options.seeds, options.epochs) < 1:
        parser.error("--rounds, --trials, --seeds and --epochs must be at least 1")
    load, chance, cores = os.getloadavg()[0], random.Random(0), str(usable_cores())
    size = [f"--{name}={getattr(options, name)}" for name in ("trials", "seeds", "epochs")]
    size = [part for item in size for part in item.split("=")]
    stock_name, in_process, workers = "RandomSearch, fit", f"--jobs {cores}", f"--workers {cores}"
    contestants = {
        in_process: lambda folder: ours(folder, size, in_process.split()),
        workers: lambda folder: ours(folder, size, workers.split()),
        stock_name: lambda folder: stock(folder, size),
    }
    raw = []
    for number in range(options.rounds):
        seconds, trials = {}, {}
        for name in chance.sample(list(contestants), len(contestants)):
            with tempfile.TemporaryDirectory() as folder:
                seconds[name], trials[name] = contestants[name](Path(folder))
        if any(values != trials[stock_name] for values in trials.values()):
            raise SystemExit(f"the trials must be the same. Received: {trials}.")
        raw.append(seconds)
        shown = ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
        print(f"round {number + 1} of {options.rounds}: {shown}", file=sys.stderr)
    for name in contestants:
        times = [r[name] for r in raw]
        ratios = [r[name] / r[stock_name] for r in raw]
        hourly = [3600 * options.trials / value for value in times]
        print(
            f"{name}: {spread(times, '.1f')} s; {spread(hourly, '.0f')} trials an hour; "
            f"{spread(ratios, '.2f')} of {stock_name}"
        )
    print(
        f"{options.rounds} rounds of {options.trials} trials, {options.seeds} runs of "
        f"{options.epochs} epochs each; {cores} cores; Python {platform.python_version()}; "
        f"load before: {load:.1f}"
    )
    if options.json:
        about = {"trials": options.trials, "seeds": options.seeds, "epochs": options.epochs}
        options.json.write_text(json.dumps({"about": about | {"load": load}, "rounds": raw}))


if __name__ == "__main__":
    main()
