"""Several watchers of the same runs."""

from collections.abc import Callable, Iterable
from itertools import chain

from keras_mnist.runs.record import RunRecord
from keras_mnist.runs.run_all import Watcher


class Several(Watcher):
    """Passes on what it hears to each of several watchers."""

    def __init__(self, *watchers: Watcher):
        self._watchers = watchers

    def started(self, run: tuple) -> None:
        """Pass it on."""
        for watcher in self._watchers:
            watcher.started(run)

    def epoch(self, run: tuple, epoch: int, values: dict) -> None:
        """Pass it on."""
        for watcher in self._watchers:
            watcher.epoch(run, epoch, values)

    def told(self, message: str) -> None:
        """Pass it on."""
        for watcher in self._watchers:
            watcher.told(message)

    def finished(self, run: tuple, record: RunRecord, output: str) -> None:
        """Pass it on."""
        for watcher in self._watchers:
            watcher.finished(run, record, output)

    def following(self) -> Iterable[tuple]:
        """Return what any of them wants besides."""
        return list(chain.from_iterable(watcher.following() for watcher in self._watchers))


class Finished(Watcher):
    """Hands on each finished run's record.

    Args:
        take: called with it.
    """

    def __init__(self, take: Callable[[RunRecord], None]):
        self._take = take

    def finished(self, run: tuple, record: RunRecord, output: str) -> None:
        """Hand it on."""
        self._take(record)
