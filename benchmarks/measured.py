"""What was measured of one network: figures of the rounds, and what is printed of them."""

import statistics
from dataclasses import dataclass, field, fields

from peers import OURS
from rounds import spread

FLOORS = {"floor": "floor: large products' rate", "tighter floor": "tighter floor: own shapes"}


@dataclass
class Measured:
    """A network's figures.

    Attributes:
        train: how many images an epoch has.
        differences: from Keras's layers, by contestant.
        tried: seconds of one turn, by setting.
        left_out: by peer or setting, why it did not take part.
        rounds: raw.
        settings: by peer, the names of the settings that were raced.
    """

    train: int
    differences: dict = field(default_factory=dict)
    tried: dict = field(default_factory=dict)
    left_out: dict = field(default_factory=dict)
    rounds: list = field(default_factory=list)
    settings: dict = field(default_factory=dict)

    @classmethod
    def of(cls, plain: dict) -> "Measured":
        """Return the figures that plain data hold, which may hold more."""
        return cls(**{one.name: plain[one.name] for one in fields(cls)})

    @property
    def kept(self) -> list[dict]:
        """The rounds that were quiet."""
        return [r for r in self.rounds if r["kept"]]

    @property
    def seconds(self) -> dict[str, list[float]]:
        """Seconds a run-epoch in each round, by setting, of those who finished all rounds."""
        # The order of a round is drawn; here ours comes first.
        names = sorted(self.kept[0]["seconds"], key=lambda n: (n != OURS, n)) if self.kept else ()
        finished = [name for name in names if name not in self.left_out]
        return {name: [r["seconds"][name] for r in self.kept] for name in finished}

    @property
    def best(self) -> dict[str, str]:
        """By peer, its quickest setting."""
        seconds = self.seconds
        found = {}
        for peer, names in self.settings.items():
            there = [name for name in names if name in seconds]
            if there:
                found[peer] = min(there, key=lambda name: statistics.median(seconds[name]))
        return found

    @property
    def ratios(self) -> dict[str, list[float]]:
        """Ours by each peer at its best, the best of all peers, and the floors, in each round."""
        if not self.kept:
            return {}
        seconds, best = self.seconds, self.best
        others = {peer: seconds[name] for peer, name in best.items()}
        if others:
            others["best peer"] = min(others.values(), key=statistics.median)
        others |= {name: [r[name] for r in self.kept] for name in FLOORS}
        return {
            name: [a / b for a, b in zip(seconds[OURS], theirs, strict=True)]
            for name, theirs in others.items()
        }

    def full_seconds(self, peer: str) -> float | None:
        """Return a contestant's median for 60,000 images, or `None` where there is no figure."""
        name = OURS if peer == OURS else self.best.get(peer)
        if name not in self.seconds:
            return None
        return statistics.median(self.seconds[name]) * 60_000 / self.train

    def show(self, console) -> None:
        """Print who took part, and the seconds and ratios."""
        from rich.table import Table

        for name, reason in self.left_out.items():
            console.print(f"Left out: {name}: {reason}")
        if not self.kept:
            console.print(f"None of {len(self.rounds)} rounds was quiet enough to be kept.")
            return
        table = Table("contestant", "seconds a run-epoch", "keras_mnist / it")
        below = {words: [r[name] for r in self.kept] for name, words in FLOORS.items()}
        ours = self.seconds[OURS]
        for name, theirs in (self.seconds | below).items():
            shares = [a / b for a, b in zip(ours, theirs, strict=True)]
            table.add_row(name, spread(theirs, ".3f"), spread(shares, ".3f"))
        console.print(table)
        console.print("Medians over rounds (least to greatest); ratios within each round.")
        for peer, name in self.best.items():
            count = sum(tried.startswith(peer) for tried in self.tried)
            console.print(f"Best of {count} settings of {peer}: {name}.")
        for name, values in self.ratios.items():
            console.print(f"ours / {name}: {spread(values, '.3f')}")
        peaks, widths = ([r[name] / 1e9 for r in self.kept] for name in ("peak", "bandwidth"))
        console.print(
            f"A core, all busy: {spread(peaks, '.1f')} GFLOP/s, {spread(widths, '.1f')} GB/s; "
            f"{self.kept[0]['flop_a_step'] / 1e6:.1f} MFLOP a step. "
            f"{len(self.rounds) - len(self.kept)} of {len(self.rounds)} rounds dropped."
        )
