"""Turns side by side: each peer's best settings are chosen, then measured in rounds with ours.

All contestants' processes start first and live until the end; those whose turn it is not sleep. A
contestant whose process dies is left out of all rounds, and the rest goes on.
"""

import contextlib
import random
import statistics
import sys

from peers import FLOORS, OURS, Setting
from processes import Lost

KEPT, NEAR = 2, 1.3  # settings of each peer that are raced; by how much the second may be slower


def best_settings(settings: list[Setting], turns: tuple) -> tuple[list[Setting], dict, dict]:
    """Return the quickest settings, by one turn of each, all seconds, and who is left out and why.

    Args:
        settings: of a peer.
        turns: what `Setting.started` takes: case, data set, epochs, patience.
    """
    seconds, left_out = {}, {}
    for setting in settings:
        try:
            with contextlib.closing(setting.started(*turns)) as contestant:
                wall, _ = contestant.turn(0)
            seconds[setting] = _each(wall, setting, turns)
            said = f"{seconds[setting]:.3f} s a run-epoch"
        except Lost as lost:
            left_out[setting.name] = said = str(lost)
        print(f"tried {setting.name}: {said}", file=sys.stderr)
    quickest = sorted(seconds, key=seconds.get)[:KEPT]
    quickest = [setting for setting in quickest if seconds[setting] <= NEAR * seconds[quickest[0]]]
    return quickest, {setting.name: value for setting, value in seconds.items()}, left_out


def _each(wall: float, setting: Setting, turns: tuple) -> float:
    """Return the seconds of a run-epoch, of those that were trained side by side."""
    _, _, epochs, _ = turns
    return wall / (setting.processes * epochs)


class Race:
    """The rounds.

    Args:
        own: the package's setting and the floors', by name; without them nothing is measured.
        peers: the settings that take part, whichever peer's.
        turns: as `best_settings` takes them.

    Attributes:
        about: what the processes say of their frameworks.
        left_out: by setting, why it could not go on.

    Raises:
        Lost: the package or the floors could not go on.
    """

    def __init__(self, own: dict[str, Setting], peers: list[Setting], turns: tuple):
        self.about, self.left_out = {}, {}
        self._turns, self._chance = turns, random.Random(0)
        self._settings = {setting.name: setting for setting in (*own.values(), *peers)}
        self._running = {}
        try:
            for name, setting in self._settings.items():
                with self._left_out_if_lost(name):
                    self._running[name] = setting.started(*turns)
                    self.about = self._running[name].about | self.about
        except BaseException:
            self.close()
            raise

    def rounds(self, count: int, drift: float) -> list[dict]:
        """Return the raw figures of as many rounds as were quiet, and of those that were not.

        Args:
            count: of rounds that must be quiet; twice as many are tried.
            drift: how much the rate of large products may move within a round, as a share.
        """
        raw = []
        for number in range(2 * count):
            raw.append(self._round(number))
            raw[-1]["kept"] = abs(raw[-1]["drift"]) <= drift
            kept = sum(r["kept"] for r in raw)
            moved = f"drift {raw[-1]['drift']:+.1%}; {kept} of {count} kept"
            print(f"round {number + 1}: {moved}", file=sys.stderr)
            if kept == count:
                break
        return raw

    def _round(self, number: int) -> dict:
        before = self._rates(2 * number)
        seconds, accuracies = {}, {}
        names = [name for name in self._running if name != FLOORS]
        for name in self._chance.sample(names, len(names)):
            with self._left_out_if_lost(name):
                wall, accuracies[name] = self._running[name].turn(number)
                seconds[name] = _each(wall, self._settings[name], self._turns)
        after = self._rates(2 * number + 1)
        mean = {name: (before[name] + after[name]) / 2 for name in before}
        drift = after["peak"] / before["peak"] - 1
        return {"drift": drift, **mean, "seconds": seconds, "train_accuracy": accuracies}

    def _rates(self, number: int) -> dict:
        """Return the mean over all cores of what `floors` measures, all busy at once."""
        _, values = self._running[FLOORS].turn(number)
        mean = {name: statistics.mean(value[name] for value in values) for name in values[0]}
        floors = {name: mean[name] / len(values) for name in mean if name.endswith("floor")}
        return mean | floors

    def close(self) -> None:
        """End all processes."""
        for contestant in self._running.values():
            contestant.close()
        self._running = {}

    @contextlib.contextmanager
    def _left_out_if_lost(self, name: str):
        try:
            yield
        except Lost as lost:
            self._running.pop(name, None)
            if name in (OURS, FLOORS):
                raise Lost(f"{name} {lost}") from None
            self.left_out[name] = str(lost)
