"""Figures into files, several at a time: drawing takes most of what a stored study takes."""

import contextlib
import multiprocessing
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from keras_mnist.base.errors import StoreError
from keras_mnist.reporting.plots import Figure, as_it_comes, rc_context
from keras_mnist.runs.executors.local import usable_cores

KINDS = ("png", "svg")
_waiting: list[tuple[Figure, Path]] = []  # of a forked process: what is to be drawn, undrawn


@as_it_comes
def save(figures: dict[str, Figure], folder: Path) -> list[Path]:
    """Write each figure as PNG and SVG and return the paths.

    Raises:
        StoreError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        drawn = []
        for name, figure in figures.items():
            if (engine := figure.get_layout_engine()) is not None:
                # Fit the layout once, not once a file: it takes longer than the drawing.
                engine.execute(figure)
                figure.set_layout_engine("none")
            drawn += [(figure, folder / f"{name}.{kind}") for kind in KINDS]
        _write_all(drawn)
    except OSError as error:
        raise StoreError(f"{folder} must be writable", error, "Name another with --out") from None
    return [path for _, path in drawn]


def _write_all(drawn: list[tuple[Figure, Path]]) -> None:
    workers = min(usable_cores(), len(drawn))
    if len(drawn) > len(KINDS) and workers > 1 and _may_fork():
        # The largest first, so that none is left alone in the end.
        drawn = sorted(drawn, key=lambda one: len(one[0].axes), reverse=True)
        fork = multiprocessing.get_context("fork")
        with (
            contextlib.suppress(BrokenProcessPool),  # one was killed: all is drawn here
            ProcessPoolExecutor(workers, fork, _waiting.extend, (drawn,)) as pool,
        ):
            list(pool.map(_write_waiting, range(len(drawn))))
            return
    for figure, path in drawn:
        _write(figure, path)


def _may_fork() -> bool:
    """Return whether a copy of this process is one: no other thread, no TensorFlow's either."""
    alone = threading.active_count() == 1 and "tensorflow" not in sys.modules
    return alone and sys.platform == "linux" and not multiprocessing.current_process().daemon


def _write_waiting(place: int) -> None:
    _write(*_waiting[place])


def _write(figure: Figure, path: Path) -> None:
    # Without a date and with fixed ids, equal results give equal files.
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    # Text stays text: to be searched, read aloud, and drawn in half the time.
    with rc_context({"svg.hashsalt": path.stem, "svg.fonttype": "none"}):
        figure.savefig(path, dpi=120, metadata=metadata)
