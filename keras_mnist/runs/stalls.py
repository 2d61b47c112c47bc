"""Runs that stand still: told once; ended, where the person has said after how long."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

LEAST, TIMES = 60.0, 10  # seconds without an epoch before a word is said; so many usual epochs
LOOK = 2.0  # seconds between two looks


@dataclass
class _Sign:
    """The last that was heard of a run."""

    at: float
    longest: float = 0.0  # time, in seconds, between two signs of it
    told: bool = False


class Stalls:
    """Hears of the epochs of all runs at work and knows which has had none for too long.

    Args:
        usual: from a run to how many seconds an epoch of it should take.
        tell: called once of a run, and as it is ended, with it and what is to be said.
        end: called with a run and the reason when it has stood still for `after` seconds.
        after: seconds; `None`: none is ended.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        usual: Callable[[tuple], float],
        tell: Callable[[tuple, str], None],
        end: Callable[[tuple, str], None],
        after: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._usual, self._tell, self._end = usual, tell, end
        self._after, self._clock = after, clock
        self._signs: dict[tuple, _Sign] = {}
        self._lock = threading.Lock()

    def begun(self, run: tuple) -> None:
        """Hear that a worker takes a run up. Called in any thread."""
        with self._lock:
            self._signs[run] = _Sign(self._clock())

    def epoch(self, run: tuple) -> None:
        """Hear that an epoch of a run is finished. Called in any thread."""
        with self._lock:
            if sign := self._signs.get(run):
                now = self._clock()
                sign.longest = max(sign.longest, now - sign.at)
                sign.at, sign.told = now, False

    def over(self, run: tuple) -> None:
        """Hear that a run is at work no more."""
        with self._lock:
            self._signs.pop(run, None)

    def look(self) -> None:
        """Tell of each run that stands still, or end it."""
        with self._lock:
            signs = list(self._signs.items())
        for run, sign in signs:
            silent = self._clock() - sign.at
            if self._after is not None and silent >= self._after:
                why = f"no epoch for {silent:.0f} s; --stalled-after is {self._after:g}"
                self.over(run)
                self._tell(run, f"{why}: its worker is ended")
                self._end(run, why)
            elif not sign.told and silent >= self._patience(run, sign):
                sign.told = True
                since = time.strftime("%H:%M:%S", time.localtime(time.time() - silent))
                self._tell(run, f"no epoch since {since}: its worker may stand still")

    def _patience(self, run: tuple, sign: _Sign) -> float:
        return max(LEAST, TIMES * max(sign.longest, self._usual(run)))
