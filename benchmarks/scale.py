"""What the driver, the plan, the store and the report cost with up to 100,000 runs.

No network is trained: a stub in the driver's own process takes the workers' place. Records are
synced one by one, as ever. Each part (scale_parts.py) runs in a fresh process, on the store that
the parts before it left, and says the most memory that it held. Times are those of the processor,
which other work on the machine changes little, and the wait for the disk.
"""

import argparse
import itertools
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from scale_parts import EXPERIMENTS, PARTS

_PARTS = Path(__file__).with_name("scale_parts.py")


def all_parts(runs: int, folder: Path) -> dict[str, dict]:
    """Do all parts that `folder` has no figures of, each in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = folder / "figures.json"
    found = json.loads(figures.read_text()) if figures.exists() else {}
    for part in PARTS:
        if part not in found:
            line = [sys.executable, str(_PARTS), part, str(runs), str(folder)]
            done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True)
            found[part] = json.loads(done.stdout)
            figures.write_text(json.dumps(found, indent=1))
            print(f"{runs} runs, {part}: {found[part]['seconds']:.1f} s", file=sys.stderr)
    return found


def rows(raw: dict[int, dict]) -> dict[str, dict[int, tuple[float, float]]]:
    """Return seconds and MiB by row of the table and number of runs."""
    found = {}
    for runs, parts in raw.items():
        for part, figures in parts.items():
            found.setdefault(part, {})[runs] = figures["seconds"], figures["mib"]
            if "synced" in figures:
                found.setdefault(f"{part}, waiting", {})[runs] = figures["synced"], 0.0
    return found


def show(raw: dict[int, dict]) -> None:
    """Print the table."""
    sizes = list(raw)
    grid = Table("part", *(f"{n:,} runs" for n in sizes), "a run, at most", "growth")
    for row, figures in rows(raw).items():
        cells = [f"{s:.2f} s" + (f", {mib:.0f} MiB" if mib else "") for s, mib in figures.values()]
        a_run = max(seconds / n for n, (seconds, _) in figures.items())
        steps = [
            f"{math.log(figures[b][0] / figures[a][0]) / math.log(b / a):.2f}"
            for a, b in itertools.pairwise(sizes)
        ]
        grid.add_row(row, *cells, f"{1e6 * a_run:.0f} µs", ", ".join(steps) or "–")
    Console(width=140).print(grid)
    print(
        "Seconds of the processor; waiting: for the disk, until each record is there (fsync).\n"
        "growth: the exponent with which the time grew from one size to the next; 1 is linear."
    )


def main() -> None:
    """Measure every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = [1_000, 10_000, 100_000]
    parser.add_argument("runs", nargs="*", type=int, default=sizes, metavar="N", help="how many")
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="keep stores and figures, and go on from there"
    )
    options = parser.parse_args()
    if min(options.runs) < 2 * EXPERIMENTS:
        parser.error(f"there must be at least {2 * EXPERIMENTS} runs")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        show({runs: all_parts(runs, folder / str(runs)) for runs in sorted(set(options.runs))})
    print(f"Python {platform.python_version()}; load before: {load:.1f}")


if __name__ == "__main__":
    main()
