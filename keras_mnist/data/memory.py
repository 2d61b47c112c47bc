"""Whether data fit into memory: asked before they are read, wherever their form says their size."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from keras_mnist.base.errors import DataError, KerasMnistError, shown

_LEAST = 2**28  # bytes that are taken to be free in any case
_REMEDY = "Take fewer or smaller examples, or a machine with more memory"
_COPIES = 2  # of the data in a worker: as it was sent, and as TensorFlow has it
_CONTROL = Path("/sys/fs/cgroup")
# Of both versions of control groups: their folder, the files of the limit and of what is used.
_GROUPS = (
    ("", "memory.max", "memory.current"),
    ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
)


def room() -> int:
    """Return how many bytes one thing may take: half of the memory that is free, for its copy."""
    return free_memory() // 2


def require_room(
    name,
    size: int,
    by: str = "by its header",
    most: int | None = None,
    error: type[KerasMnistError] = DataError,
    remedy: str = _REMEDY,
) -> None:
    """Check that something of `size` bytes can be had and worked with.

    Args:
        name: whose they are, for messages.
        size: in bytes, of all that is to be in memory at once.
        by: how that is known.
        most: what `room()` was before some of it was taken; `None`: what it is.
        error: to be raised.
        remedy: what the person can do.

    Raises:
        KerasMnistError: it would take more than there is room for; it is an `error`.
    """
    if size > (most := room() if most is None else most):
        raise error(
            f"{name} must take at most {gigabytes(most)}, half of the memory that is free",
            f"{gigabytes(size)} {by}",
            remedy,
        )


@contextlib.contextmanager
def want_of_memory_told(name) -> Iterator[None]:
    """Say it where there was no room after all, for a copy that nobody counts.

    Args:
        name: what it is made of, for messages.

    Raises:
        DataError: in place of a `MemoryError`.
    """
    try:
        yield
    except MemoryError as error:
        received = shown(error) or "an allocation that failed"
        raise DataError(
            f"{name} must fit into the memory that is free", received, _REMEDY
        ) from None


def require_room_for_workers(dataset, jobs: int) -> None:
    """Check that the workers of this machine can have the data, each its own.

    Args:
        dataset: a `Dataset`.
        jobs: how many workers there are to be.

    Raises:
        DataError: all together they would take more memory than is free.
    """
    arrays = (dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    each = _COPIES * sum(array.nbytes for array in arrays)
    if jobs * each > (free := free_memory()):
        fitting = free // each
        raise DataError(
            f"{dataset.name}, as {jobs:,} workers need it, must take at most {gigabytes(free)}, "
            "the memory that is free",
            f"{gigabytes(jobs * each)}, {gigabytes(each)} a worker",
            f"Try --jobs {fitting}" if fitting else "Take fewer or smaller examples",
        )


def free_memory() -> int:
    """Return how many bytes are free for this process, by the system and its control groups."""
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError, IndexError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        told = next(line for line in lines if line.startswith("MemAvailable:"))
        free = int(told.split()[1]) * 1024
    return max(min([free, *_allowed()]), _LEAST)


def _allowed(control: Path = _CONTROL, own: Path = Path("/proc/self/cgroup")) -> Iterator[int]:
    """Yield what each control group around this process leaves it, in bytes.

    Args:
        control: where the groups lie.
        own: the file that says in which of them this process is.
    """
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        kinds, _, place = line.partition(":")[2].partition(":")
        for kind, most, used in _GROUPS:
            if kind in kinds.split(","):
                root = control / kind
                inner = root / place.strip("/")  # of the machine, in a container: then the root's
                for group in (inner, *inner.parents):
                    if group.is_relative_to(root):
                        yield from _left(group, most, used)


def _left(group: Path, most: str, used: str) -> Iterator[int]:
    """Yield what a group leaves where it has a limit; files in the cache make room if need be."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        left = int((group / most).read_text()) - int((group / used).read_text())
        stat = (group / "memory.stat").read_text().splitlines()
        cached = [int(line.split()[1]) for line in stat if line.startswith("inactive_file ")]
        yield left + sum(cached)


def gigabytes(size: int) -> str:
    """Return a size in bytes as people read it."""
    return f"{size / 1e9:,.2f} GB" if size >= 10**7 else f"{size:,} bytes"
